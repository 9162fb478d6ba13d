"""People → devices, as a reader of the release can do it.

In: rows of the release tables as CSV, the printed weights, and the manifest, whose constants and noises are printed too.
Out: for each published figure the interval of noised devices that it can stand for. A figure by prefecture of origin has one
weight, so its interval is one whole number nearly always. A total and a block have a mixture of weights, of which the
part of hidden origins must be guessed: their intervals are as wide as a relative error of `MIX_ERROR` makes them.
"""

import csv
import json
import math
import pathlib

KINDS = [
    "visitor",
    "repeat",
    "connected",
    "dual_resident",
    "workation",
    "days_1",
    "days_2",
    "days_3_7",
    "days_8_23",
    "days_24_plus",
]
# Kinds of `connected_totals_monthly`.
AREA_KINDS = KINDS[:5]
ORIGINS = [f"{number:02}" for number in range(1, 48)]
# 広域地方計画区域, by the last number of each run of prefectures.
BLOCKS = {
    "hokkaido": [1],
    "tohoku": [*range(2, 8), 15],
    "capital": [*range(8, 15), 19],
    "hokuriku": [16, 17, 18],
    "chubu": range(20, 25),
    "kinki": range(25, 31),
    "chugoku": range(31, 36),
    "shikoku": range(36, 40),
    "kyushu": range(40, 47),
    "okinawa": [47],
}
BLOCKS = {f"block_{name}": [f"{number:02}" for number in numbers] for name, numbers in BLOCKS.items()}
SHOWN = ("published", "provisional")
# People are rounded to multiples of it.
BASE = 10
MIX_ERROR = 0.01


def rows(path):
    with open(path, encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def people(devices, sigma, alpha, weight):
    """What the release prints for noised devices, before it rounds: a posterior mean near the threshold."""
    sampled = 1 - 1 / weight
    corrected = devices + sampled - (sampled * devices + sigma * sigma) * alpha / devices
    return weight * max(corrected, devices / 2)


def solve(wanted, function):
    """The devices of which an increasing function has a value."""
    low, high = 0.5, 1e8
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) < wanted else (low, middle)
    return (low + high) / 2


class Release:
    """The tables of one month of some prefectures, in devices: each figure `None` (hidden), or the least and most noised
    devices."""

    def __init__(self, folder, prefectures, year):
        folder = pathlib.Path(folder)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        parameters = manifest["parameters"]
        self.sigma, self.threshold = (parameters["tie_year"][key] for key in ("sigma", "threshold"))
        self.wide, self.wide_threshold = (parameters["wide"][key] for key in ("sigma", "threshold"))
        self.least = parameters["least_devices"]
        self.alpha = {
            name.removeprefix("connected."): value
            for name, value in manifest["constants"].items()
            if name.startswith("connected.")
        }
        self.weights = {
            row["prefecture_code"]: float(row["persons_per_device"])
            for row in rows(folder / "release_weights.csv")
            if row["year"] == str(year)
        }
        self.prefectures = prefectures
        printed = {}
        for row in rows(folder / "connected_monthly.csv"):
            if row["municipality_code"][:2] in prefectures:
                shown = int(row["persons"]) if row["status"] in SHOWN else None
                printed[row["municipality_code"], row["kind"], row["origin_code"]] = shown
        self.towns = sorted({town for town, _, _ in printed})
        self.figures, self.misfits = {}, 0
        self.by_origin(printed)
        self.mixtures()
        self.totals(printed)
        self.mixtures()
        self.totals(printed)
        self.blocks(printed)
        self.areas(folder)

    def of(self, town, kind, origin):
        return self.figures.get((town, kind, origin))

    def middle(self, town, kind, origin):
        found = self.of(town, kind, origin)
        return None if found is None else sum(found) / 2

    def by_origin(self, printed):
        """Whole numbers of devices that round to what is printed."""
        for (town, kind, origin), persons in printed.items():
            if origin not in self.weights or persons is None:
                continue
            weight, alpha = self.weights[origin], self.alpha[f"{kind}.origin"]
            at = [
                solve(persons + shift, lambda v, w=weight, a=alpha: people(v, self.sigma, a, w))
                for shift in (-BASE / 2, BASE / 2)
            ]
            least, most = math.ceil(at[0] - 0.01), math.floor(at[1] + 0.01)
            if least > most:
                # A figure that was raised to one that it contains, or a constant that is not the month's.
                self.misfits += 1
                least, most = math.floor(at[0]), math.ceil(at[1])
            self.figures[town, kind, origin] = (least, most)

    def mixtures(self):
        """The mean weight of hidden origins, by prefecture and kind, from what is shown and from what totals leave over."""
        self.mix = {}
        for prefecture in self.prefectures:
            towns = [town for town in self.towns if town[:2] == prefecture]
            for kind in KINDS:
                by_origin = dict.fromkeys(ORIGINS, 1e-6)
                for town in towns:
                    shown = {o: v for o in ORIGINS if (v := self.middle(town, kind, o)) is not None}
                    left = max((self.middle(town, kind, "all") or 0) - sum(shown.values()), 0)
                    for origin in ORIGINS:
                        by_origin[origin] += shown.get(origin, left / max(len(ORIGINS) - len(shown), 1))
                self.mix[prefecture, kind] = by_origin

    def weight_of(self, prefecture, kind, origins=ORIGINS):
        by_origin = self.mix[prefecture, kind]
        return sum(by_origin[o] * self.weights[o] for o in origins) / sum(by_origin[o] for o in origins)

    def totals(self, printed):
        for town in self.towns:
            for kind in KINDS:
                persons = printed.get((town, kind, "all"))
                if persons is None:
                    continue
                shown = [(v, self.weights[o]) for o in ORIGINS if (v := self.middle(town, kind, o)) is not None]
                known, their = sum(v for v, _ in shown), sum(v * w for v, w in shown)
                rest, alpha = self.weight_of(town[:2], kind), self.alpha[f"{kind}.all"]

                def printed_of(v, error, known=known, their=their, rest=rest, alpha=alpha):
                    left = max(v - known, 0)
                    return people(v, self.sigma, alpha, (their + left * rest * (1 + error)) / (known + left))

                least = solve(persons - BASE / 2, lambda v, printed=printed_of: printed(v, MIX_ERROR))
                most = solve(persons + BASE / 2, lambda v, printed=printed_of: printed(v, -MIX_ERROR))
                self.figures[town, kind, "all"] = (math.floor(least), math.ceil(most))

    def mixed(self, persons, sigma, alpha, weight):
        """The devices of a sum whose mixture of weights is guessed."""
        at = [
            solve(persons + shift, lambda v, w=w: people(v, sigma, alpha, w))
            for shift, w in ((-BASE / 2, weight * (1 + MIX_ERROR)), (BASE / 2, weight * (1 - MIX_ERROR)))
        ]
        return math.floor(at[0]), math.ceil(at[1])

    def blocks(self, printed):
        for (town, kind, block), persons in printed.items():
            if block in BLOCKS and persons is not None:
                origins = BLOCKS[block]
                weight = self.weight_of(town[:2], kind, origins)
                sigma = self.sigma * math.sqrt(len(origins))
                self.figures[town, kind, block] = self.mixed(persons, sigma, self.alpha[f"{kind}.origin"], weight)

    def areas(self, folder):
        """Rest rows, and people and people by municipality of prefectures."""
        self.rest, self.area, self.gross = {}, {}, {}
        for row in rows(folder / "connected_rest_monthly.csv"):
            prefecture, kind = row["prefecture_code"], row["kind"]
            if prefecture in self.prefectures and row["status"] in SHOWN:
                sigma = self.sigma * math.sqrt(int(row["municipalities"]))
                found = self.mixed(int(row["persons"]), sigma, 0.0, self.weight_of(prefecture, kind))
                self.rest[prefecture, kind] = found
        for row in rows(folder / "connected_totals_monthly.csv"):
            area, kind = row["area_code"], row["kind"]
            if area in self.prefectures and row["status"] in SHOWN:
                weight = self.weight_of(area, kind)
                self.area[area, kind] = self.mixed(int(row["persons"]), self.wide, 1.0, weight)
                if row["person_municipalities"]:
                    gross = int(row["person_municipalities"])
                    bounds = gross / weight * (1 - MIX_ERROR) - 1, gross / weight * (1 + MIX_ERROR) + 1
                    self.gross[area, kind] = (math.floor(bounds[0]), math.ceil(bounds[1]))
