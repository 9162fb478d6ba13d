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
DICTIONARY = """
    CREATE DICTIONARY bench.place (key Array(Array(Array(Array(Float64)))), code UInt32)
    PRIMARY KEY key
    SOURCE(CLICKHOUSE(DB 'bench' TABLE 'units'))
    LAYOUT(POLYGON_INDEX_CELL()) LIFETIME(0)
"""
# geoToH3 takes the latitude first since 25.5; the setting brings the older order back and is left alone.
CELL = "geoToH3(latitude, longitude, 9)"
CODE = "dictGetOrDefault('bench.place', 'code', (longitude, latitude), 0)"


def timed(run):
    run()
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        answers = run()
        seconds.append(time.perf_counter() - started)
    return sorted(seconds), answers


class ClickHouse:
    """ClickHouse in this process."""

    def __init__(self, what, borders, points, threads):
        from chdb import session

        self.session = session.Session()
        self.threads = threads
        self.query("CREATE DATABASE bench ENGINE = Atomic")
        self.query(f"CREATE TABLE bench.points ENGINE = Memory AS SELECT latitude, longitude FROM file('{points}')")
        self.load_seconds = 0.0
        if what != "cell":
            self.query(BORDERS.format(borders=borders))
            self.query("CREATE TABLE bench.units ENGINE = Memory AS SELECT [polygon] AS key, toUInt32(code) AS code FROM bench.borders")
            self.query(DICTIONARY)
            started = time.perf_counter()
            self.query("SYSTEM RELOAD DICTIONARY bench.place")
            self.load_seconds = time.perf_counter() - started
        cells = f"sum({CELL})" if what != "municipality" else "0"
        codes = f"countIf({CODE} > 0), sum({CODE})" if what != "cell" else "0, 0"
        self.sql = f"SELECT {cells}, {codes} FROM bench.points"

    def query(self, sql):
        return str(self.session.query(f"{sql} {self.settings(sql)}", "TSV")).strip()

    def settings(self, sql):
        return f"SETTINGS max_threads = {self.threads}" if sql.startswith("SELECT") else ""

    def run(self):
        return [int(number) for number in self.query(self.sql).split("\t")]


class PolarsH3:
    """polars with its H3 plug-in."""

    load_seconds = 0.0

    def __init__(self, _what, _borders, points, _threads):
        import polars
        import polars_h3

        self.points = polars.read_parquet(points)
        self.cell = polars_h3.latlng_to_cell("latitude", "longitude", 9)
        self.number = polars.UInt64

    def run(self):
        cells = self.points.select(cell=self.cell)["cell"].cast(self.number).to_numpy()
        return [int(cells.sum(dtype="uint64")), 0, 0]


PEERS = {
    "clickhouse": lambda *rest: ClickHouse("both", *rest),
    "clickhouse-cell": lambda *rest: ClickHouse("cell", *rest),
    "clickhouse-municipality": lambda *rest: ClickHouse("municipality", *rest),
    "polars-h3": lambda *rest: PolarsH3("cell", *rest),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("--points", required=True, help="Parquet with the columns latitude and longitude")
    parser.add_argument("--borders", help="GeoJSON lines, one multipolygon each, attribute `code`")
    parser.add_argument("--count", type=int, required=True, help="number of points")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    peer = PEERS[options.peer](options.borders, options.points, options.threads)
    seconds, (cells, located, codes) = timed(peer.run)
    print(json.dumps({
        "peer": options.peer, "threads": options.threads, "points": options.count, "seconds": seconds,
        "million_points_per_s": options.count / statistics.median(seconds) / 1e6, "open_s": peer.load_seconds,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, "cells": cells % 2**64,
        "located": located, "codes": codes,
    }))


if __name__ == "__main__":
    main()
