"""librdkafka's records into ClickHouse's MergeTree: Kayoi's rules, a keyed hash and the cell, no municipality.

In: a topic of JSON. Out: one line of JSON. ClickHouse is chdb, in this process. Its Kafka engine is compiled in,
but chdb 4.4 refuses each such table (`Shutdown was called`), so records are consumed here and inserted as blocks of
lines; librdkafka fetches ahead meanwhile. Joining lines is what that adds to the engine's work, and positions are
not committed with the rows. Avro without frames is nothing that ClickHouse reads. No municipality, because the
polygon dictionary loses points (see place.py).
"""

import argparse
import json
import pathlib
import shutil
import time

import ingest_rules
from ingest_raw import consume, own_processor_seconds

FIELDS = ("device_id Nullable(String), timestamp Nullable(Int64), latitude Nullable(Float64), "
          "longitude Nullable(Float64), horizontal_accuracy Nullable(Float32), speed Nullable(Float32), "
          "source Nullable(String)")
PINGS = """
    CREATE TABLE bench.pings (device_id UInt64, timestamp DateTime64(3), latitude_e7 Int32, longitude_e7 Int32,
        accuracy_m Nullable(Float32), source LowCardinality(Nullable(String)), cell UInt64,
        partner LowCardinality(String), event_date Date)
    ENGINE = MergeTree PARTITION BY event_date ORDER BY (device_id, timestamp)
    SETTINGS default_compression_codec = 'ZSTD(1)'
"""
# A column made here has the name of one that is read; the setting makes the read one win. Lines that do not
# parse are passed over.
STORE = """
    INSERT INTO bench.pings
    SELECT sipHash64Keyed((toUInt64(1), toUInt64(2)), trim(assumeNotNull(device_id))) AS device_id,
        fromUnixTimestamp64Milli(assumeNotNull(timestamp)) AS timestamp,
        toInt32(round(assumeNotNull(latitude) * 1e7)) AS latitude_e7,
        toInt32(round(assumeNotNull(longitude) * 1e7)) AS longitude_e7,
        horizontal_accuracy AS accuracy_m, source,
        geoToH3(assumeNotNull(latitude), assumeNotNull(longitude), 9) AS cell, 'bench' AS partner,
        toDate(intDiv(assumeNotNull(timestamp), 1000) + {shift}, 'UTC') AS event_date
    FROM (SELECT * FROM file('{lines}', 'JSONEachRow', '{fields}') WHERE {valid})
    SETTINGS geotoh3_argument_order = 'lat_lon', prefer_column_name_to_alias = 1, max_threads = {threads},
        max_insert_threads = {threads}, input_format_allow_errors_ratio = 1, input_format_skip_unknown_fields = 1
"""
# ClickHouse's advice for inserts is blocks of this order.
BLOCK = 250_000
SIZE = "SELECT sum(data_compressed_bytes) FROM system.parts WHERE active AND database = 'bench' AND table = 'pings'"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kafka", required=True)
    parser.add_argument("--topic", required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    shutil.rmtree(options.out, ignore_errors=True)
    options.out.mkdir(parents=True)
    from chdb import session

    database = session.Session(str(options.out / "database"))

    def query(sql):
        return str(database.query(sql, "TSV")).strip()

    lines = (options.out / "block.ndjson").resolve()
    valid = ingest_rules.valid(int(time.time() * 1e3), lambda value, pattern: f"match({value}, '{pattern}')")
    store = STORE.format(shift=ingest_rules.LOCAL_DAY_SHIFT_S, valid=valid, lines=lines, fields=FIELDS,
                         threads=options.threads)
    query("CREATE DATABASE bench ENGINE = Atomic")
    query(PINGS)
    block = []

    def insert():
        lines.write_bytes(b"\n".join(block))
        query(store)
        block.clear()

    def take(messages):
        block.extend(message.value() for message in messages)
        if len(block) >= BLOCK:
            insert()

    before, started = own_processor_seconds(), time.perf_counter()
    read = consume(options.kafka, options.topic, take)
    if block:
        insert()
    seconds, processor_s = time.perf_counter() - started, own_processor_seconds() - before
    print(json.dumps({
        "read": read, "stored": int(query("SELECT count() FROM bench.pings")), "seconds": seconds,
        "processor_s": processor_s, "stored_bytes": int(query(SIZE)),
    }), flush=True)


if __name__ == "__main__":
    main()
