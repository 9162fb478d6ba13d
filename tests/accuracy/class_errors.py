"""What phones show of each kind of tie for a true one, by pings a day: the errors of classes that no interval holds.

In: worlds of the population with the usual resets. Out: a section of the document, and `class_errors.csv`, which the program
has compiled in and serves beside a release. Only counts go into the file, and of the shares those of single worlds, because
they cannot be counted again from sums. Kinds with fewer than thirty true ones keep their counts and have no shares.
"""

from figures import TUNED, number, share, table

USUAL_RESETS = 3
LEAST_TRUE = 30
HEADER = "kind,pings_a_day,true,seen,worlds,least,most"
# The order of a release: kinds of areas, classes of visit days, purposes.
FIRST = ["visitor", "repeat", "connected", "dual_resident", "workation"]
LAST = ["seasonal_worker", "satellite_office", "itinerant", "business"]


def rows(worlds):
    """One row a kind and rate: name, rate, true, seen, worlds, least and most of seen by true between worlds."""
    found = {}
    for world in measured(worlds):
        for kind, counts in world["score"]["people"]["shown"].items():
            found.setdefault((kind, float(world["rate"])), []).append((counts["truth"], counts["seen"]))
    return [row(kind, rate, found[kind, rate]) for kind, rate in sorted(found, key=place)]


def measured(worlds):
    """The worlds that count; those of before kinds were counted do not say what is shown."""
    return [world for world in worlds if world["lives"] == "mixture" and world["resets"] == USUAL_RESETS
            and world["rate"] != "mix" and "shown" in (world["score"].get("people") or {})]


def place(key):
    kind, rate = key
    if kind in FIRST:
        return 0, FIRST.index(kind), rate
    if kind in LAST:
        return 2, LAST.index(kind), rate
    return 1, int(kind.split("_")[1]), rate


def row(kind, rate, counts):
    true, seen = (sum(column) for column in zip(*counts, strict=True))
    shares = [seen_there / true_there for true_there, seen_there in counts if true_there]
    least, most = (min(shares), max(shares)) if true >= LEAST_TRUE and len(shares) > 1 else (None, None)
    return kind, rate, true, seen, len(counts), least, most


def write(path, worlds):
    """Writes the file, and returns words for whoever waits for it: it is not written without worlds, or when they flatter."""
    found = rows(worlds)
    if not found:
        return f"{path} is not written: no world has real lives of a population"
    tuned = sorted({world["seed"] for world in measured(worlds)} & TUNED["real"])
    if tuned:
        named = ", ".join(map(str, tuned))
        return f"{path} is not written: thresholds were chosen on seeds {named}, so that it would flatter"
    lines = [HEADER]
    for kind, rate, true, seen, worlds_of_row, least, most in found:
        ends = ["" if end is None else f"{end:.3f}" for end in (least, most)]
        lines.append(",".join([kind, f"{rate:g}", str(true), str(seen), str(worlds_of_row), *ends]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return f"wrote {path}"


def section(worlds):
    """The part of the document about what phones show of each kind."""
    found = rows(worlds)
    if not found:
        return []
    by_kind = {}
    for kind, rate, true, seen, _, least, most in found:
        by_kind.setdefault(kind, {})[rate] = cell(true, seen, least, most)
    rates = sorted({rate for _, rate, *_ in found})
    lines = [[kind, *(cells.get(rate, "–") for rate in rates)] for kind, cells in by_kind.items()]
    return [
        "This table shows what phones show of each kind of tie, as a share of what is true of the people who carry them: seen "
        "by true, from the least to the most between seeds, and the number of true ones. The phones are those that the panel "
        "of the year counts. A tie stands under every kind that contains it, as in a release; of what a tie is for, the "
        f"strongest counts. Where fewer than {LEAST_TRUE} are true there are too few to say. The program serves the same "
        "numbers beside a release (`class_errors`); no figure is multiplied by them.",
        table(["kind", *(f"{rate:g} pings a day" for rate in rates)], lines),
    ]


def cell(true, seen, least, most):
    if true < LEAST_TRUE:
        return f"too few ({true:,})"
    ends = "" if least is None else f", {number(least)} to {number(most)}"
    return f"{number(share(seen, true))}{ends} ({true:,})"
