"""The table of `make accuracy-labelled`: homes and work places given to real people beside what annotators saw.

In: the labelled stops, and for each system lines of JSON: user, day, homes (the primary first), work or null, and for the
table at equal shares `confidence` (of the home) and `work_confidence` (else `confidence`), more being surer. Days without
a stop are left out of account, also when a system speaks of them. Out: Markdown.
"""

import argparse
import collections
import datetime
import json
import math
import pathlib
import statistics

import labelled_truth
from labelled_measures import (
    LABELS,
    SECOND,
    WEEKS,
    day_figures,
    second_homes,
    surest_days,
    surest_users,
    tutorial_figures,
    two_homes,
    user_answers,
    user_figures,
)


def read(path, truth):
    """Lines by user and day since 1970-01-01."""
    epoch, found = datetime.date(1970, 1, 1), collections.defaultdict(dict)
    days = {user: person.days() for user, person in truth.items()}
    with path.open(encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            user, day = str(line["user"]), (datetime.date.fromisoformat(line["day"]) - epoch).days
            if user not in truth:
                raise SystemExit(f"{path}: a user who is not among the stops")
            if day in days[user]:
                line["homes"] = [str(loc) for loc in line["homes"]]
                line["work"] = None if line["work"] is None else str(line["work"])
                found[user][day] = line
    return found


def share(part, whole):
    return f"{part / whole:.1%} ({part:,} of {whole:,})" if whole else "none"


def interval(part, whole):
    """Wilson's 95 % interval: the people are few and the shares near one."""
    if not whole:
        return ""
    z, rate = 1.96, part / whole
    middle, half = rate + z * z / (2 * whole), z * math.sqrt(rate * (1 - rate) / whole + z * z / (4 * whole * whole))
    return f"{(middle - half) / (1 + z * z / whole):.0%} to {(middle + half) / (1 + z * z / whole):.0%}"


def table(head, rows):
    print("| " + " | ".join(head) + " |\n" + "|---" * len(head) + "|")
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()


def print_data(truth):
    nights = covered = deep = 0
    shares = []
    for person in truth.values():
        seen = {night for night, _ in person.night_s}
        length = person.stops[-1].end // labelled_truth.DAY_S - person.stops[0].start // labelled_truth.DAY_S
        nights, covered = nights + length, covered + len(seen)
        deep += len({night for night, _ in labelled_truth.seconds(person.stops, *labelled_truth.DEEP_NIGHT)})
        shares.append(len(seen) / length)
    homes = collections.Counter(min(2, len(person.locs("H"))) for person in truth.values())
    housed = sum(len(set(person.house.values())) > 1 for person in truth.values())
    works = sum(bool(person.locs("W")) for person in truth.values())
    print("Data: de Sojo Caso, Lucchini, Alessandretti (2025), doi 10.11583/DTU.28846325; the part with labels that is at "
          "hand.\n")
    print(f"{len(truth)} people, {sum(len(person.stops) for person in truth.values()):,} stops. Of {nights:,} nights, a stop "
          f"touches 22:00-08:00 in {covered / nights:.0%} (a person: median {statistics.median(shares):.0%}) and "
          f"01:00-04:00 in {deep / nights:.0%}. {homes[2]} people have two or more annotated homes, {housed} after one house "
          f"under several names is counted once; {works} have an annotated work place.\n")


def print_users(truth, systems):
    for label, name in LABELS.items():
        print(f"### {name}, by person\n")
        rows = []
        for system, lines in systems.items():
            given, right, main, house, people, extra = user_figures(truth, user_answers(lines, label), label)
            rows.append([system, share(people - given, people), f"{share(right, given)}, {interval(right, given)}",
                         share(main, given), share(house, given)] + ([extra] if label == "W" else []))
        table(["system", "none given", "an annotated one, of those given, 95 %", "the main one", "the main one's house"] +
              (["given to people without one"] if label == "W" else []), rows)


def print_equal(truth, systems, peers, ours):
    print("### At equal shares without an answer\n")
    print(f"`{ours}` with its least sure answers dropped until it is silent as often as the peer; — where it is silent more "
          "often by itself.\n")
    rows = []
    for peer in peers:
        for label, name in LABELS.items():
            theirs = user_figures(truth, user_answers(systems[peer], label), label)
            own = surest_users(truth, user_answers(systems[ours], label), label, theirs[0])
            mine = user_figures(truth, own, label) if own is not None else None
            rows.append([name, peer, share(theirs[4] - theirs[0], theirs[4]), share(theirs[1], theirs[0]),
                         share(mine[1], mine[0]) if mine else "—", share(theirs[3], theirs[0]),
                         share(mine[3], mine[0]) if mine else "—", *both(truth, systems[peer], systems[ours], label)])
    table(["", "peer", "none given", "peer right", f"{ours} right", "peer main house", f"{ours} main house",
           "both answer", "only the peer right", f"only {ours} right"], rows)


def both(truth, theirs, mine, label):
    theirs, mine = user_answers(theirs, label), user_answers(mine, label)
    common = [(truth[user].labels.get(theirs[user].loc) == label, truth[user].labels.get(mine[user].loc) == label)
              for user in theirs.keys() & mine.keys() if truth[user].locs(label)]
    return len(common), sum(a and not b for a, b in common), sum(b and not a for a, b in common)


def print_days(truth, systems, ours):
    print("### Home, by day and by week\n")
    print("Right: an annotated home, with a stop in that house within 14 days. The house: the one with most annotated night "
          "time within 14 days. A week's home is the one given on most of its days.\n")
    silent = {f"{ours} as silent as {peer}": fewer for peer, lines in systems.items() if ours in systems and peer != ours
              if (fewer := surest_days(systems[ours], lines)) is not None}
    rows = []
    for system, lines in (systems | silent).items():
        for name, days_a_step in (("days", 1), ("weeks", WEEKS)):
            steps, given, right, known, house = day_figures(truth, lines, days_a_step)
            rows.append([system, name, share(steps - given, steps), share(right, given), share(house, known)])
    table(["system", "", "none given", "right, of those given", "the right house, where known"], rows)


def print_two_homes(truth, systems):
    labelled = {user: pairs for user, person in truth.items() if (pairs := person.alternations())}
    housed = {user: pairs for user, person in truth.items()
              if (pairs := person.alternations(lambda loc, person=person: person.house.get(loc, loc)))}
    print("### People with two homes\n")
    print(f"{len(labelled)} people alternate between two annotated homes ({labelled_truth.HOME_NIGHTS} nights or more in each, "
          f"{labelled_truth.CHANGES} changes or more over {labelled_truth.CHANGES_DAYS} days or more); {len(housed)} when places "
          f"of one house are joined.\n")
    rows = []
    for system, lines in systems.items():
        row = [system]
        for group, by_house in ((labelled, False), (housed, True)):
            found = [two_homes(truth[user], lines[user], pairs, by_house) for user, pairs in group.items()]
            row += [sum(ever for ever, _ in found), sum(month for _, month in found)]
        others = collections.Counter(
            kind for user, person in truth.items() if user not in housed
            if (kind := two_homes(person, lines[user], None, True)))
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(others.items()))
        rows.append([*row, f"{others.total()}" + (f" ({kinds})" if kinds else "")])
    table(["system", f"both found, of {len(labelled)} by labels", "in one month", f"both found, of {len(housed)} with two houses",
           "in one month", "others given two in one month"], rows)


def print_second_homes(truth, systems):
    """For the lines of releases: the homes of each month, as it ends."""
    print("### Second homes, by month\n")
    print("The table shows what annotators saw at the places that the release of a month calls a second home: a person-month is "
          "a person, a month with a stop and a place. At a place that is not annotated, or annotated as work, nobody saw a home. "
          "Another house and the same house are annotated homes, beside the house of the first one. Long stays are no "
          "residences, and do not count.\n")
    rows = []
    for system, lines in systems.items():
        found = second_homes(truth, lines)
        unseen = found["not annotated"] | found["work"]
        with_any = {user for kind in SECOND for user, _, _ in found[kind]}
        cells = (unseen, *(found[kind] for kind in SECOND))
        rows.append([system, *map(person_months, cells), f"{len(with_any)} of {len(truth)}"])
    table(["system", "no annotator saw a home", "of these not annotated", "of these work", "another house", "the same house",
           "people with any"], rows)


def person_months(found):
    return f"{len(found)} of {len({user for user, _, _ in found})} people" if found else "none"


def print_tutorial(truth, systems):
    print("### As HoWDe's tutorial counts\n")
    rows = []
    for label, name in LABELS.items():
        for system, lines in systems.items():
            people, detected, matches, annotated = tutorial_figures(truth, lines, label)
            rows.append([name, system, people, detected, matches, f"{matches / annotated:.2%}" if annotated else "none",
                         f"{1 - detected / people:.2%}"])
    table(["", "system", "people", "detected", "matches", "matches of annotated locs", "none"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stops", type=pathlib.Path, required=True)
    parser.add_argument("--ours", default="kayoi", help="system with a confidence, compared with the others at equal shares")
    parser.add_argument("--months", action="append", default=[], metavar="NAME=LINES",
                        help="lines of a system whose homes are those of each month's release, for the table of second homes")
    parser.add_argument("systems", nargs="+", metavar="NAME=LINES")
    options = parser.parse_args()
    truth = labelled_truth.people(options.stops)
    systems, by_month = ({name: read(pathlib.Path(path), truth) for name, _, path in (word.partition("=") for word in given)}
                         for given in (options.systems, options.months))
    print_data(truth)
    print_users(truth, systems)
    if options.ours in systems:
        print_equal(truth, systems, [name for name in systems if name != options.ours], options.ours)
    print_days(truth, systems, options.ours)
    print_two_homes(truth, systems)
    if by_month:
        print_second_homes(truth, by_month)
    print_tutorial(truth, systems)


if __name__ == "__main__":
    main()
