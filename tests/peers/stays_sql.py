"""The engines' side of `make bench-stays`: stays by gaps and islands in DuckDB, ClickHouse (chdb) and Polars.

In: one Parquet file of placed pings, sorted by (device_id, timestamp), one ping for each instant of a device. Out:
one line of JSON a run, with seconds from the file to the answer, processor seconds, memory, and sums that tell
whether two engines found the same stays.

A stay here is what SQL can say: consecutive pings of a device in one H3 cell, gaps of at most six hours, two pings
or more. Each engine answers in several ways, since the one in every textbook (a running sum of starts, then a
grouping) is not its fastest. `groups` and `edges` say the order themselves; the ways with `in-order` trust the order
of the file, as Kayoi does. `edges` keeps the first and the last ping of each stay and joins them, so that nothing is
grouped; it takes the first ping's municipality, the others any that is there.
"""

import argparse
import json
import os
import resource
import time

GAP_US = 6 * 3600 * 1_000_000
# Every column of a stay is asked for, so that no engine leaves one out.
ANSWER = ["stays", "stay_us", "pings_in_stays", "municipalities", "cells", "devices"]

# Differences of microseconds: an interval added to a timestamp with a zone goes through the calendar.
DUCKDB_SUMS = """SELECT count(*), sum(departure - arrival), sum(pings), count(municipality), sum(cell::HUGEINT),
    sum(device_id::HUGEINT) FROM stays"""
DUCKDB_PINGS = "pings AS (SELECT device_id, epoch_us(timestamp) AS t, cell, municipality_code FROM '{pings}')"
DUCKDB_ORDER = "PARTITION BY device_id ORDER BY t"
DUCKDB_STARTS = "cell IS DISTINCT FROM lag(cell) OVER ({order}) OR t - lag(t) OVER ({order}) > {gap}"
DUCKDB_ENDS = "cell IS DISTINCT FROM lead(cell) OVER ({order}) OR lead(t) OVER ({order}) - t > {gap}"
DUCKDB_GROUPS = f"""
    WITH {DUCKDB_PINGS},
    marked AS (SELECT *, {DUCKDB_STARTS} AS starts FROM pings),
    numbered AS (SELECT *, sum(starts::INTEGER) OVER ({{order}} ROWS UNBOUNDED PRECEDING) AS island FROM marked),
    stays AS (
        SELECT device_id, min(t) AS arrival, max(t) AS departure, any_value(cell) AS cell,
            any_value(municipality_code) AS municipality, count(*) AS pings
        FROM numbered GROUP BY device_id, island HAVING count(*) >= 2)
    {DUCKDB_SUMS}
"""
# After the pings in between are gone, the next row of a start is its end.
DUCKDB_EDGES = f"""
    WITH {DUCKDB_PINGS},
    marked AS (SELECT *, {DUCKDB_STARTS} AS starts, {DUCKDB_ENDS} AS ends, row_number() OVER ({{order}}) AS row FROM pings),
    edges AS (SELECT * FROM marked WHERE starts <> ends),
    joined AS (
        SELECT device_id, t AS arrival, lead(t) OVER ({{order}}) AS departure, cell,
            municipality_code AS municipality, lead(row) OVER ({{order}}) - row + 1 AS pings, starts
        FROM edges),
    stays AS (SELECT * FROM joined WHERE starts)
    {DUCKDB_SUMS}
"""
DUCKDB_DEVICE = "device_id IS DISTINCT FROM {step}(device_id) OVER () OR "
# Without an order of its own a window streams over the file, whose order DuckDB keeps.
DUCKDB_IN_ORDER = DUCKDB_EDGES.replace(DUCKDB_STARTS, DUCKDB_DEVICE.format(step="lag") + DUCKDB_STARTS).replace(
    DUCKDB_ENDS, DUCKDB_DEVICE.format(step="lead") + DUCKDB_ENDS)
DUCKDB = {
    "groups": DUCKDB_GROUPS.replace("{order}", DUCKDB_ORDER),
    "edges": DUCKDB_EDGES.replace("{order}", DUCKDB_ORDER),
    "edges-in-order": DUCKDB_IN_ORDER.replace("{order}", ""),
}

CLICKHOUSE_SUMS = """SELECT count(), sum(departure - arrival), sum(pings), count(municipality), sum(toInt128(cell)),
    sum(toInt128(device_id)) FROM"""
CLICKHOUSE_PINGS = """(SELECT device_id, toUnixTimestamp64Micro(timestamp) AS t, cell AS c, municipality_code AS m
    FROM file('{pings}', Parquet))"""
CLICKHOUSE_ORDER = "(PARTITION BY device_id ORDER BY t ROWS BETWEEN {frame})"
CLICKHOUSE_BEFORE = CLICKHOUSE_ORDER.replace("{frame}", "1 PRECEDING AND CURRENT ROW")
CLICKHOUSE_AFTER = CLICKHOUSE_ORDER.replace("{frame}", "CURRENT ROW AND 1 FOLLOWING")
CLICKHOUSE_SO_FAR = CLICKHOUSE_ORDER.replace("{frame}", "UNBOUNDED PRECEDING AND CURRENT ROW")
CLICKHOUSE_ALL = CLICKHOUSE_ORDER.replace("{frame}", "UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING")
# Beyond the edge of a partition these functions give 0, which is no cell: the first ping of a device starts a stay.
CLICKHOUSE_STARTS = "c <> lagInFrame(c) OVER {window} OR t - lagInFrame(t) OVER {window} > {gap}"
CLICKHOUSE_ENDS = "c <> leadInFrame(c) OVER {window} OR leadInFrame(t) OVER {window} - t > {gap}"
CLICKHOUSE = {
    "groups": f"""{CLICKHOUSE_SUMS} (
        SELECT device_id, min(t) AS arrival, max(t) AS departure, any(c) AS cell, any(m) AS municipality, count() AS pings
        FROM (SELECT *, sum(starts) OVER {CLICKHOUSE_SO_FAR} AS island
            FROM (SELECT *, {CLICKHOUSE_STARTS.replace('{window}', CLICKHOUSE_BEFORE)} AS starts FROM {CLICKHOUSE_PINGS}))
        GROUP BY device_id, island HAVING pings >= 2)""",
    # One frame for all windows: ClickHouse then goes over the pings once.
    "edges": f"""{CLICKHOUSE_SUMS} (
        SELECT device_id, t AS arrival, next_t AS departure, c AS cell, m AS municipality, next_row - row + 1 AS pings
        FROM (SELECT *, leadInFrame(t) OVER {CLICKHOUSE_AFTER} AS next_t, leadInFrame(row) OVER {CLICKHOUSE_AFTER} AS next_row
            FROM (SELECT *, {CLICKHOUSE_STARTS} AS starts, {CLICKHOUSE_ENDS} AS ends, row_number() OVER {{window}} AS row
                FROM {CLICKHOUSE_PINGS})
            WHERE starts <> ends)
        WHERE starts)""".replace("{window}", CLICKHOUSE_ALL),
    # Sorted again, since threads hand their pings to a group in an order of their own.
    "arrays": f"""{CLICKHOUSE_SUMS} (
        SELECT device_id, stay[1].1 AS arrival, stay[-1].1 AS departure, stay[1].2 AS cell, stay[1].3 AS municipality,
            length(stay) AS pings
        FROM (SELECT device_id, arrayJoin(arraySplit((ping, before) -> ping.2 <> before.2 OR ping.1 - before.1 > {{gap}},
                all, arrayPushFront(arrayPopBack(all), all[1]))) AS stay
            FROM (SELECT device_id, arraySort(groupArray((t, c, m))) AS all FROM {CLICKHOUSE_PINGS} GROUP BY device_id))
        WHERE pings >= 2)""",
    # Columns as arrays of their own, which ClickHouse goes through faster than tuples. It promises the order of a
    # group in one thread only; whether it kept it is seen in the sums.
    "arrays-in-order": f"""{CLICKHOUSE_SUMS} (
        SELECT device_id, arrival, departure, cell, nullIf(m, '') AS municipality, last - first + 1 AS pings
        FROM (SELECT device_id,
                arrayFilter((row, starts) -> starts, arrayEnumerate(ts), arrayMap((t, t0, c, c0) -> c <> c0 OR t - t0 > {{gap}},
                    ts, arrayPushFront(arrayPopBack(ts), ts[1]), cs, arrayPushFront(arrayPopBack(cs), toInt64(0)))) AS firsts,
                arrayPushBack(arrayMap(row -> row - 1, arrayPopFront(firsts)), toInt64(length(ts))) AS lasts,
                arrayMap(row -> ts[row], firsts) AS arrivals, arrayMap(row -> ts[row], lasts) AS departures,
                arrayMap(row -> cs[row], firsts) AS cells, arrayMap(row -> ms[row], firsts) AS municipalities
            FROM (SELECT device_id, groupArray(t) AS ts, groupArray(c) AS cs, groupArray(ifNull(m, '')) AS ms
                FROM {CLICKHOUSE_PINGS} GROUP BY device_id))
        ARRAY JOIN firsts AS first, lasts AS last, arrivals AS arrival, departures AS departure, cells AS cell,
            municipalities AS m
        WHERE last > first)""",
}


def duckdb(options):
    import duckdb as engine

    database = engine.connect()
    database.execute(f"SET threads = {options.threads}")
    return {way: lambda sql=sql: database.execute(filled(sql, options)).fetchone() for way, sql in DUCKDB.items()}


def clickhouse(options):
    from chdb import session

    database = session.Session()

    def ask(way, sql):
        # Keeping the order of the file costs the other ways something, and they do not need it.
        text = (f"{filled(sql, options)} SETTINGS max_threads = {options.threads}, "
                f"input_format_parquet_preserve_order = {int('in-order' in way)}")
        return [int(number) for number in str(database.query(text, "TSV")).split("\t")]

    return {way: lambda way=way, sql=sql: ask(way, sql) for way, sql in CLICKHOUSE.items()}


def filled(sql, options):
    return sql.replace("{pings}", str(options.pings)).replace("{gap}", str(GAP_US))


def polars(options):
    # Read when the module is loaded.
    os.environ["POLARS_MAX_THREADS"] = str(options.threads)
    import polars as engine

    column = engine.col
    pings = engine.scan_parquet(options.pings).select(
        "device_id", column("timestamp").cast(engine.Int64).alias("t"), "cell", "municipality_code")

    def differs(step, name):
        return column(name) != column(name).shift(step)

    def far(step):
        return (column("t") - column("t").shift(step)).abs() > GAP_US

    def edge(step):
        return (differs(step, "device_id") | differs(step, "cell") | far(step)).fill_null(True)

    def grouped(numbered, keys):
        others = [column(name).first() for name in ("device_id", "cell") if name not in keys]
        return numbered.group_by(keys).agg(
            *others, arrival=column("t").min(), departure=column("t").max(),
            municipality=column("municipality_code").drop_nulls().first(), pings=engine.len(),
        ).filter(column("pings") >= 2)

    def groups():
        starts = (differs(1, "cell") | far(1)).fill_null(True)
        island = starts.cum_sum().over("device_id", order_by="t")
        return grouped(pings.with_columns(island=island), ["device_id", "island"])

    def groups_in_order():
        return grouped(pings.with_columns(island=edge(1).cum_sum()), ["island"])

    def edges_in_order():
        edges = pings.with_row_index("row").with_columns(starts=edge(1), ends=edge(-1))
        edges = edges.filter(column("starts") != column("ends"))
        joined = edges.with_columns(
            arrival=column("t"), departure=column("t").shift(-1), pings=column("row").shift(-1) - column("row") + 1,
            municipality=column("municipality_code"))
        return joined.filter("starts")

    def ask(stays):
        # Sums of cells and devices wrap around; so do the other engines' when they are printed.
        return stays.select(
            engine.len(), (column("departure") - column("arrival")).sum().alias("us"), column("pings").cast(engine.Int64).sum(),
            column("municipality").count(), column("cell").sum(), column("device_id").sum(),
        ).collect(engine="streaming").row(0)

    ways = {"groups": groups, "groups-in-order": groups_in_order, "edges-in-order": edges_in_order}
    return {way: lambda stays=stays: ask(stays()) for way, stays in ways.items()}


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def line(options, way, count, run):
    before, started = processor_seconds(), time.perf_counter()
    answer = dict(zip(ANSWER, run(), strict=True))
    seconds, processor = time.perf_counter() - started, processor_seconds() - before
    return {
        "peer": options.peer, "way": way, "threads": options.threads, "pings": count, "seconds": seconds,
        "stays": answer["stays"], "stay_seconds": answer["stay_us"] / 1e6, "processor_s": processor,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
        "pings_in_stays": answer["pings_in_stays"], "municipalities": answer["municipalities"],
        "cells": answer["cells"] % 2**64, "devices": answer["devices"] % 2**64,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", choices=["duckdb", "clickhouse", "polars"])
    parser.add_argument("--pings", required=True, help="Parquet file")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--ways", nargs="+", help="some ways of the engine instead of all")
    parser.add_argument("--runs", type=int, default=3, help="timed runs of each way, after one that is not")
    options = parser.parse_args()
    ways = {"duckdb": duckdb, "clickhouse": clickhouse, "polars": polars}[options.peer](options)
    if unknown := set(options.ways or []) - set(ways):
        raise SystemExit(f"{options.peer}: no way `{unknown.pop()}`, only {', '.join(ways)}")
    count = pings_of(options.pings)
    for way in options.ways or ways:
        ways[way]()
        for _ in range(options.runs):
            print(json.dumps(line(options, way, count, ways[way])), flush=True)


def pings_of(path):
    import pyarrow.parquet as parquet

    return parquet.read_metadata(path).num_rows


if __name__ == "__main__":
    main()
