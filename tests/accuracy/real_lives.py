"""The part of the document of `make accuracy` about real lives: kinds of people, the panel, pings a day.

In: worlds of real lives with their scores. Out: sections of Markdown. Figures of people are pairs of a person and a
municipality, those of ids pairs of an id and a municipality; each section says which.
"""

import class_errors
from figures import TUNED, f1, number, percent, pool, recall, share, table, three

USUAL_RATE, USUAL_RESETS = "20", 3
SORTS = {"dual": "second residences", "connected": "connected ties"}
WORKATIONS = {"workation": "at a desk elsewhere", "room_workation": "in the room"}


def sections(worlds):
    """All of the part; none without worlds."""
    if not worlds:
        return []
    kinds = [world for world in worlds if world["lives"] == "kinds"]
    mixtures = [world for world in worlds if world["lives"] == "mixture"]
    found = opening(worlds)
    several = [world for world in kinds if world["kinds"] not in WORKATIONS]
    if several:
        found += by_kind(several) + at_work([world for world in kinds if world["kinds"] in WORKATIONS])
    at_usual_rate = groups([world for world in mixtures if world["rate"] == USUAL_RATE], "resets")
    if at_usual_rate:
        found += panel(at_usual_rate)
    with_usual_resets = groups([world for world in mixtures if world["resets"] == USUAL_RESETS], "rate")
    if with_usual_resets:
        found += rates(with_usual_resets) + class_errors.section(mixtures)
    return found


def groups(worlds, key):
    """Scores by a value that tells the worlds apart, the least first."""
    return {value: [world["score"] for world in worlds if world[key] == value]
            for value in sorted({world[key] for world in worlds}, key=lambda value: float("inf" if value == "mix" else value))}


def opening(worlds):
    seeds = sorted({world["seed"] for world in worlds})
    months = ", ".join(sorted({world["score"]["month"] for world in worlds}))
    tuned = sorted(TUNED["real"] & set(seeds))
    told = "no figure of them stands here."
    if tuned:
        told = f"**{', '.join(map(str, tuned))} of them are here: these figures flatter.**"
    chosen_on = ", ".join(map(str, sorted(TUNED["real"])))
    return [
        "## Real lives",
        "Plain lives are of thirteen kinds, and every phone is seen. The worlds of this part have what reality is full of: "
        "night work, hospitals, births at the parents' house, students, lorry drivers, teams that travel together, visitors "
        "from abroad, second phones, travel at real speeds by road and rail, days on which the feed is thin, and advertising "
        "ids that are reset. In the worlds with a panel nine of ten people have no phone in it, and the truth is about "
        "everybody (`kayoi simulate --lives real`).",
        f"Seeds of each world: {', '.join(map(str, seeds))}, pooled; month {months} and the twelve months that end with it; "
        f"phones and delivery are `hard`. Seeds {chosen_on} of these worlds were used to choose thresholds and models; {told}",
    ]


def sizes(worlds):
    return "; ".join(f"{people:,} people over {days} days" for people, days in
                     sorted({(world["devices"], world["days"]) for world in worlds}))


# Kinds


def by_kind(worlds):
    people = pool([world["score"]["people"]["by_kind"] for world in worlds])
    rows = []
    for kind, of_kind in sorted(people.items(), key=lambda item: place(worlds, item[0])):
        count, located = of_kind["panel"], of_kind["located"]
        # Who lives elsewhere has no home here that could be right.
        is_domestic = kind != "from_abroad"
        right = number(share(of_kind["primary_right"], located)) if is_domestic else "–"
        rows.append([kind, count, number(share(located, count)), right, of_kind["with_true_second"], of_kind["with_second"],
                     *wrong(of_kind["dual"]), of_kind["connected"]["panel_truth"], *wrong(of_kind["connected"]),
                     number(share(of_kind["called_from_abroad"], count))])
    header = ["kind", "people", "located", "of these primary right", "truly with a second residence", "with one by Kayoi",
              "second residences invented", "missed", "connected: true", "invented", "missed", "called from abroad"]
    domestic = [of_kind for kind, of_kind in people.items() if kind != "from_abroad"]
    called, of = (sum(of_kind[name] for of_kind in domestic) for name in ("called_from_abroad", "panel"))
    return [
        "### People of one kind",
        f"This table shows what Kayoi says of people of each kind, as many of one as of another, at {USUAL_RATE} pings a day, "
        f"when everybody is seen with one id (a world has {sizes(worlds)}). Located is who has a primary residence in the "
        "month; of visitors from abroad, who ever has one: that share should be 0. A second residence or a connected tie is "
        "invented when it is not true of the person; invented and missed stand apart, because a sum in which they cancel proves "
        "nothing.",
        table(header, rows),
        f"Of {of:,} people who live in the country {called} are called visitors from abroad ({100 * share(called, of):.1f} %).",
    ]


def place(worlds, kind):
    order = worlds[0]["kinds"].split(",")
    return order.index(kind) if kind in order else len(order)


def wrong(pairs):
    return pairs["invented"], pairs["missed"]


def at_work(worlds):
    rows = []
    for kind, words in WORKATIONS.items():
        found = [world["score"]["workation"] for world in worlds if world["kinds"] == kind]
        if found:
            total = pool(found)
            rows.append([words, total["found"] + total["missed"], *three(total)])
    if not rows:
        return []
    return [
        "### Workation by where people work",
        "This table shows how many workations are found of people who work at a desk away from the room, and of people who "
        "work in the room where they sleep. A phone cannot tell work in a room from a day of rest there, so what is counted is a "
        "lower bound of all workations. These worlds have nobody else who could be taken for one: precision is in the "
        "tables by pings a day.",
        table(["work", "true ones", "F1", "precision", "recall"], rows),
    ]


# The panel


def panel(by_resets):
    pooled = {resets: pool([score["people"] for score in scores]) for resets, scores in by_resets.items()}
    several = len(next(iter(by_resets.values())))
    people = next(iter(pooled.values()))["people"] // several
    found = [
        "### A population outside the panel",
        f"In these worlds {people:,} people live in the country. A tenth of them has a phone in the panel, and so many percent "
        f"of the phones change their advertising id in a month. Pings a day are {USUAL_RATE}. The truth is of people, whatever "
        "ids they had. Pairs are of a person and a municipality: who is tied to two towns is counted in both.",
        "This table shows for how many of its people the year's panel can speak: those behind an id that was seen long "
        "enough, on enough days, to have had the time to come back. It shows too who is called a visitor from abroad.",
        table(["resets a month", "people in the panel", "the year's panel speaks for", "share", "of the panel called from abroad",
               "share", "visitors from abroad", "of these called so"], [speaks(resets, of) for resets, of in pooled.items()]),
        "This table shows what a nation would read. The estimate weights what Kayoi says of the panel by where people live. The "
        "panel without error is the same people, weighted in the same way, with their true residences and ties, so its bias is "
        "the luck of the draw; the last column is what Kayoi's own errors add to it.",
        table(["pairs", "resets a month", "truth of everybody", "estimate", "bias", "panel without error", "bias",
               "bias of Kayoi alone"], [read(sort, resets, of) for sort in SORTS for resets, of in pooled.items()]),
        spread(by_resets),
        "This table shows what the sums are made of. A sum that is right because errors cancel does not count: invented and "
        "missed pairs stand side by side, each as a share of the true ones of the people that the panel speaks for. Doubled are "
        "pairs that a second id of the same person shows once more.",
        table(["pairs", "resets a month", "true in the panel", "found", "invented", "doubled", "missed",
               "invented and doubled, of true", "missed, of true"],
              [made_of(sort, resets, of) for sort in SORTS for resets, of in pooled.items()]),
    ]
    for sort in SORTS:
        found += whose(sort, pooled)
    return found


def rate_of_resets(resets):
    return f"{resets} %"


def speaks(resets, of):
    domestic = [of_kind for kind, of_kind in of["by_kind"].items() if kind != "from_abroad"]
    called = sum(of_kind["called_from_abroad"] for of_kind in domestic)
    abroad = of["by_kind"].get("from_abroad", {"panel": 0, "called_from_abroad": 0})
    return [rate_of_resets(resets), f"{of['panel']:,}", f"{of['counted']:,}", number(share(of["counted"], of["panel"])), called,
            number(share(called, of["panel"]), 4), abroad["panel"], number(share(abroad["called_from_abroad"], abroad["panel"]))]


def off(estimate, truth):
    return share(estimate - truth, truth)


def read(sort, resets, of):
    own, truth = of[sort], of[sort]["pairs"]["truth_all"]
    estimate, without = own["estimate"], own["estimate_without_error"]
    return [SORTS[sort], rate_of_resets(resets), f"{truth:,}", f"{estimate:,.0f}", percent(off(estimate, truth)),
            f"{without:,.0f}", percent(off(without, truth)), percent(off(estimate, without))]


def spread(by_resets):
    if max(map(len, by_resets.values())) < 2:
        return "One seed only: no spread is known."

    def most(sort):
        ranges = []
        for scores in by_resets.values():
            values = [value for score in scores if (value := score["people"][sort]["bias_of_inference"]) is not None]
            ranges.append(max(values) - min(values) if values else 0)
        return f"{100 * max(ranges):.1f} points for {SORTS[sort]}"

    return f"Between the seeds of a row the last column differs by {' and '.join(map(most, SORTS))} at most."


def made_of(sort, resets, of):
    pairs = of[sort]["pairs"]
    counts = [pairs[name] for name in ("panel_truth", "found", "invented", "doubled", "missed")]
    true, _, invented, doubled, missed = counts
    return [SORTS[sort], rate_of_resets(resets), *counts, number(share(invented + doubled, true)), number(share(missed, true))]


def whose(sort, pooled):
    """Invented and missed by kind of person, for each rate of resets."""
    columns = ("panel_truth", "invented", "doubled", "missed")
    names = sorted({kind for of in pooled.values() for kind, of_kind in of["by_kind"].items()
                    if any(of_kind[sort][column] for column in columns)})
    nothing = dict.fromkeys(columns, 0)
    rows = [[name, *(of["by_kind"].get(name, {sort: nothing})[sort][column] for of in pooled.values() for column in columns)]
            for name in names]
    header = [title if index else f"{rate_of_resets(resets)}: {title}" for resets in pooled
              for index, title in enumerate(("true", "invented", "doubled", "missed"))]
    return [
        f"This table shows whose {SORTS[sort]} are invented, doubled and missed: true pairs of the people that the panel speaks "
        "for, by kind of person and by resets a month. Kinds without any are left out.",
        table(["kind", *header], rows),
    ]


# Pings a day


def rates(by_rate):
    pooled = {rate: pool(scores) for rate, scores in by_rate.items()}
    found = [
        "### Real lives by pings a day",
        f"These are worlds of the same population, with resets of {USUAL_RESETS} % a month, and phones that send more or less. "
        "Here the truth is of ids, as in the worlds of plain lives: a phone that changes its id becomes another one.",
        "This table shows how nights and residences depend on pings a day. The bias is seen less true second residences, as a "
        "share of the true ones.",
        lives_table(pooled, ["true nights", "given", "of these right", "located", "of these primary right",
                             "second residence: true", "F1", "precision", "recall", "invented", "missed", "bias"], homes),
        differ(by_rate, lambda score: f1(score["dual"]), "F1 of second residences"),
        "This table shows the share of true second residences that is found, by how the nights are divided; the number of true "
        "ones stands in brackets.",
        regimes(pooled),
        "This table shows ties over the twelve months. A tie is repeat or stronger when it is of any kind but `one_off`; a true "
        "tie that is not seen counts as a wrong class. Workations here are those at a desk and in the room together.",
        lives_table(pooled, ["repeat or stronger: F1", "precision", "recall", "visit-day class right", "in 1, 2–7, 8+",
                             "workation: F1", "precision", "recall"], ties),
        differ(by_rate, lambda score: f1(score["kinds"]["repeat_or_stronger"]), "F1 of repeat or stronger"),
        "This table shows workplaces of commuters, and days of telework at home, seen as a share of the true ones.",
        lives_table(pooled, ["commuters", "workplace found", "true telework days", "seen, of true"], work),
    ]
    return found


def lives_table(pooled, header, cells):
    return table(["pings a day", *header], [[rate, *cells(of)] for rate, of in pooled.items()])


def homes(of):
    slept, primary, dual, counts = of["nights"], of["primary"], of["dual"], of["dual_counts"]
    return [f"{slept['truth']:,}", number(share(slept["given"], slept["truth"])),
            number(share(slept["right"], slept["given"]), 4), number(share(primary["located"], primary["truth"])),
            number(share(primary["right"], primary["located"])), dual["found"] + dual["missed"], *three(dual),
            dual["invented"], dual["missed"], percent(off(counts["seen"], counts["truth"]))]


def regimes(pooled):
    names = sorted({name for of in pooled.values() for name in of["dual_recall_by_regime"]})

    def cells(of):
        found = of["dual_recall_by_regime"]
        return [f"{number(recall(found[name]))} ({found[name]['found'] + found[name]['missed']})" if name in found else "–"
                for name in names]

    return lives_table(pooled, names, cells)


def ties(of):
    classes = of["classes"]
    return [*three(of["kinds"]["repeat_or_stronger"]), number(share(classes["equal"], classes["truth"])),
            number(share(classes["equal_coarse"], classes["truth"])), *three(of["workation"])]


def work(of):
    found = of["work"]
    return [f"{found['commuters']:,}", number(share(found["found"], found["commuters"])), f"{found['telework_days_truth']:,}",
            number(share(found["telework_days_seen"], found["telework_days_truth"]))]


def differ(by_rate, figure, words):
    if max(map(len, by_rate.values())) < 2:
        return "One seed only: no spread is known."
    ranges = []
    for scores in by_rate.values():
        values = [value for score in scores if (value := figure(score)) is not None]
        ranges.append(max(values) - min(values) if values else 0)
    return f"Between the seeds of a row the {words} differs by {number(max(ranges))} at most."
