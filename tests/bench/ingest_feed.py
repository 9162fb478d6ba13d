"""The topic of `make bench-ingest`: the simulated feed as JSON or Avro records, as fast as this machine sends.

In: a feed as Parquet, the number of records. Out: a filled topic, keyed by device, and one line of JSON with the
bytes of its values. Text is made a column at a time, because a formatter per record would take longer than the
ingest that is measured.
"""

import argparse
import io
import json
import pathlib
import zlib

import fastavro
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as dataset
from confluent_kafka import Producer

# Every field may be null, as in a partner's schema: the simulated feed has records that lack one.
AVRO = {
    "type": "record", "name": "Ping", "namespace": "kayoi.bench",
    "fields": [{"name": name, "type": ["null", kind], "default": None} for name, kind in [
        ("device_id", "string"), ("timestamp", "long"), ("latitude", "double"), ("longitude", "double"),
        ("horizontal_accuracy", "float"), ("speed", "float"), ("source", "string")]],
}
NAMES = [field["name"] for field in AVRO["fields"]]
TEXTS = {"device_id", "source"}
BATCH = 65_536
# Kafka's defaults make batches of 16 KB, which no busy topic has.
PRODUCER = {
    "linger.ms": 20, "batch.size": 1_000_000, "batch.num.messages": 10_000, "compression.type": "lz4",
    "queue.buffering.max.messages": 500_000, "queue.buffering.max.kbytes": 524_288, "acks": "all",
}


def json_records(batch):
    """One object a row, an absent field left out. Text is quoted but not escaped: ids and words need none."""
    pieces = []
    for name in NAMES:
        value = pc.cast(batch.column(name), pa.string())
        quote = '"' if name in TEXTS else ""
        pieces.append(pc.binary_join_element_wise(f'"{name}":{quote}', value, quote, ""))
    fields = pc.binary_join_element_wise(*pieces, ",", null_handling="skip")
    return pc.binary_join_element_wise("{", fields, "}", "").cast(pa.binary()).to_pylist()


def avro_records(batch):
    schema = fastavro.parse_schema(AVRO)
    for row in batch.to_pylist():
        record = io.BytesIO()
        fastavro.schemaless_writer(record, schema, row)
        yield record.getvalue()


RECORDS = {"json": json_records, "avro": avro_records}


class Sender:
    """Spreads records over partitions by device, so that each device keeps its order."""

    def __init__(self, brokers, topic, partitions):
        self.producer = Producer({"bootstrap.servers": brokers, **PRODUCER})
        self.topic, self.partitions = topic, partitions
        self.failed = 0

    def send(self, devices, values):
        waiting = [[] for _ in range(self.partitions)]
        for device, value in zip(devices, values, strict=True):
            key = (device or "").encode()
            waiting[zlib.crc32(key) % self.partitions].append({"key": key, "value": value})
        for partition, messages in enumerate(waiting):
            while messages:
                self.producer.produce_batch(self.topic, messages, partition=partition, on_delivery=self.delivered)
                # What did not fit into the queue is marked, and tried again once there is room.
                messages = [message for message in messages if message.pop("_error", None)]
                self.producer.poll(0.1 if messages else 0)

    def delivered(self, error, _message):
        self.failed += error is not None

    def finish(self, seconds=120):
        left = self.producer.flush(seconds)
        if left or self.failed:
            raise SystemExit(f"{left} records were not sent, {self.failed} were refused")


def feed_batches(feed):
    scanner = dataset.dataset(feed, format="parquet").scanner(columns=NAMES, batch_size=BATCH, use_threads=False)
    return scanner.to_batches()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feed", required=True, help="folder of Parquet pings")
    parser.add_argument("--kafka", required=True)
    parser.add_argument("--topic", required=True)
    parser.add_argument("--format", choices=RECORDS, required=True)
    parser.add_argument("--records", type=int, required=True)
    parser.add_argument("--partitions", type=int, required=True)
    parser.add_argument("--schema-file", type=pathlib.Path, help="where to write the Avro schema")
    options = parser.parse_args()
    if options.schema_file:
        options.schema_file.write_text(json.dumps(AVRO, indent=2) + "\n", encoding="utf-8")
    sender = Sender(options.kafka, options.topic, options.partitions)
    sent = size = 0
    for batch in feed_batches(options.feed):
        batch = batch.slice(0, options.records - sent)
        values = list(RECORDS[options.format](batch))
        sender.send(batch.column("device_id").to_pylist(), values)
        sent, size = sent + len(values), size + sum(map(len, values))
        if sent == options.records:
            break
    sender.finish()
    if sent < options.records:
        raise SystemExit(f"the feed has {sent} records, not {options.records}\nhint: simulate more devices")
    print(json.dumps({"topic": options.topic, "format": options.format, "records": sent, "value_bytes": size}))


if __name__ == "__main__":
    main()
