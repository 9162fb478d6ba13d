"""The document of `make accuracy`: Kayoi beside the rule in SQL, by pings a day and kindness of the phones.

In: a folder of worlds, each with `world.json`, `score.json` of Kayoi and, of plain lives, `rule.json` of the rule. Out:
Markdown; worlds of real lives have a part of their own (`real_lives.py`). Seeds of one kind of world are pooled: their counts
are added before anything is divided. What people wrote into the section "Where it fails" of an earlier document is kept.
"""

import argparse
import json
import pathlib
import sys

import class_errors
import real_lives
from figures import TUNED, f1, number, percent, pool, recall, share, table, three

FAILS = "## Where it fails"
FAILS_EMPTY = "To be written by whoever has read the tables."
SYSTEMS = {"Kayoi": "score", "SQL, regular": "regular", "SQL, any": "any"}
CONFUSION = ("hard", "20")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--class-errors", type=pathlib.Path, help="file for what phones show of each kind of tie")
    parser.add_argument("--line", action="store_true", help="print one line about the folder of one world")
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    if options.line:
        print(line(read(options.folder)))
        return
    worlds = [read(path.parent) for path in sorted(options.folder.glob("*/world.json"))]
    if not worlds:
        raise SystemExit(f"no world in {options.folder} was measured")
    earlier = options.out.read_text(encoding="utf-8") if options.out.exists() else ""
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(document(worlds, fails(earlier)), encoding="utf-8")
    if options.class_errors:
        print(class_errors.write(options.class_errors, worlds), file=sys.stderr)


def read(folder):
    """One world: what it is, and a score by system."""
    def load(name):
        return json.loads((folder / name).read_text(encoding="utf-8"))

    # Worlds that were measured before there were real lives do not say that theirs are plain.
    world = {"lives": "plain", **load("world.json"), "score": load("score.json")}
    return {**world, **load("rule.json")} if world["lives"] == "plain" else world


def line(world):
    own = world["score"]
    said = (f"nights {number(own['nights']['given_share'])} given, {number(own['nights']['right_share'])} right; "
            f"dual F1 {number(own['dual']['f1'])}")
    return f"{said}, SQL {number(world['any']['dual']['f1'])}" if "any" in world else said


def kinds_of_world(worlds):
    """Preset and rate, kind and sparse first."""
    def order(kind):
        preset, rate = kind
        return ["easy", "hard"].index(preset), float("inf") if rate == "mix" else float(rate)

    return sorted({(world["preset"], world["rate"]) for world in worlds}, key=order)


class Group:
    """The worlds of one kind."""

    def __init__(self, worlds, kind):
        self.preset, self.rate = kind
        self.worlds = [world for world in worlds if (world["preset"], world["rate"]) == kind]

    def of(self, system="score"):
        return pool([world[system] for world in self.worlds])

    def spread(self, figure, system="score"):
        """Greatest less least of a figure over the seeds."""
        values = [value for world in self.worlds if (value := figure(world[system])) is not None]
        return max(values) - min(values) if values else 0


# Tables


def by_kind(groups, header, cells):
    """One row a kind of world."""
    rows = [[group.preset, group.rate, *cells(group)] for group in groups]
    return table(["phones", "pings a day", *header], rows)


def by_system(groups, systems, header, cells):
    """One row a kind of world and a system."""
    rows = [[group.preset, group.rate, name, *cells(group.of(systems[name]))] for group in groups for name in systems]
    return table(["phones", "pings a day", "by", *header], rows)


def seeds_differ(groups, figure, systems=("score", "any")):
    if max(len(group.worlds) for group in groups) < 2:
        return "One seed only: no spread is known."
    most = max(group.spread(figure, system) for group in groups for system in systems)
    return f"Between the seeds of a row this differs by {number(most)} at most."


# Sections


def nights(groups):
    def cells(group):
        own, plain = group.of()["nights"], group.of("any")["nights"]
        given = [number(share(found["given"], found["truth"])) for found in (own, plain)]
        right = [number(share(found["right"], found["given"]), 4) for found in (own, plain)]
        correct = [number(share(found["right"], found["truth"])) for found in (own, plain)]
        inferred = own.get("by_status", {}).get("inferred", {"given": 0, "right": 0})
        return [f"{own['truth']:,}", *given, *right, *correct, number(share(inferred["given"], own["given"])),
                number(share(inferred["right"], inferred["given"]), 4)]

    header = ["true nights", "given: Kayoi", "SQL", "of these right: Kayoi", "SQL", "given and right: Kayoi", "SQL",
              "Kayoi's inferred, of given", "of these right"]
    return [
        "## Nights",
        "Nights of the month that were truly slept in a municipality. A night is given when a municipality stands beside "
        "it. Kayoi gives a night as `observed` when a stay in the night window shows it, as `inferred` when the fixes "
        "before and after make one municipality likely enough, and else not at all; the rule gives each night that has a "
        "fix.",
        by_kind(groups, header, cells),
        seeds_differ(groups, lambda score: score["nights"]["given_share"]),
    ]


def primaries(groups):
    def cells(group):
        own, plain = group.of()["primary"], group.of("any")["primary"]
        return [f"{own['truth']:,}", *(number(share(found["located"], found["truth"])) for found in (own, plain)),
                *(number(share(found["right"], found["located"])) for found in (own, plain)),
                *(number(share(found["right"], found["truth"])) for found in (own, plain)), own.get("nearly_even", "–")]

    header = ["devices", "located: Kayoi", "SQL", "of these right: Kayoi", "SQL", "right of all: Kayoi", "SQL",
              "nearly even"]
    return [
        "## Primary residence",
        "Devices with a true primary residence at the end of the month. Of two residences that were slept in nearly as "
        "often (10 %), either is right, for Kayoi and for the rule.",
        by_kind(groups, header, cells),
        seeds_differ(groups, lambda score: score["primary"]["recall"]),
    ]


def duals(groups):
    def cells(score):
        return [*three(score["dual"]), number(f1(score["dual_devices"]))]

    return [
        "## Second residence",
        "Pairs of device and municipality. A pair is found when it is the true second residence (of nearly even ones, "
        "either). The last column asks only whether the device has a second residence at all.",
        by_system(groups, SYSTEMS, ["F1", "precision", "recall", "F1 of devices"], cells),
        seeds_differ(groups, lambda score: score["dual"]["f1"]),
    ]


def regimes(groups):
    names = sorted({name for group in groups for name in group.of()["dual_recall_by_regime"]})
    true_ones = pool([group.of() for group in groups])["dual_recall_by_regime"]
    counts = ", ".join(f"{name} {(true_ones[name]['found'] + true_ones[name]['missed']) // len(groups)}" for name in names)

    def cells(score):
        found = score["dual_recall_by_regime"]
        return [number(recall(found[name])) if name in found else "–" for name in names]

    sections = [
        "### Found, by regime",
        f"The share of true second residences that is found, by how the nights are divided. True ones in a row: {counts}.",
        by_system(groups, SYSTEMS, names, cells),
    ]
    confusion = next((group.of().get("dual_regimes") for group in groups if (group.preset, group.rate) == CONFUSION), None)
    if confusion:
        sections += [f"What Kayoi calls the ones that it finds ({', '.join(CONFUSION)} pings a day; rows are the truth):",
                     matrix(confusion)]
    return sections


def wrong_duals(groups):
    people = pool([group.of("any") for group in groups])["personas"]
    wrong = {persona for group in groups for system in SYSTEMS.values()
             for persona in group.of(system)["dual_false_positives"]}
    first = [persona for persona in ("mover", "kin") if persona in people]
    names = first + sorted(wrong - set(first))
    counts = ", ".join(f"{name} {people.get(name, 0) // len(groups)}" for name in names)

    def cells(score):
        found = score["dual_false_positives"]
        return [found.get(name, 0) for name in names]

    return [
        "### Taken for dual residents",
        "Second residences that are not true, by what the person is: a mover has left one home for another, kin visit "
        "family often. Under `dual` stand dual residents whose primary residence was taken for the second one, or whose "
        f"nights are too few. Devices in a row: {counts}.",
        by_system(groups, SYSTEMS, names, cells),
    ]


def bias(groups):
    def off(score):
        found = score["dual_counts"]
        return share(found["seen"] - found["truth"], found["truth"])

    def cells(group):
        return [group.of()["dual_counts"]["truth"], *(percent(off(group.of(system))) for system in SYSTEMS.values())]

    return [
        "### Number of dual residents",
        "Seen less true second residences, as a share of the true ones: what a published count would be off by, before "
        "weighting. It should not follow the number of pings. Wrong ones and missed ones cancel here, not in F1.",
        by_kind(groups, ["true ones", *SYSTEMS], cells),
        seeds_differ(groups, off, SYSTEMS.values()),
    ]


def ties(groups):
    def cells(group):
        own = group.of()
        classes = own["classes"]
        return [*three(own["kinds"]["repeat_or_stronger"]), *three(own["workation"]),
                number(share(classes["equal"], classes["truth"])), number(share(classes["equal_coarse"], classes["truth"]))]

    header = ["repeat or stronger: F1", "precision", "recall", "workation: F1", "precision", "recall",
              "visit-day class right", "in 1, 2–7, 8+"]
    wrong = pool([group.of()["workation_false_positives"] for group in groups])
    told = ", ".join(f"{persona} {count}" for persona, count in sorted(wrong.items(), key=lambda item: -item[1]))
    return [
        "## Ties",
        "Pairs of device and municipality over the twelve months. A tie is repeat or stronger when it is of any kind but "
        "`one_off`. Classes of visit days are those of visitors; a true tie that is not seen counts as wrong. The rule in "
        "SQL says nothing of ties.",
        by_kind(groups, header, cells),
        seeds_differ(groups, lambda score: score["kinds"]["repeat_or_stronger"]["f1"], ["score"]),
        f"Wrong workations in all worlds, by persona: {told or 'none'}.",
    ]


def kinds(groups):
    """The matrix of one world, not of all its seeds: it can be counted again by hand."""
    group = next((group for group in groups if (group.preset, group.rate) == CONFUSION), groups[0])
    world = group.worlds[0]
    found = world["score"]["kinds"]
    order = list(found["by_kind"])
    rows = [[name, *three(found["by_kind"][name]), found["by_kind"][name]["found"] + found["by_kind"][name]["missed"]]
            for name in order]
    return [
        f"### Kinds ({world['preset']}, {world['rate']} pings a day, seed {world['seed']})",
        "Rows are the truth, columns what Kayoi says. `none`: no tie, or an excluded one.",
        matrix(found["confusion"]),
        table(["kind", "F1", "precision", "recall", "true ones"], rows),
    ]


# The strongest first, as the kinds are defined.
KINDS = ["dual_resident", "workation", "satellite_office", "business", "itinerant", "seasonal_worker", "connected",
         "repeat", "one_off", "none"]


def matrix(confusion):
    def order(names):
        return sorted(names, key=lambda name: (KINDS.index(name) if name in KINDS else len(KINDS), name))

    columns = order({name for seen in confusion.values() for name in seen})
    rows = [[f"**{name}**", *(confusion[name].get(column, 0) for column in columns)] for name in order(confusion)]
    return table(["truth", *columns], rows)


def stays(groups):
    def cells(group):
        found = group.of()["stays"]
        matched, seen, true = found["matched_minutes"], found["seen_minutes"], found["truth_minutes"]
        counted = [number(share(found["missed"], found["truth"])), number(share(found["merged"], found["seen"])),
                   number(share(found["split"], found["truth"]))]
        return [f"{found['truth']:,}", number(share(2 * matched, seen + true)), number(share(matched, seen)),
                number(share(matched, true)), *counted]

    header = ["true stays", "F1", "precision", "recall", "missed", "merged", "split"]
    return [
        "## Stays",
        "Stays of the month against the diary, weighted by minutes: a minute is right when the seen stay lies within "
        "500 m of where the person was. True stays last 10 minutes or more. Missed: the share of true stays that no seen "
        "one matches; merged: of seen stays that hold true ones at different places; split: of true stays seen as several.",
        by_kind(groups, header, cells),
        seeds_differ(groups, lambda score: score["stays"]["f1"], ["score"]),
    ]


def work(groups):
    def cells(group):
        found = group.of()["work"]
        # Means of worlds of nearly the same size: weighted by their device-months.
        parts = [world["score"]["work"] for world in group.worlds]
        errors = sum((part["telework_mean_absolute_error"] or 0) * part["device_months"] for part in parts)
        return [f"{found['commuters']:,}", number(share(found["found"], found["commuters"])),
                f"{found['telework_days_truth']:,}",
                number(share(found["telework_days_seen"], found["telework_days_truth"])),
                number(share(errors, found["device_months"]), 2)]

    header = ["commuters", "workplace found", "true telework days", "seen, of true", "mean error, days a month"]
    return [
        "## Workplace and telework",
        "Commuters have eight or more true days at the workplace in the month; it is found when its municipality is right. "
        "Telework days are working days at home of people who otherwise commute.",
        by_kind(groups, header, cells),
    ]


def document(worlds, where_it_fails):
    plain = [world for world in worlds if world["lives"] == "plain"]
    groups = [Group(plain, kind) for kind in kinds_of_world(plain)]
    sections = [*heading(worlds), *(opening(plain) if plain else [])]
    for section in (nights, primaries, duals, regimes, wrong_duals, bias, ties, kinds, stays, work) if plain else ():
        sections += section(groups)
    sections += real_lives.sections([world for world in worlds if world["lives"] != "plain"])
    return "\n\n".join([*sections, FAILS, where_it_fails]) + "\n"


def heading(worlds):
    imported = all(world["borders"] == "imported" for world in worlds)
    borders = "imported borders" if imported else "the embedded simplified borders"
    return [
        "# Accuracy",
        "Written by `make accuracy`, but for the last section. Kayoi's tables are compared with the truth of simulated "
        "worlds: where each person was, slept and lived. The simulator writes the truth from the people's plans and never "
        "from pings; the truth applies Kayoi's own definition to it, so that a difference is an error of inference and not "
        "of taste. The worlds are simulated: personas, phones and delivery are as their author imagined them, and real "
        f"people do other things. Municipalities are by {borders}.",
    ]


def opening(worlds):
    seeds = sorted({world["seed"] for world in worlds})
    sizes = sorted({(world["devices"], world["days"]) for world in worlds})
    size = "; ".join(f"{devices:,} people over {days} days" for devices, days in sizes)
    tuned = sorted(TUNED["plain"] & set(seeds))
    told = "no figure of them stands here."
    if tuned:
        told = f"**{', '.join(map(str, tuned))} of them are here: these figures flatter.**"
    months = ", ".join(sorted({world["score"]["month"] for world in worlds}))
    return [
        f"The first sections are about worlds of plain lives: {size}; seeds {', '.join(map(str, seeds))} of each kind, pooled, "
        f"so that a figure is a share of the counts of all; month {months} and the twelve months that end with it. Seeds 1 to 3 "
        f"and 101 to 105 were used to choose thresholds and to develop; {told} `easy` and `hard` say how unkind phones and "
        "delivery are (`kayoi simulate --help`); pings a day are the mean of a device.",
        "Beside Kayoi stands what one would otherwise write in SQL (`tests/peers/sql_rule.py`), on the same pings, the "
        "same municipality of each ping and the same thresholds: a night is in the municipality that has most of its hours "
        "with a fix; the primary residence has most of the last 60 nights, 10 at least; a second one lies 10 km away and "
        "has 30 nights a year, scaled by the nights that were seen. Its variant `regular` also wants nights in six different "
        "months; `any` does not. Compare with the better of the two. Nights and primary residence are the same for both.",
    ]


def fails(earlier):
    """The section that people write, from an earlier document."""
    _, found, after = earlier.partition(FAILS + "\n")
    return after.strip() if found and after.strip() else FAILS_EMPTY


if __name__ == "__main__":
    main()
