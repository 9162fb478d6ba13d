"""The soak of `cargo xtask soak-ingest`: a steady producer, one ingest, its memory and how old pings are when they show.

In: a feed, a rate, minutes and the command of the ingest. Out: `memory.csv` (a line each 5 s), `latency.csv` (a line
each commit) and a summary by quarter of the time. Each ping carries the instant at which it was sent. It counts as
queryable when another program's Delta reader has opened the version that holds it; that is looked for once a
second, so latencies are up to a second too long.
"""

import argparse
import csv
import json
import multiprocessing
import pathlib
import signal
import subprocess
import time
import urllib.parse

import numpy
import pyarrow as pa
import pyarrow.parquet as parquet
from deltalake import DeltaTable

import ingest_feed
import ingest_process

TICK_S = 0.25
POLL_S = 1.0
SAMPLE_S = 5.0
# After the last ping: longer than the ingest waits before it commits by itself.
DRAIN_S = 40.0
FEED_ROWS = 500_000
QUARTERS = 4


def produce(options, stop, sent):
    """Sends so many pings a second until told to stop, and says in `sent` how many."""
    # An interrupt at the terminal is the other process's to handle.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    batches = []
    for batch in ingest_feed.feed_batches(options.feed):
        batches.append(batch)
        if sum(map(len, batches)) >= FEED_ROWS:
            break
    feed = pa.Table.from_batches(batches).combine_chunks()
    sender = ingest_feed.Sender(options.kafka, options.topic, options.partitions)
    at, started, column = 0, time.time(), feed.schema.get_field_index("timestamp")
    while not stop.is_set():
        due = int((time.time() - started) * options.rate) - sent.value
        rows = feed.slice(at, min(due, ingest_feed.BATCH)).combine_chunks()
        if len(rows):
            now = pa.array(numpy.full(len(rows), int(time.time() * 1e3)), pa.int64())
            batch = rows.set_column(column, "timestamp", now).to_batches()[0]
            sender.send(batch.column("device_id").to_pylist(), ingest_feed.json_records(batch))
            sent.value += len(rows)
            at = (at + len(rows)) % len(feed)
        stop.wait(TICK_S)
    sender.finish()


class Table:
    """The versions of a local Delta table that have appeared since the last look."""

    def __init__(self, folder):
        self.folder, self.table, self.seen, self.rows = folder, None, -1, 0

    def new_versions(self):
        """(version, ages in seconds of its pings) of each new version with pings."""
        if self.table is None:
            if not DeltaTable.is_deltatable(str(self.folder)):
                return
            self.table = DeltaTable(str(self.folder))
        else:
            self.table.update_incremental()
        now_ms = time.time() * 1e3
        for version in range(self.seen + 1, self.table.version() + 1):
            sent_ms = [self.instants(path) for path in self.added(version)]
            if sent_ms:
                ages = (now_ms - numpy.concatenate(sent_ms)) / 1e3
                self.rows += len(ages)
                yield version, ages
        self.seen = self.table.version()

    def added(self, version):
        """Files that brought pings; those of a compaction hold pings that were there before."""
        log = self.folder / "_delta_log" / f"{version:020}.json"
        for line in log.read_text(encoding="utf-8").splitlines():
            add = json.loads(line).get("add")
            if add and add["dataChange"]:
                yield self.folder / urllib.parse.unquote(add["path"])

    @staticmethod
    def instants(path):
        column = parquet.ParquetFile(path).read(columns=["timestamp"]).column("timestamp")
        return column.cast(pa.timestamp("ms", column.type.tz), safe=False).cast(pa.int64()).to_numpy()


class Record:
    """Two CSV files, and the same numbers for the summary."""

    def __init__(self, out):
        out.mkdir(parents=True, exist_ok=True)
        self.memory, self.latency = [], []
        self.files = [(out / name).open("w", newline="", encoding="utf-8") for name in ("memory.csv", "latency.csv")]
        self.writers = [csv.writer(file) for file in self.files]
        self.writers[0].writerow(["seconds", "resident_bytes", "processor_s", "sent", "queryable"])
        self.writers[1].writerow(["seconds", "version", "pings", "youngest_s", "median_s", "p99_s", "oldest_s"])

    def sample(self, seconds, watch, sent, rows):
        self.memory.append((seconds, watch.resident))
        self.write(0, [f"{seconds:.1f}", watch.resident, f"{watch.processor_s():.2f}", sent, rows])

    def commit(self, seconds, version, ages):
        self.latency.append((seconds, ages))
        figures = [ages.min(), numpy.median(ages), numpy.percentile(ages, 99), ages.max()]
        self.write(1, [f"{seconds:.1f}", version, len(ages), *(f"{age:.2f}" for age in figures)])

    def write(self, which, row):
        self.writers[which].writerow(row)
        self.files[which].flush()


def soak(options, process, record, sent, stop):
    watch, table = ingest_process.Watch(process.pid), Table(options.pings)
    started, sampled, drained = time.monotonic(), float("-inf"), options.minutes * 60 + DRAIN_S
    while (seconds := time.monotonic() - started) < drained:
        if process.poll() is not None:
            raise SystemExit(f"the ingest ended with {process.returncode} after {seconds:.0f} s")
        if seconds >= options.minutes * 60:
            stop.set()
        for version, ages in table.new_versions():
            record.commit(seconds, version, ages)
        if seconds - sampled >= SAMPLE_S:
            watch.look()
            record.sample(seconds, watch, sent.value, table.rows)
            sampled = seconds
        time.sleep(POLL_S)
    watch.look()
    ingest_process.end(process, signal.SIGTERM, 60)
    for version, ages in table.new_versions():
        record.commit(time.monotonic() - started, version, ages)
    return watch, table


def print_quarters(options, record):
    print("| quarter | memory min, MB | median | max | latency median, s | p99 | max | pings |")
    print("|---|---|---|---|---|---|---|---|")
    length = options.minutes * 60 / QUARTERS
    for quarter in range(QUARTERS):
        # What shows after the last ping was sent is the last quarter's.
        end = (quarter + 1) * length if quarter + 1 < QUARTERS else float("inf")
        memory = [size / 1e6 for at, size in record.memory if quarter * length <= at < end]
        ages = [ages for at, ages in record.latency if quarter * length <= at < end]
        cells = [f"{figure:.0f}" for figure in (min(memory), numpy.median(memory), max(memory))] if memory else [""] * 3
        if ages:
            ages = numpy.concatenate(ages)
            cells += [f"{numpy.median(ages):.1f}", f"{numpy.percentile(ages, 99):.1f}", f"{ages.max():.1f}", f"{len(ages):,}"]
        else:
            cells += ["", "", "", "0"]
        print(f"| {quarter + 1} | {' | '.join(cells)} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--rate", type=int, required=True, help="pings a second")
    parser.add_argument("--feed", required=True)
    parser.add_argument("--kafka", required=True)
    parser.add_argument("--topic", required=True)
    parser.add_argument("--partitions", type=int, required=True)
    parser.add_argument("--pings", type=pathlib.Path, required=True, help="folder of the Delta table that the ingest writes")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    record = Record(options.out)
    context = multiprocessing.get_context("spawn")
    stop, sent = context.Event(), context.Value("q", 0)
    producer = context.Process(target=produce, args=(options, stop, sent), daemon=True)
    producer.start()
    with (options.out / "ingest.log").open("w", encoding="utf-8") as log:
        process = ingest_process.start(options.command, stdout=subprocess.PIPE, stderr=log)
    try:
        watch, table = soak(options, process, record, sent, stop)
    finally:
        stop.set()
        ingest_process.end(process)
        producer.join(150)
    if producer.exitcode != 0:
        raise SystemExit(f"the producer ended with {producer.exitcode}")
    print_quarters(options, record)
    print(f"\nsent {sent.value:,} pings, queryable {table.rows:,}, processor time {watch.processor_s():.0f} s, "
          f"most memory {watch.peak / 1e6:.0f} MB")
    print(process.stdout.read().strip())


if __name__ == "__main__":
    main()
