"""`make bench-aggregate`: what an aggregation costs, by pieces, buckets and sizes.

In: the binary, perhaps an earlier one beside it, and how many devices. Out: lines of JSON, one a run, and a table
of them. Bytes and requests are the program's own count of what it asked of its store; processor time and the
most memory are the system's count of the process. The memory of the largest run is sampled over its time. Days,
pings and seed are the same for every size, so that cost grows with devices alone.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import threading
import time
from pathlib import Path

DAYS = 365
PINGS_PER_DAY = 24
SEED = 12
BUCKETS = 16
# Pings in memory at a time: all that the earlier program read by, and what must not matter now.
PIECES = (20_000_000, 2_000_000, 250_000)
SAMPLE_S = 0.25


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kayoi", required=True)
    parser.add_argument("--before", help="an earlier binary, measured on the same lakes")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--devices", default="500,1500,4500")
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.devices.split(","))
    runs = []

    def note(what, size, program, run):
        line = {"what": what, "devices": size, "program": program, **run}
        runs.append(line)
        print(json.dumps(line), flush=True)

    for size in sizes:
        lake = make_lake(options.kayoi, options.folder, size)
        if options.before:
            for pieces in PIECES:
                note(f"pieces of {pieces:,}", size, "before", aggregate(options.before, lake, pieces))
        for pieces in PIECES:
            note(f"pieces of {pieces:,}", size, "now", aggregate(options.kayoi, lake, pieces))
        said(options.kayoi, "lake", "buckets", str(BUCKETS), "--json", "--lake", lake)
        note(f"{BUCKETS} buckets, one process", size, "now", aggregate(options.kayoi, lake))
        note(f"{BUCKETS} buckets, a process each", size, "now", shared(options.kayoi, lake))
        shutil.rmtree(lake)
    report(runs, options.folder)


def make_lake(kayoi, folder, devices):
    feed, lake = folder / f"feed-{devices}", folder / f"lake-{devices}"
    shutil.rmtree(lake, ignore_errors=True)
    said(kayoi, "simulate", "--json", "--out", feed, "--format", "parquet", "--devices", str(devices), "--days", str(DAYS),
         "--pings-per-day", str(PINGS_PER_DAY), "--seed", str(SEED))
    said(kayoi, "ingest", "--json", "--file", feed / "pings", "--lake", lake)
    shutil.rmtree(feed)
    said(kayoi, "lake", "compact", "--json", "--lake", lake)
    return lake


def said(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command}: {done.stderr}")
    return json.loads(done.stdout)


def aggregate(kayoi, lake, pieces=None, *more):
    command = [kayoi, "aggregate", "--json", "--lake", str(lake), *more]
    if pieces:
        command += ["--piece-pings", str(pieces)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    samples = []
    sampler = threading.Thread(target=sample, args=(process.pid, samples))
    sampler.start()
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    sampler.join()
    if status:
        raise SystemExit(f"{command} failed")
    done = json.loads(out)
    return {
        "processor_s": round(usage.ru_utime + usage.ru_stime, 2), "most_memory_mb": usage.ru_maxrss // 1024,
        "read_mb": done["store"]["read_bytes"] / 1e6, "wanted_mb": done.get("wanted_bytes", 0) / 1e6,
        "requests": sum(done["store"][kind] for kind in ("gets", "heads", "puts", "parts", "copies", "lists")),
        "pings": done.get("pings", 0), "memory_mb": samples,
    }


def sample(pid, samples):
    while True:
        try:
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        except OSError:
            return
        resident = [line for line in status.splitlines() if line.startswith("VmRSS")]
        if not resident:
            return
        samples.append(int(resident[0].split()[1]) // 1024)
        time.sleep(SAMPLE_S)


def shared(kayoi, lake):
    runs = [aggregate(kayoi, lake, None, "--bucket", f"{bucket}/{BUCKETS}") for bucket in range(BUCKETS)]
    runs.append(aggregate(kayoi, lake, None, "--finish"))
    total = {name: round(sum(run[name] for run in runs), 2) for name in ("processor_s", "read_mb", "wanted_mb", "requests")}
    return {**total, "most_memory_mb": max(run["most_memory_mb"] for run in runs), "pings": runs[-1]["pings"], "memory_mb": []}


def report(runs, folder):
    lines = ["| devices | run | program | processor s | most memory, MB | read, MB | wanted, MB | read / wanted | requests |",
             "|---|---|---|---|---|---|---|---|---|"]
    for run in runs:
        share = f"{run['read_mb'] / run['wanted_mb']:.2f}" if run["wanted_mb"] else ""
        lines.append(f"| {run['devices']:,} | {run['what']} | {run['program']} | {run['processor_s']} | {run['most_memory_mb']} "
                     f"| {run['read_mb']:.1f} | {run['wanted_mb']:.1f} | {share} | {run['requests']:,} |")
    usual = [run for run in runs if run["program"] == "now" and run["what"] == f"pieces of {PIECES[1]:,}"]
    if len(usual) > 1:
        slope, base = statistics.linear_regression([run["devices"] for run in usual], [run["processor_s"] for run in usual])
        hours = (base + slope * 1_000_000) / 3600
        lines.append(f"\nA million device-years of {PINGS_PER_DAY} pings a day, by the line through these sizes: "
                     f"{hours:.2f} core-hours "
                     f"({slope * 1000:.2f} s a thousand device-years, {base:.1f} s whatever the size).")
    curve = usual[-1]["memory_mb"] if usual else []
    if len(curve) >= 8:
        eighth = len(curve) / 8
        parts = [curve[int(part * eighth):max(int((part + 1) * eighth), int(part * eighth) + 1)] for part in range(8)]
        shown = ", ".join(f"{statistics.median(part):.0f}" for part in parts)
        lines.append(f"\nMemory of {usual[-1]['devices']:,} device-years over the run, MB, median of each eighth of its time: "
                     f"{shown}.")
    text = "\n".join(lines)
    (folder / "report.md").write_text(text + "\n", encoding="utf-8")
    print(f"\n{text}")


if __name__ == "__main__":
    main()
