"""`make bench-cluster`: a cluster of one and two executors beside one process, on the cores of this machine.

In: a binary with feature `cluster`, and how many devices. Out: lines of JSON, one a run, and a table of them. Each executor has
one core of its own, one bucket at a time; a run of one process has one core, then as many as there are executors. Time is that of
the command, from its start to its release: what sums up and releases is one process everywhere, so it bounds the ratio. The
bytes of all derived tables must be those of the first run, or nothing is printed.
"""

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import socket
import statistics
import subprocess
import time
from pathlib import Path
from urllib.parse import unquote

from aggregate import BUCKETS, make_lake, said

HERE = "127.0.0.1"
TABLES = ("stays", "nights", "residences", "people", "panel", "workplaces", "ties", "indicators")
START_S = 60


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kayoi", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--devices", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--executors", type=int, default=2, help="the most executors, each on a core of its own")
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < options.executors:
        raise SystemExit(f"{options.executors} executors need as many cores, and there are {len(cores)}")
    lake = make_lake(options.kayoi, options.folder, options.devices)
    said(options.kayoi, "lake", "buckets", str(BUCKETS), "--json", "--lake", lake)
    counts = range(1, options.executors + 1)
    runs, expected = [], None
    # One round after the other, so that whatever else this machine does falls on all of them.
    for _ in range(options.rounds):
        for count in counts:
            runs.append(local(options.kayoi, lake, cores[:count]))
            expected = same(expected, lake, runs[-1])
        for count in counts:
            runs.append(on_cluster(options.kayoi, options.folder, lake, cores[:count]))
            expected = same(expected, lake, runs[-1])
    shutil.rmtree(lake)
    report(options, runs, expected)


def same(expected, lake, run):
    print(json.dumps(run), flush=True)
    found = content_hash(lake)
    if expected not in (None, found):
        raise SystemExit(f"{run['what']}: the tables have other bytes than those of the first run")
    return found


def content_hash(lake):
    """The bytes of the files of all derived tables, whatever they are named."""
    digests = []
    for table in TABLES:
        live = set()
        for log in sorted((lake / table / "_delta_log").glob("*.json")):
            for line in log.read_text(encoding="utf-8").splitlines():
                action = json.loads(line)
                if "remove" in action:
                    live.discard(action["remove"]["path"])
                if "add" in action:
                    live.add(action["add"]["path"])
        files = sorted(hashlib.sha256((lake / table / unquote(path)).read_bytes()).hexdigest() for path in live)
        digests.append(f"{table} {files}")
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()[:16]


def pinned(cores):
    """Keeps a process that is about to start on some cores; its threads are as many."""
    return lambda: os.sched_setaffinity(0, cores)


def timed(command, cores):
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=pinned(cores))
    elapsed = time.monotonic() - started
    if done.returncode:
        raise SystemExit(f"{command}: {done.stderr}")
    return round(elapsed, 2), json.loads(done.stdout)


def local(kayoi, lake, cores):
    elapsed, told = timed([kayoi, "aggregate", "--json", "--lake", str(lake)], cores)
    return {"what": f"one process, cores: {len(cores)}", "s": elapsed, "pings": told["pings"]}


def on_cluster(kayoi, folder, lake, cores):
    with contextlib.ExitStack() as stack:
        port = free_port()
        started(stack, [kayoi, "cluster", "scheduler", "--port", str(port)], port)
        for number, core in enumerate(cores):
            rows, commands = free_port(), free_port()
            work = folder / f"executor-{number}"
            shutil.rmtree(work, ignore_errors=True)
            stack.callback(shutil.rmtree, work, ignore_errors=True)
            command = [kayoi, "cluster", "executor", "--scheduler", f"{HERE}:{port}", "--port", str(rows),
                       "--grpc-port", str(commands), "--tasks", "1", "--work-dir", str(work), "--lake", str(lake)]
            started(stack, command, rows, {core})
        metrics = folder / "cluster.prom"
        command = [kayoi, "aggregate", "--json", "--cluster", f"http://{HERE}:{port}", "--lake", str(lake),
                   "--metrics-file", str(metrics)]
        elapsed, told = timed(command, cores)
        lines = metrics.read_text(encoding="utf-8").splitlines()
        answered = [line for line in lines if line.startswith("kayoi_cluster_executors{")]
        if [float(line.split()[-1]) for line in answered] != [len(cores)]:
            raise SystemExit(f"not all of {len(cores)} executors measured: {answered}")
    return {"what": f"executors of one core: {len(cores)}", "s": elapsed, "pings": told["pings"]}


def free_port():
    with socket.socket() as taken:
        taken.bind((HERE, 0))
        return taken.getsockname()[1]


def started(stack, command, port, cores=None):
    keep = pinned(cores) if cores else None
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=keep)
    stack.callback(process.wait)
    stack.callback(process.kill)
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((HERE, port), timeout=1):
            return
        time.sleep(0.1)
    raise SystemExit(f"{command} does not listen on {port}")


def report(options, runs, expected):
    seconds = {}
    for run in runs:
        seconds.setdefault(run["what"], []).append(run["s"])
    medians = {what: statistics.median(all_s) for what, all_s in seconds.items()}
    # The first run is one process of one core.
    alone = medians[runs[0]["what"]]
    lines = [f"{options.devices:,} devices, {runs[0]['pings']:,} pings, {BUCKETS} buckets, median of {options.rounds} runs. "
             f"Content of all tables, the same each time: `{expected}`.", "", "| run | s | times as fast |", "|---|---|---|"]
    lines.extend(f"| {what} | {median:.1f} | {alone / median:.2f} |" for what, median in medians.items())
    text = "\n".join(lines)
    (options.folder / "report.md").write_text(text + "\n", encoding="utf-8")
    print(f"\n{text}")


if __name__ == "__main__":
    main()
