"""The peers' side of `make bench-place`: ClickHouse (chdb) and polars-h3 on the points that Kayoi gets.

In: one peer, points as a Parquet file, borders as GeoJSON lines. Out: one line of JSON with seconds, rates and
sums that tell whether two peers answered alike. Each peer runs in a process of its own, so that its memory is
its own. The points lie in memory before the clock starts, as they do for Kayoi.
"""

import argparse
import json
import resource
import statistics
import time

RUNS = 3

# One polygon a row, since the dictionary indexes rows; the first ring is the exterior.
BORDERS = """
    CREATE TABLE bench.borders ENGINE = Memory AS
    SELECT properties.1 AS code, arrayJoin(geometry.1) AS polygon
    FROM file('{borders}', 'JSONEachRow',
              'properties Tuple(code String), geometry Tuple(coordinates Array(Array(Array(Array(Float64)))))')
    SETTINGS input_format_skip_unknown_fields = 1
"""
UNITS = "CREATE TABLE bench.units ENGINE = Memory AS SELECT [polygon] AS key, toUInt32(code) AS code FROM bench.borders"
DICTIONARY = """
    CREATE DICTIONARY bench.place (key Array(Array(Array(Array(Float64)))), code UInt32)
    PRIMARY KEY key
    SOURCE(CLICKHOUSE(DB 'bench' TABLE 'units'))
    LAYOUT(POLYGON_INDEX_CELL()) LIFETIME(0)
"""
# geoToH3 takes the latitude first since 25.5; the setting brings the older order back and is left alone.
CELL = "sum(geoToH3(latitude, longitude, 9)), 0, 0"
CODE = "dictGetOrDefault('bench.place', 'code', (longitude, latitude), 0)"
QUESTIONS = {
    "clickhouse-cell": CELL,
    "clickhouse-municipality": f"0, countIf({CODE} > 0), sum({CODE})",
    "clickhouse": f"sum(geoToH3(latitude, longitude, 9)), countIf({CODE} > 0), sum({CODE})",
}


def timed(run):
    run()
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        answers = run()
        seconds.append(time.perf_counter() - started)
    return sorted(seconds), answers


def report(peer, order, threads, points, open_seconds, run):
    seconds, (cells, located, codes) = timed(run)
    print(json.dumps({
        "order": order, "peer": peer, "threads": threads, "points": points, "seconds": seconds,
        "million_points_per_s": points / statistics.median(seconds) / 1e6, "open_s": open_seconds,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, "cells": cells % 2**64,
        "located": located, "codes": codes,
    }), flush=True)


def clickhouse(options):
    """ClickHouse in this process: the cell first, then with the dictionary the municipality and both."""
    from chdb import session

    database = session.Session()

    def query(sql):
        return str(database.query(sql, "TSV")).strip()

    query("CREATE DATABASE bench ENGINE = Atomic")
    counts = {}
    for order, path in options.points:
        query(f"CREATE TABLE bench.{order} ENGINE = Memory AS SELECT latitude, longitude FROM file('{path}')")
        counts[order] = int(query(f"SELECT count() FROM bench.{order}"))
    open_seconds = 0.0
    for peer, columns in QUESTIONS.items():
        if peer == "clickhouse-municipality":
            query(BORDERS.format(borders=options.borders))
            query(UNITS)
            query(DICTIONARY)
            started = time.perf_counter()
            query("SYSTEM RELOAD DICTIONARY bench.place")
            open_seconds = time.perf_counter() - started
        for order, count in counts.items():
            for threads in options.threads:
                sql = f"SELECT {columns} FROM bench.{order} SETTINGS max_threads = {threads}"
                run = lambda sql=sql: [int(number) for number in query(sql).split("\t")]
                report(peer, order, threads, count, open_seconds, run)


def polars_h3(options):
    """polars with its H3 plug-in; its threads are set before it starts."""
    import polars
    import polars_h3 as plugin

    for order, path in options.points:
        points = polars.read_parquet(path)
        cell = plugin.latlng_to_cell("latitude", "longitude", 9)

        def run(points=points, cell=cell):
            cells = points.select(cell=cell)["cell"].cast(polars.UInt64).to_numpy()
            return [int(cells.sum(dtype="uint64")), 0, 0]

        report("polars-h3", order, polars.thread_pool_size(), len(points), 0.0, run)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=["clickhouse", "polars-h3"])
    parser.add_argument("--points", nargs="+", required=True, metavar="ORDER=FILE", type=lambda text: text.split("=", 1),
                        help="Parquet files with the columns latitude and longitude")
    parser.add_argument("--borders", help="GeoJSON lines, one multipolygon each, attribute `code`")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    options = parser.parse_args()
    clickhouse(options) if options.peer == "clickhouse" else polars_h3(options)


if __name__ == "__main__":
    main()
