"""Spark Structured Streaming from the topic to Delta: the rules of Kayoi, no cell and no municipality.

In: a topic. Out: a Delta table by day, and a line of JSON for each run. All runs share one session, so that only
the first pays for starting the JVM's compiler; the session's own start is never counted.
"""

import argparse
import json
import os
import pathlib
import shutil
import time

from pyspark.sql import SparkSession
from pyspark.sql.avro.functions import from_avro

import ingest_process
import ingest_rules

JSON_SCHEMA = ("device_id STRING, timestamp LONG, latitude DOUBLE, longitude DOUBLE, horizontal_accuracy FLOAT, "
               "speed FLOAT, source STRING")
# xxhash64 with a prefix stands for Kayoi's keyed BLAKE3: cheaper, and no protection.
COLUMNS = [
    "xxhash64('key', trim(device_id)) AS device_id",
    "timestamp_millis(timestamp) AS timestamp",
    "CAST(round(latitude * 1e7) AS INT) AS latitude_e7",
    "CAST(round(longitude * 1e7) AS INT) AS longitude_e7",
    "horizontal_accuracy AS accuracy_m",
    "source",
    "'bench' AS partner",
    f"CAST(timestamp_seconds(timestamp DIV 1000 + {ingest_rules.LOCAL_DAY_SHIFT_S}) AS DATE) AS event_date",
]


def session(options):
    builder = SparkSession.builder.master(f"local[{options.threads}]").appName("bench-ingest")
    settings = {
        "spark.driver.extraClassPath": f"{options.jars}/*", "spark.driver.memory": options.memory,
        "spark.ui.enabled": "false", "spark.sql.session.timeZone": "UTC",
        # As Kayoi compresses; Spark's own default is snappy.
        "spark.sql.parquet.compression.codec": "zstd",
        "spark.sql.shuffle.partitions": str(options.threads),
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def pings(spark, options):
    records = (spark.readStream.format("kafka").option("kafka.bootstrap.servers", options.kafka)
               .option("subscribe", options.topic).option("startingOffsets", "earliest").load())
    if options.format == "json":
        decoded = records.selectExpr(f"from_json(CAST(value AS STRING), '{JSON_SCHEMA}') AS ping")
    else:
        schema = options.schema_file.read_text(encoding="utf-8")
        decoded = records.select(from_avro("value", schema, {"mode": "PERMISSIVE"}).alias("ping"))
    condition = ingest_rules.valid(int(time.time() * 1e3), lambda value, pattern: f"({value} RLIKE '{pattern}')")
    return decoded.select("ping.*").where(condition).selectExpr(*COLUMNS)


def run(spark, options, jvm):
    for folder in ("table", "checkpoint"):
        shutil.rmtree(options.out / folder, ignore_errors=True)
    stream = pings(spark, options)
    before, started = ingest_process.processor_seconds(jvm), time.perf_counter()
    query = (stream.writeStream.format(options.sink).partitionBy("event_date").trigger(availableNow=True)
             .option("checkpointLocation", str(options.out / "checkpoint")).start(str(options.out / "table")))
    query.awaitTermination()
    seconds, processor_s = time.perf_counter() - started, ingest_process.processor_seconds(jvm) - before
    read = sum(progress["numInputRows"] for progress in query.recentProgress)
    stored = spark.read.format(options.sink).load(str(options.out / "table")).count()
    print(json.dumps({"read": read, "stored": stored, "seconds": seconds, "processor_s": processor_s}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kafka", required=True)
    parser.add_argument("--topic", required=True)
    parser.add_argument("--format", choices=["json", "avro"], required=True)
    parser.add_argument("--schema-file", type=pathlib.Path)
    parser.add_argument("--jars", type=pathlib.Path, required=True, help="folder of Delta's and Kafka's jars for Spark")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--sink", choices=["delta", "parquet"], default="delta")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="2g")
    parser.add_argument("--runs", type=int, default=1)
    options = parser.parse_args()
    options.out, options.jars = options.out.resolve(), options.jars.resolve()
    if options.schema_file:
        options.schema_file = options.schema_file.resolve()
    # Spark leaves a folder of its own wherever it is started.
    options.out.mkdir(parents=True, exist_ok=True)
    os.chdir(options.out)
    spark = session(options)
    spark.sparkContext.setLogLevel("ERROR")
    # spark-submit replaces itself by the JVM, so that its number is the JVM's.
    jvm = spark.sparkContext._gateway.proc.pid
    for _ in range(options.runs):
        run(spark, options, jvm)
    spark.stop()


if __name__ == "__main__":
    main()
