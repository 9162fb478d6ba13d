"""Runs one program of `make bench-ingest` several times, bounded in time, and notes what it used.

In: a command that prints lines of JSON with `read` and `seconds`, or Kafka's own performance consumer. Out: one
line of JSON for each line of the command, with rates, memory, bytes stored and the command itself. Processor
time tells more than seconds on a machine that does other things too; a program that measures its own, without
its start, is believed.
"""

import argparse
import csv
import json
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import time

import ingest_process

LOOK_EVERY_S = 0.1


def answers(text):
    """The command's lines of JSON; ConsumerPerformance's table as the same."""
    lines = [line for line in text.splitlines() if line.strip()]
    header = next((line for line in lines if "fetch.nMsg.sec" in line), None)
    if header is None:
        found = [json.loads(line) for line in lines if line.startswith("{")]
        return [answer for answer in found if "seconds" in answer]
    table = csv.DictReader(lines[lines.index(header):], skipinitialspace=True)
    # Without the time to join the group: it takes seconds and says nothing about rates.
    return [{"read": int(row["data.consumed.in.nMsg"]), "seconds": int(row["fetch.time.ms"]) / 1e3,
             "megabytes": float(row["data.consumed.in.MB"])} for row in table]


def stored_bytes(folder):
    """Of data files only; a log and checkpoints do not grow with pings."""
    return sum(file.stat().st_size for file in folder.rglob("*.parquet") if "_delta_log" not in file.parts)


def run(options):
    for folder in options.fresh:
        shutil.rmtree(folder, ignore_errors=True)
    with options.log.open("w", encoding="utf-8") as log:
        process = ingest_process.start(options.command, stdout=subprocess.PIPE, stderr=log)
    watch, started = ingest_process.Watch(process.pid), time.monotonic()
    try:
        while True:
            watch.look()
            try:
                text, _ = process.communicate(timeout=LOOK_EVERY_S)
                break
            except subprocess.TimeoutExpired:
                if time.monotonic() - started > options.limit_s:
                    raise SystemExit(f"{options.peer}: not done after {options.limit_s} s, see {options.log}") from None
    finally:
        ingest_process.end(process, signal.SIGTERM)
    if process.returncode != 0:
        raise SystemExit(f"{options.peer}: ended with {process.returncode}, see {options.log}")
    if not (found := answers(text)):
        raise SystemExit(f"{options.peer}: printed no line with `seconds`, see {options.log}")
    return [(answer, watch) for answer in found]


def line(options, answer, watch):
    processor_s = answer.get("processor_s") or watch.processor_s()
    read, stored = answer["read"], answer.get("stored")
    if read != options.records:
        print(f"{options.peer}: read {read} records, not {options.records}", file=sys.stderr)
    size = answer.get("stored_bytes") or (stored_bytes(options.stored) if options.stored else None)
    return {
        "peer": options.peer, "format": options.format, "records": read, "stored": stored,
        "seconds": answer["seconds"], "processor_s": processor_s,
        "records_per_s": read / answer["seconds"], "records_per_core_s": read / processor_s,
        "memory_mb": watch.peak / 1e6,
        "stored_bytes_each": size / stored if size and stored else None,
        "complete": read == options.records, "does": options.does, "command": shlex.join(options.command),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", required=True)
    parser.add_argument("--format", required=True)
    parser.add_argument("--records", type=int, required=True)
    parser.add_argument("--does", required=True, help="the steps it carries out, in words")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--limit-s", type=float, default=900)
    parser.add_argument("--stored", type=pathlib.Path, help="folder of the Parquet files it writes")
    parser.add_argument("--fresh", type=pathlib.Path, action="append", default=[], help="folder to empty before each run")
    parser.add_argument("--log", type=pathlib.Path, required=True, help="where its standard error goes")
    parser.add_argument("--results", type=pathlib.Path, required=True)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    for _ in range(options.runs):
        with options.results.open("a", encoding="utf-8") as results:
            for answer, watch in run(options):
                text = json.dumps(line(options, answer, watch))
                print(text, file=results)
                print(text, flush=True)


if __name__ == "__main__":
    main()
