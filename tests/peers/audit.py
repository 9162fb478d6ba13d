"""An audit of a release by tau-argus: what a reader can derive of each hidden figure from all that is published.

In: tables of a release as CSV, its manifest, and the exact counts of the simulated nation, of one month and of whole
prefectures. Out: a report. The programs that compute the intervals are those of tau-argus (package pytauargus, by other
authors), with which statistical offices audit suppressed tables. The same audit runs on the same counts with a threshold
only: it must find narrow cells there, or it is broken.
"""

import argparse
import collections
import concurrent.futures
import json
import statistics
import sys
import time

from audit_decode import BLOCKS, KINDS, ORIGINS, Release
from audit_exact import exact as read_exact
from audit_relations import DAYS, DIFFERENCES, PLACES, difference, prefecture_intervals, town_intervals
from audit_system import Infeasible, System
from audit_views import EVERYBODY, Noised, Threshold


def of_prefecture(task):
    """All intervals of a prefecture's towns, and the towns (or the prefecture) for which no counts fit."""
    view, exact, prefecture, towns, rounds = task
    found, infeasible = {}, set()
    for _ in range(rounds):
        try:
            totals = prefecture_intervals(view, exact, prefecture, towns, found)
        except Infeasible:
            infeasible.add(prefecture)
            totals = {}
        for town in towns:
            try:
                found |= town_intervals(view, exact, town, totals)
            except Infeasible:
                infeasible.add(town)
    return found, infeasible


def intervals(view, exact, prefectures, towns, options):
    """Those of all prefectures, each in a process of its own: tau-argus is not meant for several threads."""
    tasks = [
        (view, exact, prefecture, [town for town in towns if town[:2] == prefecture], options.rounds)
        for prefecture in prefectures
    ]
    found, infeasible = {}, set()
    with concurrent.futures.ProcessPoolExecutor(options.jobs, max_tasks_per_child=1) as pool:
        for some, none in pool.map(of_prefecture, tasks):
            found |= some
            infeasible |= none
    return found, sorted(infeasible)


def audited(view, exact, towns, options):
    """The figures of a view's report."""
    started = time.perf_counter()
    found, infeasible = intervals(view, exact, options.prefectures, towns, options)
    narrow = options.narrow
    hidden, cells = [], [(t, k, p) for t in towns for k in KINDS for p in PLACES]
    tally = collections.Counter(cells=len(cells))
    for name in cells:
        if not view.is_hidden(*name):
            continue
        tally["hidden"] += 1
        if name[0] in infeasible:
            continue
        # A cell that was known before has no interval of its own.
        low, high = found.get(name) or view.bounds(*name)
        hidden.append(high - low)
        tally["narrow"] += high - low < narrow
        tally["exact"] += high == low
        tally["narrow_above_0"] += high - low < narrow and exact[name] > 0
        tally["known_above_0"] += low > 0
        tally["truth_outside"] += not low <= exact[name] <= high
    for town in (town for town in towns if town not in infeasible):
        for rule in range(DIFFERENCES):
            for place in PLACES:
                truth = difference(exact, town, place, rule)
                low, high = found.get(("less", town, rule, place), (truth, truth))
                tally["truth_outside"] += not low <= truth <= high
                if 0 < truth < 10:
                    tally["differences"] += 1
                    tally["narrow_differences"] += high - low < narrow
    quantiles = statistics.quantiles(hidden, n=100) if len(hidden) > 1 else [0] * 99
    return {
        "view": view.name,
        **{
            key: tally[key]
            for key in (
                "cells",
                "hidden",
                "narrow",
                "narrow_above_0",
                "exact",
                "known_above_0",
                "truth_outside",
                "differences",
                "narrow_differences",
            )
        },
        "width_least": min(hidden, default=None),
        "width_1%": quantiles[0],
        "width_median": quantiles[49],
        "infeasible": infeasible,
        "seconds": round(time.perf_counter() - started, 1),
    }


def believed(release, exact, narrow):
    """A reader who takes what is published for exact, one relation at a time: figures that carry noise of their own seldom
    fit together."""
    tally = collections.Counter()
    value = {name: round(sum(found) / 2) for name, found in release.figures.items()}
    relations = []
    for town in release.towns:
        for kind in KINDS:
            relations.append(((town, kind, EVERYBODY), [(town, kind, origin) for origin in ORIGINS]))
            relations += [((town, kind, b), [(town, kind, o) for o in of]) for b, of in BLOCKS.items() if len(of) > 1]
        relations += [((town, "visitor", place), [(town, kind, place) for kind in DAYS]) for place in PLACES]
    for whole, parts in relations:
        if whole not in value:
            continue
        hidden = [part for part in parts if part not in value]
        if not hidden:
            tally["without_hidden"] += 1
            tally["without_hidden_that_fit"] += value[whole] == sum(value[part] for part in parts)
            continue
        tally["relations"] += 1
        system = System()
        try:
            for name in (whole, *parts):
                known = (value[name],) * 2 if name in value else (0, release.threshold - 1)
                system.cell(name, exact[name], known)
            system.parts(whole, parts)
            found = system.audit()
        except Infeasible:
            tally["infeasible"] += 1
            continue
        for name in hidden:
            low, high = found[name]
            tally["hidden"] += 1
            tally["narrow"] += high - low < narrow
            tally["narrow_and_true"] += high - low < narrow and low <= exact[name] <= high
            tally["exact"] += high == low
            tally["exact_and_true"] += low == high == exact[name]
    return {"view": "release, believed to be exact, relation by relation", **tally}


def decoded(release, exact):
    """How near the decoded devices are to the exact counts, in sigmas; 1 is what the noise makes."""
    levels = collections.defaultdict(list)
    for (town, kind, place), found in release.figures.items():
        level, sigma = ("all", release.sigma) if place == "all" else ("origin", release.sigma)
        if place in BLOCKS:
            level, sigma = "block", release.sigma * len(BLOCKS[place]) ** 0.5
        levels[level].append((sum(found) / 2 - exact[town, kind, place], sigma, found[1] - found[0]))
    return {
        level: {
            "figures": len(errors),
            "sd_in_sigmas": round(statistics.pstdev(e / s for e, s, _ in errors), 3),
            "mean_in_sigmas": round(statistics.fmean(e / s for e, s, _ in errors), 3),
            "counts_read_exactly": round(statistics.fmean(round(e) == 0 for e, _, _ in errors), 4),
            "one_whole_number": round(statistics.fmean(w == 0 for _, _, w in errors), 4),
        }
        for level, errors in levels.items()
    } | {"misfits": release.misfits}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", required=True, metavar="FOLDER", help="CSV files of the release and manifest.json")
    parser.add_argument("--exact", required=True, metavar="FILES", help="Parquet of `indicators` of that month")
    parser.add_argument("--year", type=int, required=True, help="calendar year, whose weights count")
    parser.add_argument("--prefectures", nargs="+", default=["16", "32", "45"], help="whole ones (default: 60 towns)")
    parser.add_argument("--sigmas", nargs="+", type=float, default=[6.0, 3.0], help="how far noise may reach")
    parser.add_argument("--narrow", type=int, default=9, help="devices; a narrower interval is a finding")
    parser.add_argument("--rounds", type=int, default=1, help="how often towns and their prefecture narrow each other")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    options = parser.parse_args()
    release = Release(options.tables, options.prefectures, options.year)
    exact = read_exact(options.exact, options.prefectures)
    report = {"towns": len(release.towns), "decoded": decoded(release, exact), "audits": []}
    views = [Threshold(exact, release.least), *(Noised(release, sigmas) for sigmas in options.sigmas)]
    for view in views:
        report["audits"].append(audited(view, exact, release.towns, options))
        print(json.dumps(report["audits"][-1]), file=sys.stderr, flush=True)
    report["believed"] = believed(release, exact, options.narrow)
    print(json.dumps(report, indent=1, ensure_ascii=False))
    canary, hard = report["audits"][:2]
    if not canary["narrow"]:
        sys.exit("audit: the canary has no narrow cell, so the audit is broken")
    if hard["narrow"] or hard["narrow_differences"] or hard["infeasible"]:
        sys.exit("audit: a reader of the release can derive what should be hidden, see above")


if __name__ == "__main__":
    main()
