"""The document of `make coverage`: how often intervals hold the truth.

In: what was counted of each world (`coverage.py`). Out: Markdown. Counts of the seeds of one panel and one way of coming into it
are added before anything is divided; the width is the mean over worlds of the median of a world.
"""

from figures import TUNED, number, percent, share, table

SIZES = ("3,000", "10,000", "30,000", "100,000", "300,000")
SELECTIONS = ("independent", "ownership", "families", "second phones", "all three", "tied 10 % more", "tied 20 % more")
KINDS = ("visitor", "repeat", "connected", "dual_resident", "workation", "satellite_office", "itinerant", "business",
         "seasonal_worker")
LEVELS = {"all": "everybody", "block": "a block of prefectures", "prefecture": "one prefecture"}
COUNTS = ("rows", "inside", "below", "above", "persons", "people", "naive_rows", "naive")


def document(worlds):
    keys = sorted({(world["panel"], world["selection"]) for world in worlds}, key=order)
    seeds = sorted({world["seed"] for world in worlds})
    tuned = ", ".join(str(seed) for seed in seeds if seed in TUNED["nation"])
    parts = [INTRODUCTION.format(worlds=len(worlds), seeds=", ".join(map(str, seeds))), *summary(worlds, keys)]
    if tuned:
        parts.insert(1, f"Of these seeds {tuned} were looked at while weights, lifts and intervals were mended.")
    parts += by_kind(worlds, keys)
    parts += others(worlds, keys)
    parts += naive(worlds, keys)
    parts += effects(worlds, keys)
    parts += lifts(worlds, keys)
    return "\n\n".join(parts) + "\n"


def order(key):
    return key[0], SELECTIONS.index(key[1])


def pooled(worlds, key, wanted):
    """Sums over the rows of worlds that are wanted, and the mean of their median widths."""
    sums, widths = dict.fromkeys(COUNTS, 0), []
    for world in worlds:
        if (world["panel"], world["selection"]) != key:
            continue
        for row in filter(wanted, world["covered"]):
            for name in COUNTS:
                sums[name] += row[name] or 0
            widths.append((row["width"], row["rows"]))
    sums["width"] = share(sum(width * rows for width, rows in widths), sum(rows for _, rows in widths))
    return sums


def cells(sums):
    return [f"{sums['rows']:,}", number(share(sums["inside"], sums["rows"])), number(share(sums["below"], sums["rows"])),
            number(share(sums["above"], sums["rows"])), percent_of(sums["width"]),
            percent(share(sums["persons"] - sums["people"], sums["people"]))]


def percent_of(value):
    return "–" if value is None else f"±{100 * value:.0f} %"


HEADER = ["rows", "truth inside", "truth below", "truth above", "half width", "bias"]


def summary(worlds, keys):
    yield "## Ties by level of origin"
    yield ("Rows of `connected_monthly`, all kinds and sizes together: totals of towns over many origins, then people of one "
           "block and of one prefecture.")
    rows = []
    for key in keys:
        for level, words in LEVELS.items():
            sums = pooled(worlds, key, lambda row, level=level: (row["table"], row["level"]) == ("connected_monthly", level))
            if sums["rows"]:
                rows.append([f"{key[0]:g} %", key[1], words, *cells(sums), number(share(sums["naive"], sums["naive_rows"]))])
    yield table(["panel", "selection", "people of", *HEADER, "today's method"], rows)


def by_kind(worlds, keys):
    for level, words in (("all", "everybody"), ("prefecture", "people of one prefecture")):
        yield f"## By kind and size of town: {words}"
        yield ("The share of published rows with the truth inside, by people of the town; a dash where fewer than 200 rows are "
               "published. Outside of 0.93 to 0.97 it is bold.")
        rows = []
        for key in keys:
            for kind in KINDS:
                found = []
                for size in SIZES:
                    def wanted(row, kind=kind, size=size, level=level):
                        return (row["table"], row["level"], row["kind"], row["size"]) == ("connected_monthly", level, kind, size)
                    sums = pooled(worlds, key, wanted)
                    found.append(marked(share(sums["inside"], sums["rows"])) if sums["rows"] >= 200 else "–")
                if any(cell != "–" for cell in found):
                    rows.append([f"{key[0]:g} %", key[1], f"`{kind}`", *found])
        yield table(["panel", "selection", "kind", *SIZES], rows)


def marked(value):
    return number(value) if 0.93 <= value <= 0.97 else f"**{number(value)}**"


def others(worlds, keys):
    yield "## Other tables"
    rows = []
    tables = sorted({row["table"] for world in worlds for row in world["covered"]} - {"connected_monthly"})
    for key in keys:
        for name in tables:
            levels = sorted({row["level"] for world in worlds for row in world["covered"] if row["table"] == name})
            for level in levels:
                sums = pooled(worlds, key, lambda row, name=name, level=level: (row["table"], row["level"]) == (name, level))
                if sums["rows"]:
                    rows.append([f"{key[0]:g} %", key[1], f"`{name}`", level, *cells(sums)])
    yield table(["panel", "selection", "table", "level", *HEADER], rows)


def naive(worlds, keys):
    yield "## Beside it: weights by prefecture and an interval without noise"
    yield ("What one would write without this release: exact counts of ten phones or more, times people for each phone of the "
           "prefecture, and the interval of independent selection (Wald). It protects nobody.")
    rows = []
    for key in keys:
        for name, level in (("connected_monthly", "all"), ("connected_monthly", "prefecture"), ("matching_yearly", None)):
            def wanted(row, name=name, level=level):
                return row["table"] == name and level in (None, row["level"])
            sums = pooled(worlds, key, wanted)
            if sums["naive_rows"]:
                said = share(sums["naive"], sums["naive_rows"])
                rows.append([f"{key[0]:g} %", key[1], f"`{name}`", level or "one municipality", f"{sums['naive_rows']:,}",
                             number(said), number(share(sums["inside"], sums["rows"]))])
    yield table(["panel", "selection", "table", "people of", "rows", "weights by prefecture, Wald", "Kayoi"], rows)


def effects(worlds, keys):
    yield "## Design effect"
    yield ("How many times as much counts of one prefecture of origin differ as under independent selection, pooled over the "
           "nation: squares of what they are off by over the binomial variance. Published or not; at least three phones are "
           "expected in each. Where municipalities differ in their share this is no constant: it grows with the figure.")
    rows = []
    for key in keys:
        for kind in KINDS:
            found = []
            for size in SIZES:
                meant = [row for world in worlds if (world["panel"], world["selection"]) == key for row in world["effects"]
                         if (row["kind"], row["size"]) == (kind, size)]
                figures = sum(row["figures"] for row in meant)
                effect = share(sum(row["squares"] for row in meant), sum(row["variance"] for row in meant))
                found.append(number(effect, 2) if figures >= 200 else "–")
            if any(cell != "–" for cell in found):
                rows.append([f"{key[0]:g} %", key[1], f"`{kind}`", *found])
    yield table(["panel", "selection", "kind", *SIZES], rows)


def lifts(worlds, keys):
    yield "## Friendships between municipalities"
    yield ("In two of a hundred pairs of municipalities three times as many ties come from the one to the other. "
           "`matching_yearly` calls a pair by its lower bound: above 1.5 here. Beside it a plain lift above 2. What is expected "
           "knows size and distance, so that other pairs have a lift of 1 or, where their prefecture has friends, a little "
           "less: the bound of one in twenty may be above 1.")
    rows = []
    for key in keys:
        meant = [row for world in worlds if (world["panel"], world["selection"]) == key for row in world["lifts"]]
        for kind in sorted({row["kind"] for row in meant}):
            sums = {name: sum(row[name] or 0 for row in meant if row["kind"] == kind) for name in meant[0] if name != "kind"}
            sums["others"] = sums["pairs"] - sums["friends"]
            parts = [("flagged_friends", "flagged"), ("flagged_friends", "friends"), ("raw_friends", "raw")]
            parts += [("raw_friends", "friends"), ("others_above_one", "others")]
            shares = [number(share(sums[part], sums[of])) for part, of in parts]
            counts = [f"{sums[name]:,}" for name in ("pairs", "friends", "flagged")]
            rows.append([f"{key[0]:g} %", key[1], f"`{kind}`", *counts, *shares])
    yield table(["panel", "selection", "kind", "pairs shown", "friends among them", "called", "called that are friends",
                 "friends that are called", "above 2 that are friends", "friends above 2", "others whose bound is above 1"], rows)


INTRODUCTION = """# Coverage of intervals

Written by `make coverage`. How often does the interval of a published row hold the truth? Worlds are simulated nations of
1,741 municipalities, whose ties, visitors and stays are drawn for everybody ({worlds} worlds, seeds {seeds}); a panel is a
sample of their people, and its counts go through the release that people get: noise, thresholds, weights made of noised
residents. Nothing follows from it about Japan: how alike people are is a model. Only published rows are counted, as a reader
sees them. An interval speaks of chance alone, so that of a hundred rows five should not hold the truth.

Ways of coming into the panel:

- *independent*: each person by themselves, everywhere as often;
- *ownership*: municipalities differ in their share of panel phones (of the logarithm, 0.3);
- *families*: half of all people come with their family of three, who go where they go, or not at all;
- *second phones*: 15 % of the panel's people have two phones in it, which nobody can tell from two people;
- *all three* together;
- *tied 10 %, 20 % more*: who comes again is in the panel more often. No interval can cover this: nothing in the panel tells."""
