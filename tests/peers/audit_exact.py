"""The exact counts of a simulated nation, which no reader has: what an audit compares with.

In: Parquet files of the internal table `indicators` of one month. Out: devices by figure. Only a test reads them.
"""

import duckdb

from audit_decode import AREA_KINDS, BLOCKS, KINDS, ORIGINS

DAYS = {"days_1": 1, "days_2": 2, "days_3_7": 3, "days_8_23": 8, "days_24_plus": 24}
RUNG = {"visitor": 0, "repeat": 1, "connected": 2}
READ = """
    SELECT area_code, left(origin_code, 2) AS origin, class, sum(value)
    FROM read_parquet(?) WHERE cube = ? AND list_contains(?, left(area_code, 2)) GROUP BY ALL
"""


def is_in(found, kind):
    """Whether a class of ties is counted in a kind."""
    if kind in DAYS:
        return int(found["visit_days"]) == DAYS[kind]
    return int(found["rung"]) >= RUNG[kind] if kind in RUNG else found[kind] == "1"


def exact(files, prefectures):
    """Devices by (area, kind, origin); origins are prefectures, blocks and `all`."""
    counts, towns = {}, set()
    connection = duckdb.connect(config={"threads": 1})
    for cube, kinds in (("connected_monthly", KINDS), ("connected_totals_monthly", AREA_KINDS)):
        for area, origin, text, value in connection.execute(READ, [files, cube, prefectures]).fetchall():
            found = dict(part.split("=") for part in text.split("/"))
            towns |= {area} if cube == "connected_monthly" else set()
            for kind in filter(lambda kind: is_in(found, kind), kinds):
                for place in (origin, "all"):
                    counts[area, kind, place] = counts.get((area, kind, place), 0) + int(value)
    for town in towns:
        for kind in KINDS:
            for block, origins in BLOCKS.items():
                counts[town, kind, block] = sum(counts.get((town, kind, origin), 0) for origin in origins)
            for place in ("all", *ORIGINS):
                counts.setdefault((town, kind, place), 0)
    return counts
