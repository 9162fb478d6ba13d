"""What the labelled stops say by themselves: homes, work places, places of one house, people with two homes.

In: the Parquet of stops (useruuid, loc, start, end, true_location_type; local epoch seconds). Out: a `Person` each, and on
request the stops as CSV for Kayoi's example. A loc has one label for all of a person's time, and no coordinates. Days are
days since 1970-01-01, a night has its evening's day. No stop crosses midnight: the data's authors cut stops there.
"""

import argparse
import collections
import csv
import dataclasses
import itertools
import pathlib

import pyarrow.parquet as parquet

DAY_S = 86_400
HOUR_S = 3_600
# Hours after the midnight that begins the evening's day.
NIGHT = (22, 32)
DEEP_NIGHT = (25, 28)
WORK = (9, 18)
# A second home: this many nights there, this many changes, this long from the first change to the last.
HOME_NIGHTS = 20
CHANGES = 6
CHANGES_DAYS = 90
# One house under two names, see `one_house`.
CUTS, CUT_SHARE = 2, 0.05
FAST_S, FAST_MOVES, FAST_SHARE = 600, 5, 0.10

Stop = collections.namedtuple("Stop", "loc start end label")


@dataclasses.dataclass
class Person:
    """A person's stops in order of time, and what follows from their labels."""

    stops: list
    labels: dict = dataclasses.field(default_factory=dict)
    night_s: dict = dataclasses.field(default_factory=dict)
    house: dict = dataclasses.field(default_factory=dict)

    def __post_init__(self):
        self.stops.sort(key=lambda stop: (stop.start, stop.end))
        self.labels = {stop.loc: stop.label for stop in self.stops}
        self.night_s = seconds(self.stops, *NIGHT)
        self.house = houses(self)

    def locs(self, label):
        return {loc for loc, given in self.labels.items() if given == label}

    def main(self, label):
        """The loc of the label with most time: at night for homes, in working hours for work, else at any time."""
        spent = self.night_s if label == "H" else working_seconds(self.stops)
        total = collections.Counter()
        for (_, loc), length in spent.items():
            if self.labels[loc] == label:
                total[loc] += length
        if not total:
            for stop in self.stops:
                if stop.label == label:
                    total[stop.loc] += stop.end - stop.start
        return total.most_common(1)[0][0] if total else None

    def days(self):
        """Days with a stop that lasts: the days that a system can be asked about."""
        return {day for stop in self.stops if stop.end > stop.start
                for day in range(stop.start // DAY_S, (stop.end - 1) // DAY_S + 1)}

    def alternations(self, house_of=lambda loc: loc):
        """Pairs of homes that the person alternates between; `house_of` can name several locs one house."""
        homes = [stop._replace(loc=house_of(stop.loc)) for stop in self.stops if stop.label == "H"]
        slept = seconds(homes, *DEEP_NIGHT)
        nights = collections.Counter(loc for _, loc in slept)
        often = sorted(loc for loc, count in nights.items() if count >= HOME_NIGHTS)
        return [pair for pair in itertools.combinations(often, 2) if alternate(slept, pair)]


def people(path):
    """Everyone in the file, by id as text."""
    columns = parquet.read_table(path, columns=["useruuid", "loc", "start", "end", "true_location_type"]).to_pydict()
    stops = collections.defaultdict(list)
    for user, *rest in zip(*columns.values(), strict=True):
        stops[str(user)].append(Stop(*rest))
    return {user: Person(found) for user, found in stops.items()}


def seconds(stops, first_hour, last_hour):
    """Seconds by (day, loc) between two hours after that day's midnight; the last may lie in the next day."""
    spent = collections.Counter()
    for stop in stops:
        for day in range((stop.start - last_hour * HOUR_S) // DAY_S, stop.end // DAY_S + 1):
            length = (min(stop.end, day * DAY_S + last_hour * HOUR_S) - max(stop.start, day * DAY_S + first_hour * HOUR_S))
            if length > 0:
                spent[day, stop.loc] += length
    return spent


def working_seconds(stops):
    # 1970-01-01 was a Thursday.
    return {key: length for key, length in seconds(stops, *WORK).items() if (key[0] + 3) % 7 < 5}


def alternate(slept, pair):
    longest = {}
    for (night, loc), length in sorted(slept.items()):
        if loc in pair and length > longest.get(night, (0, ""))[0]:
            longest[night] = (length, loc)
    nights = sorted(longest)
    changes = [later for earlier, later in itertools.pairwise(nights) if longest[earlier][1] != longest[later][1]]
    return len(changes) >= CHANGES and changes[-1] - changes[0] >= CHANGES_DAYS


def houses(person):
    """Names one loc for each house: a house's locs are joined, also through a third one."""
    homes = sorted(person.locs("H"))
    house = {loc: loc for loc in homes}
    moves = collections.defaultdict(list)
    stayed = collections.Counter()
    for before, after in itertools.pairwise(person.stops):
        cut = before.end == after.start and after.start % DAY_S == 0
        if before.loc == after.loc:
            stayed[before.loc] += cut
        else:
            moves[frozenset((before.loc, after.loc))].append((cut, after.start - before.end))
    for one, other in itertools.combinations(homes, 2):
        if one_house(moves[frozenset((one, other))], min(stayed[one], stayed[other])):
            house = {loc: house[one] if kept == house[other] else kept for loc, kept in house.items()}
    return house


def one_house(moves, stayed):
    """Whether two locs are one house, from the direct moves between them and the unbroken midnights of the rarer one.

    The authors cut stops at midnight and named the parts apart, so an unbroken stay now and then changes its name there.
    Nobody moves house in no time: a few such cuts show one house. Moves within 10 minutes, repeatedly, show neighbours,
    which are no second residence either.
    """
    cuts = sum(cut for cut, _ in moves)
    fast = sum(gap <= FAST_S for cut, gap in moves if not cut)
    return (cuts >= CUTS and cuts >= CUT_SHARE * (cuts + stayed)) or (
        fast >= FAST_MOVES and fast >= FAST_SHARE * (len(moves) - cuts))


def main():
    parser = argparse.ArgumentParser(description="writes the stops without labels as CSV, in order of person and time")
    parser.add_argument("--stops", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    with options.out.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["user", "loc", "start", "end"])
        for user, person in sorted(people(options.stops).items(), key=lambda item: int(item[0])):
            lines.writerows([user, stop.loc, stop.start, stop.end] for stop in person.stops)


if __name__ == "__main__":
    main()
