"""The table of `make bench-ingest`: rates beside Kayoi's and beside the aims, and the commands.

In: lines of JSON, one a run. Out: Markdown. Several runs of a program: their median, with least and most.
"""

import json
import statistics
import sys

OURS = "kayoi"
# Shares of raw consumption and multiples of Spark that the design asks for.
RAW_SHARE = {"json": 1 / 2, "avro": 1 / 2}
SPARK_TIMES = 10
STORED_BYTES = 12
MEMORY_MB = 1024 * 1024 * 1024 / 1e6


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    runs = {}
    for line in lines:
        runs.setdefault((line["format"], line["peer"]), []).append(line)
    if len(sys.argv) > 2:
        print(f"Note: {sys.argv[2]}\n")
    print("Kafka's broker runs on the same cores and is not counted. A core's rate is records over processor time; "
          "seconds are wall time.\n")
    print("| format | program | runs | records | M records/s (min to max) | M records/s per core | Kayoi is faster by "
          "| per core by | memory, MB | bytes a stored ping | stored |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for (form, peer), found in runs.items():
        print(row(form, peer, found, runs.get((form, OURS))))
    for form in RAW_SHARE:
        print_aims(form, runs)
    print("\nWhat each does, and its command:\n")
    for (form, peer), found in runs.items():
        print(f"- {peer}, {form}: {found[0]['does']}\n\n      {found[0]['command']}\n")


def middle(found, name):
    numbers = [line[name] for line in found if line[name] is not None]
    return statistics.median(numbers) if numbers else None


def row(form, peer, found, own):
    rates = sorted(line["records_per_s"] / 1e6 for line in found)
    core = middle(found, "records_per_core_s")
    faster = per_core = ""
    if own and own is not found:
        faster = f"{middle(own, 'records_per_s') / 1e6 / statistics.median(rates):.2f}"
        per_core = f"{middle(own, 'records_per_core_s') / core:.2f}"
    size, stored = middle(found, "stored_bytes_each"), found[0]["stored"]
    complete = "" if all(line["complete"] for line in found) else " (not all)"
    return (f"| {form} | {peer} | {len(found)} | {found[0]['records']:,}{complete} "
            f"| {statistics.median(rates):.3f} ({rates[0]:.3f} to {rates[-1]:.3f}) | {core / 1e6:.3f} | {faster} | {per_core} "
            f"| {middle(found, 'memory_mb'):.0f} | {f'{size:.1f}' if size else ''} "
            f"| {f'{stored:,}' if stored is not None else ''} |")


def print_aims(form, runs):
    own = runs.get((form, OURS))
    if not own:
        return
    rate = middle(own, "records_per_s")
    print(f"\nAims, {form}:\n")
    raw = {peer: middle(found, "records_per_s") for (other, peer), found in runs.items()
           if other == form and peer.startswith("raw")}
    for peer, raw_rate in raw.items():
        print(aim(f"share of {peer}", rate / raw_rate, RAW_SHARE[form], True))
    for (other, peer), found in runs.items():
        if other == form and peer.startswith("spark"):
            print(aim(f"times {peer}", rate / middle(found, "records_per_s"), SPARK_TIMES, True))
    if size := middle(own, "stored_bytes_each"):
        print(aim("bytes a stored ping", size, STORED_BYTES, False))
    print(aim("memory, MB", middle(own, "memory_mb"), MEMORY_MB, False))
    stored = {peer: found[0]["stored"] for (other, peer), found in runs.items()
              if other == form and found[0]["stored"] is not None}
    if len(set(stored.values())) > 1:
        told = ", ".join(f"{peer} {count:,}" for peer, count in stored.items())
        print(f"- they do not agree on what is valid: {told}")


def aim(what, number, wanted, at_least):
    reached = number >= wanted if at_least else number <= wanted
    bound = "at least" if at_least else "at most"
    return f"- {what}: {number:.2f}, aim {bound} {wanted:.2f}: {'reached' if reached else 'missed'}"


if __name__ == "__main__":
    main()
