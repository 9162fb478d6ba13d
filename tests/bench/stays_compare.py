"""How far two sets of stays of the same people agree, and of what kind the rest is.

In: two CSV files `user,arrival,departure,latitude,longitude`, ours and a peer's, and the fixes that both had. Out: one
line of JSON: hours, the share of each that the other has at the same time within 300 m, and hours of each kind that
only one of them has. No side is the truth.

Kinds of the peer's hours, the first that holds: in a gap longer than 12 h; in one longer than 6 h by day (Kayoi
bridges neither); on the way out, after the last fix there; Kayoi is elsewhere; other. Kinds of ours: a stay shorter
than the peer's least; in a gap that the peer does not bridge; before such a gap (trackintel drops a stay that a gap
ends, and the last one); the peer is elsewhere; other.
"""

import argparse
import bisect
import collections
import csv
import datetime
import itertools
import json
import math

import stays_peers

NEAR_M = 300
METRES_PER_DEGREE = 111_195.0
HOUR = 3600
# Kayoi's definition, as far as it tells kinds apart.
DAY_GAP = 6 * HOUR
NIGHT_GAP = 12 * HOUR
NIGHT_HOURS = (22, 8)
ZONE = 9 * HOUR

Stay = collections.namedtuple("Stay", "start end latitude longitude")


def compare(ours, theirs, fixes, peer_min, peer_gap, drops_at_gaps):
    """Of people that have fixes: hours and shares; `peer_gap` is `None` when the peer bridges every gap, all seconds."""
    totals = collections.Counter()
    only_ours, only_theirs = collections.Counter(), collections.Counter()
    for user, instants in fixes.items():
        mine, other = ours.get(user, []), theirs.get(user, [])
        totals["ours"] += sum(stay.end - stay.start for stay in mine)
        totals["peer"] += sum(stay.end - stay.start for stay in other)
        totals["ours_stays"] += len(mine)
        totals["peer_stays"] += len(other)
        limit = math.inf if peer_gap is None else peer_gap
        peer_silences = silences(instants, limit)
        silent = silences(instants, DAY_GAP)
        for stay, pieces in uncovered(mine, other):
            totals["ours_alone"] += not covered(stay, pieces)
            only_ours.update(kinds_of_ours(stay, pieces, other, peer_min, peer_silences, drops_at_gaps, instants))
        for stay, pieces in uncovered(other, mine):
            totals["peer_alone"] += not covered(stay, pieces)
            only_theirs.update(kinds_of_theirs(stay, pieces, mine, silent, instants))
    return {
        "ours_stays": totals["ours_stays"], "peer_stays": totals["peer_stays"],
        "ours_alone": totals["ours_alone"], "peer_alone": totals["peer_alone"],
        "ours_hours": totals["ours"] / HOUR, "peer_hours": totals["peer"] / HOUR,
        "ours_shared": 1 - share(sum(only_ours.values()), totals["ours"]),
        "peer_shared": 1 - share(sum(only_theirs.values()), totals["peer"]),
        "only_ours_hours": {kind: seconds / HOUR for kind, seconds in only_ours.most_common()},
        "only_peer_hours": {kind: seconds / HOUR for kind, seconds in only_theirs.most_common()},
    }


def share(part, whole):
    return part / whole if whole else 0.0


def near(one, other):
    north = (one.latitude - other.latitude) * METRES_PER_DEGREE
    east = (one.longitude - other.longitude) * METRES_PER_DEGREE * math.cos(math.radians(one.latitude))
    return north * north + east * east <= NEAR_M * NEAR_M


def uncovered(stays, others):
    """Each stay with the pieces of it in which no near one of the others lies. Stays of one side do not overlap."""
    starts = [other.start for other in others]
    for stay in stays:
        taken = [(other.start, other.end) for other in meeting(stay, others, starts) if near(stay, other)]
        yield stay, without(stay, taken)


def meeting(stay, others, starts):
    first = max(bisect.bisect_right(starts, stay.start) - 1, 0)
    last = bisect.bisect_left(starts, stay.end)
    return [other for other in others[first:last] if other.end > stay.start]


def without(stay, taken):
    pieces, at = [], stay.start
    for start, end in taken:
        if start > at:
            pieces.append((at, start))
        at = max(at, end)
    if at < stay.end:
        pieces.append((at, stay.end))
    return pieces


def covered(stay, pieces):
    """Whether the other side has any of it."""
    return sum(end - start for start, end in pieces) < stay.end - stay.start


def silences(instants, limit):
    """Gaps between fixes that are longer, as (start, end)."""
    return [(one, other) for one, other in itertools.pairwise(instants) if other - one > limit]


def cut(pieces, spans):
    """Pieces cut where spans begin and end: (start, end, span or `None`)."""
    starts = [start for start, _ in spans]
    for start, end in pieces:
        at = start
        index = max(bisect.bisect_right(starts, start) - 1, 0)
        while index < len(spans) and spans[index][0] < end:
            span = spans[index]
            if span[1] > at:
                if span[0] > at:
                    yield at, span[0], None
                    at = span[0]
                yield at, min(span[1], end), span
                at = min(span[1], end)
            index += 1
        if at < end:
            yield at, end, None


def kinds_of_theirs(stay, pieces, ours, silent, instants):
    found = collections.Counter()
    # The last fix there; what follows is the way to the first fix away.
    left = instants[max(bisect.bisect_left(instants, stay.end) - 1, 0)]
    for start, end, gap in cut(pieces, silent):
        if gap and gap[1] - gap[0] > NIGHT_GAP:
            found["gap over 12 h"] += end - start
        elif gap and not touches_night(*gap):
            found["gap over 6 h by day"] += end - start
        else:
            for part_start, part_end, way in cut([(start, end)], [(left, stay.end)] if left < stay.end else []):
                kind = "on the way out" if way else None
                found.update(elsewhere(part_start, part_end, ours, kind))
    return found


def kinds_of_ours(stay, pieces, theirs, peer_min, peer_silences, drops_at_gaps, instants):
    if stay.end - stay.start < peer_min:
        return collections.Counter({"shorter than the peer's least": sum(end - start for start, end in pieces)})
    found = collections.Counter()
    ends = [start for start, _ in peer_silences] + instants[-1:] if drops_at_gaps else []
    for start, end, gap in cut(pieces, peer_silences):
        # The piece reaches to where the fixes stop.
        dropped = bool(ends) and ends[min(bisect.bisect_left(ends, end), len(ends) - 1)] == end
        kind = "gap that the peer does not bridge" if gap else "before a gap or the end" if dropped else None
        found.update(elsewhere(start, end, theirs, kind))
    return found


def elsewhere(start, end, others, kind):
    """The kind, or else whether the other side is somewhere else then."""
    if kind:
        return {kind: end - start}
    found = collections.Counter()
    starts = [other.start for other in others]
    piece = Stay(start, end, 0.0, 0.0)
    spans = [(other.start, other.end) for other in meeting(piece, others, starts)]
    for part_start, part_end, span in cut([(start, end)], spans):
        found["elsewhere" if span else "other"] += part_end - part_start
    return found


def touches_night(start, end):
    first, last = start + ZONE, end + ZONE
    day = int(first // (24 * HOUR)) - 1
    while day * 24 * HOUR <= last:
        night = (day * 24 + NIGHT_HOURS[0]) * HOUR, ((day + 1) * 24 + NIGHT_HOURS[1]) * HOUR
        if first < night[1] and last > night[0]:
            return True
        day += 1
    return False


def seconds_of(text):
    instant = datetime.datetime.fromisoformat(text)
    return (instant if instant.tzinfo else instant.replace(tzinfo=datetime.UTC)).timestamp()


def read_stays(path):
    stays = collections.defaultdict(list)
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            start, end = seconds_of(row["arrival"]), seconds_of(row["departure"])
            stays[row["user"]].append(Stay(start, end, float(row["latitude"]), float(row["longitude"])))
    for found in stays.values():
        found.sort()
    return stays


def read_fixes(path):
    fixes = collections.defaultdict(list)
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            fixes[row["device"]].append(seconds_of(row["timestamp_iso"]))
    return fixes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--theirs", required=True)
    parser.add_argument("--fixes", required=True, help="those that the peer had; people without fixes here are left out")
    parser.add_argument("--data", required=True)
    parser.add_argument("--peer", required=True, choices=sorted({peer for peer, _ in stays_peers.OPTIONS}))
    parser.add_argument("--options", default="defaults")
    options = parser.parse_args()
    settings = stays_peers.OPTIONS[options.peer, options.options]
    minutes = settings.get("time_threshold") or settings["minutes_for_a_stop"]
    gap = settings.get("gap_threshold")
    found = compare(read_stays(options.ours), read_stays(options.theirs), read_fixes(options.fixes), minutes * 60,
                    gap * 60 if gap else None, drops_at_gaps=gap is not None)
    print(json.dumps({"data": options.data, "compared": options.peer, "options": options.options} | found), flush=True)


if __name__ == "__main__":
    main()
