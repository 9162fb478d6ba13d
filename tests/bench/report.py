"""The table of `make bench-place`: rates, ratios, and who answered what.

In: lines of JSON. Out: Markdown.
"""

import json
import sys

OURS = {"cell": "kayoi-cell", "municipality": "kayoi-municipality", "both": "kayoi"}
PEERS = {
    "cell": ["h3o", "polars-h3", "clickhouse-cell"],
    "municipality": ["geo", "clickhouse-municipality", "clickhouse-municipality-each"],
    "both": ["clickhouse", "clickhouse-each"],
}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    once = {line["peer"]: line for line in lines if "order" not in line and line["peer"] != "instructions"}
    built, opened = once["import"], once["open"]
    print(f"Index of {built['vertices']:,} vertices: read in {built['read_s']:.1f} s, built in {built['index_s']:.1f} s; "
          f"file {built['file_mb']:.0f} MB, of it index {built['index_mb']:.0f} MB; opens in {opened['open_s'] * 1e3:.0f} ms.\n")
    print("| what | order | threads | peer | M points/s (min to max) | Kayoi is faster by | memory, MB | same answers |")
    print("|---|---|---|---|---|---|---|---|")
    rates = {(line["peer"], line["order"], line["threads"]): line for line in lines if "order" in line}
    for what, ours in OURS.items():
        for order, threads in [(order, threads) for order in ("random", "arrival") for threads in (1, 2)]:
            own = rates[ours, order, threads]
            print(row(what, own, own))
            for peer in PEERS[what]:
                print(row(what, rates[peer, order, threads], own))
    counts = {}
    for line in lines:
        if line["peer"] == "instructions":
            counts.setdefault(line["what"], []).append((line["points"], line["count"]))
    for what, ((few, first), (many, second)) in counts.items():
        # One warm-up and three runs.
        print(f"\ninstructions a point, {what}: {(second - first) / (many - few) / 4:.0f}", end="")
    print()


def row(what, line, own):
    points, seconds = line["points"], line["seconds"]
    spread = f"{points / seconds[-1] / 1e6:.2f} to {points / seconds[0] / 1e6:.2f}"
    ratio = "" if line is own else f"{own['million_points_per_s'] / line['million_points_per_s']:.1f}"
    return (f"| {what} | {line['order']} | {line['threads']} | {line['peer']} | {line['million_points_per_s']:.2f} ({spread}) "
            f"| {ratio} | {line['memory_mb']:.0f} | {answers(line, own)} |")


def answers(line, own):
    """Sums are compared where both saw the same points."""
    if line is own:
        return ""
    if line["points"] != own["points"]:
        return f"asked {line['points']:,} points only"
    names = [name for name in ("cells", "located", "codes") if line[name] and own[name]]
    different = [f"{name} {line[name]:,}, not {own[name]:,}" for name in names if line[name] != own[name]]
    return "; ".join(different) if different else "yes"


if __name__ == "__main__":
    main()
