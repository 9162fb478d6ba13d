"""The tables of `make bench-stays`: engines on one file, peers on real trajectories, and where they differ.

In: lines of JSON, one a run or a comparison. Out: Markdown. Several runs: their median, with least and most.
"""

import json
import statistics
import sys

OURS = "kayoi"
# What engines that were asked for the same stays must agree on. One may take any municipality of a stay's pings.
ANSWER = ["pings", "stays", "stay_seconds", "pings_in_stays", "cells", "devices"]
KINDS = [("ours", "Kayoi"), ("peer", "the peer")]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    if len(sys.argv) > 2:
        print(f"Note: {sys.argv[2]}\n")
    print_engines([line for line in lines if "threads" in line])
    print_real([line for line in lines if "data" in line and "peer" in line])
    print_differences([line for line in lines if "compared" in line])


def print_engines(lines):
    runs = {}
    for line in lines:
        runs.setdefault((line["threads"], line["peer"], line.get("way", "")), []).append(line)
    if not runs:
        return
    print("Engines find gaps and islands: one cell, gaps up to 6 h. Kayoi finds the stays of its definition: a radius around a "
          "moving centre, gaps by day and by night, jumps forgiven. Ways with `in-order` trust the order of the file, as Kayoi "
          "does. `*`: the engine's fastest way.\n")
    print("| threads | engine | way | runs | seconds (min to max) | M pings/s | Kayoi is faster by | processor, s | memory, MB "
          "| stays | stay hours | same answers |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    # Engines are held against each other, whatever the threads.
    common = next((found[0] for (_, peer, _), found in runs.items() if peer != OURS), None)
    for key in sorted(runs, key=lambda key: (key[0], key[1] != OURS, key[1])):
        print(engine_row(key, runs, common))
    print()


def engine_row(key, runs, common):
    threads, peer, way = key
    found = runs[key]
    seconds = sorted(line["seconds"] for line in found)
    middle = statistics.median(seconds)
    ways = [statistics.median(line["seconds"] for line in other) for (count, name, _), other in runs.items()
            if (count, name) == (threads, peer)]
    mark = "*" if len(ways) > 1 and middle == min(ways) else ""
    own = runs.get((threads, OURS, "")) if peer != OURS else None
    ratio = f"{middle / statistics.median(line['seconds'] for line in own):.2f}" if own else ""
    return (f"| {threads} | {peer} | {way}{mark} | {len(found)} | {middle:.2f} ({seconds[0]:.2f} to {seconds[-1]:.2f}) "
            f"| {found[0]['pings'] / middle / 1e6:.1f} | {ratio} | {middle_of(found, 'processor_s', '.2f')} "
            f"| {middle_of(found, 'memory_mb', '.0f')} | {found[0]['stays']:,} | {found[0]['stay_seconds'] / 3600:,.0f} "
            f"| {'' if peer == OURS else same(found, common)} |")


def middle_of(found, name, form):
    numbers = [line[name] for line in found if line.get(name) is not None]
    return f"{statistics.median(numbers):{form}}" if numbers else ""


def same(found, common):
    different = {name for line in found for name in ANSWER if line.get(name) != common.get(name)}
    return f"NO: {', '.join(sorted(different))}" if different else "yes"


def print_real(lines):
    if not lines:
        return
    print("Real trajectories, one thread. Seconds are of detection alone; Kayoi's are of its whole process, reading included.\n")
    print("| data | peer | options | fixes | seconds (min to max) | reading, s | stays | stay hours | people |")
    print("|---|---|---|---|---|---|---|---|---|")
    runs = {}
    for line in lines:
        runs.setdefault((line["data"], line["peer"], line.get("options", "")), []).append(line)
    for (data, peer, options), found in runs.items():
        seconds = sorted(line["seconds"] for line in found)
        first = found[0]
        name = f"{peer} {first['version']}" if "version" in first else peer
        figures = [f"{first[key]:{form}}" if key in first else "" for key, form in
                   [("pings", ","), ("stays", ","), ("stay_hours", ",.0f"), ("users", "")]]
        took = f"{statistics.median(seconds):.2f} ({seconds[0]:.2f} to {seconds[-1]:.2f})"
        print(f"| {data} | {name} | {options} | {figures[0]} | {took} "
              f"| {middle_of(found, 'read_s', '.2f')} | {figures[1]} | {figures[2]} | {figures[3]} |")
    for (_, peer, options), found in runs.items():
        if found[0].get("settings") and found[0]["data"] == lines[0]["data"]:
            print(f"\n- {peer}, {options}: {', '.join(f'{name} {value:g}' for name, value in found[0]['settings'].items())}")
    print()


def print_differences(lines):
    if not lines:
        return
    print("Where they differ, in hours of stays. Shared: the other side has a stay at that time within 300 m. Alone: stays of "
          "which the other side has no minute.\n")
    print("| data | peer | options | side | stays | hours | shared | alone | the rest, by kind |")
    print("|---|---|---|---|---|---|---|---|---|")
    for line in lines:
        for side, name in KINDS:
            kinds = "; ".join(f"{kind} {hours:,.0f} h ({percent(hours, line[f'{side}_hours'])})"
                              for kind, hours in line[f"only_{side}_hours"].items())
            print(f"| {line['data']} | {line['compared']} | {line['options']} | {name} | {line[f'{side}_stays']:,} "
                  f"| {line[f'{side}_hours']:,.0f} | {line[f'{side}_shared']:.1%} | {line[f'{side}_alone']:,} | {kinds} |")


def percent(part, whole):
    return f"{part / whole:.1%}" if whole else "-"


if __name__ == "__main__":
    main()
