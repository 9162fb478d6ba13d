"""Kayoi's rules of what a valid ping is, as one SQL condition that Spark and ClickHouse both read.

In: nothing. Out: the condition, and what makes the stored columns. Kept beside `ingest/src/validate.rs`: the
report compares how many pings each stored. The peers drop what fails; Kayoi also writes down why.
"""

EARLIEST_MS = 946_684_800_000
DAY_MS = 86_400_000
WEST, SOUTH, EAST, NORTH = 122.9, 20.4, 154.0, 45.6
MAX_ACCURACY_M = 200


def valid(now_ms, matches):
    """`matches` makes a regular-expression test of the dialect from a value and a pattern.

    The box around Japan leaves out what Kayoi rejects as out of range, exchanged, null island or not finite.
    """
    no_id = matches("trim(device_id)", "^[-0{}]*$")
    coarse = [f"round({name} * 1e7) % 10000 = 0" for name in ("latitude", "longitude")]
    return (
        f"device_id IS NOT NULL AND NOT {no_id}"
        f" AND timestamp BETWEEN {EARLIEST_MS} AND {now_ms + DAY_MS}"
        f" AND latitude BETWEEN {SOUTH} AND {NORTH} AND longitude BETWEEN {WEST} AND {EAST}"
        f" AND NOT ({' AND '.join(coarse)})"
        f" AND (horizontal_accuracy IS NULL OR horizontal_accuracy BETWEEN 0 AND {MAX_ACCURACY_M})"
    )


# 04:00 in Japan starts a day: nine hours ahead of UTC, four later.
LOCAL_DAY_SHIFT_S = (9 - 4) * 3600
