"""Figures and tables that the pages of `make accuracy` share.

In: counts of the scores. Out: shares, absent when there is nothing to divide by, and tables of Markdown. Counts of several
seeds are added before anything is divided.
"""

# Seeds of worlds that thresholds and models were chosen on: their figures would flatter.
TUNED = {"plain": {1, 2, 3, 101, 102, 103, 104, 105}, "real": {1, 301, 302}, "nation": {202, 203, 301}}


def pool(values):
    """Adds numbers at the same place of several trees. Only counts may be read from the result, no shares."""
    if all(isinstance(value, dict) for value in values):
        keys = list(dict.fromkeys(key for value in values for key in value))
        return {key: pool([value[key] for value in values if key in value]) for key in keys}
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        return sum(values)
    return values[0]


def share(part, whole):
    return part / whole if whole else None


def f1(found):
    return share(2 * found["found"], 2 * found["found"] + found["invented"] + found["missed"])


def precision(found):
    return share(found["found"], found["found"] + found["invented"])


def recall(found):
    return share(found["found"], found["found"] + found["missed"])


def three(found):
    return [number(figure(found)) for figure in (f1, precision, recall)]


def number(value, places=3):
    return "–" if value is None else f"{value:.{places}f}"


def percent(value):
    return "–" if value is None else f"{100 * value:+.1f} %"


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in cells) + " |" for cells in lines)
