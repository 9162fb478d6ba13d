"""All relations of the tables of a month, as systems for tau-argus.

In: what a reader takes for sure of each cell, and exact counts to print beside. Out: the interval of each cell, in two steps:
the towns of a prefecture by their totals; then each town with all its cells and what the first step left of its totals.
More rounds give what towns have left of their totals back to the first step. Every step only uses what a reader can derive.
"""

from audit_decode import AREA_KINDS, BLOCKS, KINDS, ORIGINS
from audit_system import System
from audit_views import EVERYBODY, hidden_towns

DAYS = KINDS[5:]
PLACES = [EVERYBODY, *ORIGINS]
# Kinds that lie in others, by the definition: two visits are on two days, three on three, and so on. Of the first five the
# difference is one that the tables are asked for.
WITHIN = [
    (["repeat"], ["visitor"]),
    (["connected"], ["repeat"]),
    (["connected"], ["visitor"]),
    (["dual_resident"], ["visitor"]),
    (["workation"], ["visitor"]),
    (["dual_resident"], ["connected"]),
    (["repeat"], DAYS[1:]),
    (["connected"], DAYS[2:]),
    (["dual_resident"], DAYS[3:]),
    (["workation"], DAYS[1:]),
]
DIFFERENCES = 5


def difference(exact, town, place, rule):
    parts, wholes = WITHIN[rule]
    return sum(exact[town, k, place] for k in wholes) - sum(exact[town, k, place] for k in parts)


def kinds_of(system, cell, exact, town, place):
    """The relations between the kinds of a town's people from one place; `cell` names the cell of a kind."""
    system.parts(cell("visitor"), [cell(kind) for kind in DAYS])
    for rule, (parts, wholes) in enumerate(WITHIN):
        slack = ("less", town, rule, place)
        truth = difference(exact, town, place, rule)
        system.at_most([cell(kind) for kind in parts], [cell(kind) for kind in wholes], slack, truth)


def left_over(system, exact, name, hidden, bounds):
    """What a published sum leaves for its hidden parts."""
    if hidden and bounds:
        system.cell(name, sum(exact[part] for part in hidden), bounds)
        system.parts(name, hidden)


def town_intervals(view, exact, town, totals=None):
    """The intervals of a town's cells: (town, kind, place), and differences as ("less", town, rule, place)."""
    system = System()
    for kind in KINDS:
        for place in PLACES:
            low, high = view.bounds(town, kind, place)
            if totals and place == EVERYBODY and (town, kind, place) in totals:
                least, most = totals[town, kind, place]
                low, high = max(low, least), min(high, most)
            system.cell((town, kind, place), exact[town, kind, place], (low, high))
    for kind in KINDS:
        system.parts((town, kind, EVERYBODY), [(town, kind, origin) for origin in ORIGINS])
        for block, origins in BLOCKS.items():
            if len(origins) > 1 and (bounds := view.block(town, kind, block, len(origins))):
                system.cell((town, kind, block), exact[town, kind, block], bounds)
                system.parts((town, kind, block), [(town, kind, origin) for origin in origins])
                hidden = [(town, kind, origin) for origin in origins if view.is_hidden(town, kind, origin)]
                left_over(system, exact, ("left", town, kind, block), hidden, view.block_left(town, kind, block, origins))
    for place in PLACES:
        kinds_of(system, lambda kind, place=place: (town, kind, place), exact, town, place)
    return system.audit()


def prefecture_intervals(view, exact, prefecture, towns, known):
    """The intervals of the towns' totals, from the totals of the prefecture, its rest rows and people by municipality."""
    system = System()
    for town in towns:
        for kind in KINDS:
            name = (town, kind, EVERYBODY)
            system.cell(name, exact[name], known.get(name) or view.bounds(*name))
        kinds_of(system, lambda kind, town=town: (town, kind, EVERYBODY), exact, town, EVERYBODY)
    for kind in KINDS:
        total = [(town, kind, EVERYBODY) for town in towns]
        hidden = hidden_towns(view, towns, kind)
        rest = view.rest(prefecture, kind, hidden) if hidden else None
        for name, parts, bounds in (
            ("rest", [(t, kind, EVERYBODY) for t in hidden], rest),
            ("gross", total, view.gross(prefecture, kind, towns)),
        ):
            if bounds:
                system.cell((name, kind), sum(exact[part] for part in parts), bounds)
                system.parts((name, kind), parts)
        left = view.gross_left(prefecture, kind, towns)
        left_over(system, exact, ("left", kind), [(t, kind, EVERYBODY) for t in hidden], left)
        if kind in AREA_KINDS and (bounds := view.area(prefecture, kind)):
            area = ("area", kind)
            truth = exact[prefecture, kind, EVERYBODY]
            system.cell(area, truth, bounds)
            system.at_most([area], total, ("overlap", kind), sum(exact[part] for part in total) - truth)
            for part in total:
                system.at_most([part], [area], ("elsewhere", *part), truth - exact[part])
    return system.audit()
