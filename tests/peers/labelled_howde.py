"""Homes and work places by HoWDe from the labelled stops, as a peer to Kayoi's residences.

In: the stops' Parquet (useruuid, loc, start, end in local epoch seconds; the labels are not handed on). Out: a line of
JSON for each person and day with a stop: user, day, homes, work, in the form that labelled_report.py measures.
"""

import argparse
import json
import os
import pathlib
import sys
import time

# Python's workers of Spark otherwise take whatever `python3` is first in the path.
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)

from howde import HoWDe_labelling
from pyspark.sql import SparkSession

# HoWDe's own tutorial asks for less coverage than its defaults, and stretches the windows for labels of annotators, who
# saw a person's whole time at once.
WINDOWS = {
    "default": {},
    "tutorial": {"C_days_H": 0.3},
    "annotators": {"range_window_home": 730, "range_window_work": 730, "C_hours": 0.4, "C_days_H": 0.2, "C_days_W": 0.2,
                   "f_hours_H": 0.7, "f_hours_W": 0.4, "f_days_W": 0.8},
}


def session(threads, memory):
    builder = SparkSession.builder.master(f"local[{threads}]").appName("accuracy-howde")
    settings = {
        "spark.driver.memory": memory, "spark.ui.enabled": "false",
        # The stops' times are local already: any other zone would shift the nights.
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(2 * threads), "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def days(spark, stops, windows):
    """One row a person and day: HoWDe gives a day one home and one work place, or none."""
    given = stops.select("useruuid", "loc", "start", "end").repartition("useruuid")
    labelled = HoWDe_labelling(given, output_format="stop", **WINDOWS[windows])
    return (labelled.selectExpr("CAST(useruuid AS STRING) AS user", "date_format(date, 'yyyy-MM-dd') AS day",
                                "detect_H_loc AS home", "detect_W_loc AS work")
            .distinct().toPandas().sort_values(["user", "day"]))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stops", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--windows", choices=sorted(WINDOWS), default="default")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="4g")
    return parser.parse_args()


def main():
    options = arguments()
    options.stops, options.out = options.stops.resolve(), options.out.resolve()
    # Spark leaves a folder where it is started.
    os.chdir(options.out.parent)
    spark = session(options.threads, options.memory)
    started = time.monotonic()
    found = days(spark, spark.read.parquet(str(options.stops)), options.windows)
    with options.out.open("w", encoding="utf-8") as lines:
        for row in found.itertuples(index=False):
            homes = [row.home] if isinstance(row.home, str) else []
            work = row.work if isinstance(row.work, str) else None
            lines.write(json.dumps({"user": row.user, "day": row.day, "homes": homes, "work": work}) + "\n")
    print(f"howde {options.windows}: {len(found)} days in {time.monotonic() - started:.0f} s", file=sys.stderr)
    spark.stop()


if __name__ == "__main__":
    main()
