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
# The dictionary lays a grid over the box around all polygons. Depending on where its lines fall, whole
# municipalities go missing (ClickHouse 26.9: 26 of 100 points on land). Two squares at sea, of code 0, move it
# to where less is lost; the report still compares the answers.
CORNERS = [(120.7398986, 20.922325), (155.0290052, 47.4656247)]
SQUARE = "INSERT INTO bench.units VALUES ([[[[{x}, {y}], [{x}, {n}], [{e}, {n}], [{e}, {y}], [{x}, {y}]]]], 0)"
UNITS = "CREATE TABLE bench.units ENGINE = Memory AS SELECT [polygon] AS key, toUInt32(code) AS code FROM bench.borders"
DICTIONARY = """
    CREATE DICTIONARY bench.place (key Array(Array(Array(Array(Float64)))), code UInt32)
    PRIMARY KEY key
    SOURCE(CLICKHOUSE(DB 'bench' TABLE 'units'))
    LAYOUT({layout}()) LIFETIME(0)
"""
# The faster one, and the one that loses fewer points.
LAYOUTS = {"": "POLYGON_INDEX_CELL", "-each": "POLYGON_INDEX_EACH"}
# Reading the points alone, to be subtracted by whoever wants to.
READ = "sum(latitude) > 0, sum(longitude) > 0, 0"
# geoToH3 took the longitude first once; the setting is named so that a server's default does not decide.
SETTINGS = "max_threads = {threads}, geotoh3_argument_order = 'lat_lon'"
CELL = "sum(geoToH3(latitude, longitude, 9)), 0, 0"
CODE = "dictGetOrDefault('bench.place', 'code', (longitude, latitude), 0)"
ALONE = {"clickhouse-read": READ, "clickhouse-cell": CELL}
PLACED = {
    "clickhouse-municipality": f"0, countIf({CODE} > 0), sum({CODE})",
    "clickhouse": f"sum(geoToH3(latitude, longitude, 9)), countIf({CODE} > 0), sum({CODE})",
}


def timed(run):
    """Sorted seconds, processor seconds of one run, and what it answered."""
    run()
    seconds, before = [], processor_seconds()
    for _ in range(RUNS):
        started = time.perf_counter()
        answers = run()
        seconds.append(time.perf_counter() - started)
    return sorted(seconds), (processor_seconds() - before) / RUNS, answers


def processor_seconds():
    """Of all threads: above the seconds only if threads really ran side by side; unmoved by other programs."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def report(peer, order, threads, points, open_seconds, run):
    seconds, processor, (cells, located, codes) = timed(run)
    print(json.dumps({
        "order": order, "peer": peer, "threads": threads, "points": points, "seconds": seconds,
        "processor_s": processor,
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

    def ask(questions, suffix, open_seconds):
        for peer, columns in questions.items():
            for order, count in counts.items():
                for threads in options.threads:
                    sql = f"SELECT {columns} FROM bench.{order} SETTINGS {SETTINGS.format(threads=threads)}"

                    def run(sql=sql):
                        return [int(number) for number in query(sql).split("\t")]

                    report(peer + suffix, order, threads, count, open_seconds, run)

    ask(ALONE, "", 0.0)
    query(BORDERS.format(borders=options.borders))
    query(UNITS)
    for x, y in CORNERS:
        query(SQUARE.format(x=x, y=y, e=x + 0.001, n=y + 0.001))
    for suffix, layout in LAYOUTS.items():
        query("DROP DICTIONARY IF EXISTS bench.place")
        query(DICTIONARY.format(layout=layout))
        started = time.perf_counter()
        query("SYSTEM RELOAD DICTIONARY bench.place")
        ask(PLACED, suffix, time.perf_counter() - started)


def polars_h3(options):
    """polars with its H3 plug-in; its threads are set before it starts."""
    import polars
    import polars_h3 as plugin

    for order, path in options.points:
        points = polars.read_parquet(path)
        # A plug-in runs once a chunk, and a small file is one chunk: two threads need two.
        half = len(points) // 2
        points = polars.concat([points[:half].rechunk(), points[half:].rechunk()], rechunk=False)
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
