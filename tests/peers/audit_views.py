"""What a reader takes for sure of each cell, before any sum is used.

In: a release in devices, or exact counts. Out: bounds of each figure. `Noised` knows the noise of the release: an exact count
lies within some sigmas of the noised one. `Threshold` is the canary: exact counts, hidden below the threshold.
"""

import math

from audit_decode import AREA_KINDS

EVERYBODY = "all"


class Noised:
    def __init__(self, release, sigmas):
        self.release, self.sigmas = release, sigmas
        self.name = f"release, noise within {sigmas:g} sigma"

    def around(self, found, sigma, least=0):
        return max(least, found[0] - math.ceil(self.sigmas * sigma)), found[1] + math.ceil(self.sigmas * sigma)

    def is_hidden(self, town, kind, origin):
        return self.release.of(town, kind, origin) is None

    def bounds(self, town, kind, origin):
        release = self.release
        if (found := release.of(town, kind, origin)) is not None:
            # What is shown has at least the least devices, or contains something that has.
            return self.around(found, release.sigma, release.least)
        return 0, release.threshold - 1 + math.ceil(self.sigmas * release.sigma)

    def block(self, town, kind, block, count):
        found = self.release.of(town, kind, block)
        return None if found is None else self.around(found, self.release.sigma * math.sqrt(count))

    def left(self, whole, parts):
        """What a sum that was computed from noised figures leaves for its hidden parts: the noise of the shown ones is in
        both and goes away, that of the hidden ones stays."""
        shown = [found for part in parts if (found := self.release.of(*part)) is not None]
        between = whole[0] - sum(most for _, most in shown), whole[1] - sum(least for least, _ in shown)
        return self.around(between, self.release.sigma * math.sqrt(len(parts) - len(shown)))

    def block_left(self, town, kind, block, origins):
        found = self.release.of(town, kind, block)
        return None if found is None else self.left(found, [(town, kind, origin) for origin in origins])

    def gross_left(self, prefecture, kind, towns):
        found = self.release.gross.get((prefecture, kind))
        return None if found is None else self.left(found, [(town, kind, EVERYBODY) for town in towns])

    def rest(self, prefecture, kind, hidden):
        found = self.release.rest.get((prefecture, kind))
        return None if found is None else self.around(found, self.release.sigma * math.sqrt(len(hidden)))

    def gross(self, prefecture, kind, towns):
        found = self.release.gross.get((prefecture, kind))
        return None if found is None else self.around(found, self.release.sigma * math.sqrt(len(towns)))

    def area(self, prefecture, kind):
        found = self.release.area.get((prefecture, kind))
        return None if found is None else self.around(found, self.release.wide, self.release.least)


class Threshold:
    def __init__(self, exact, least):
        self.exact, self.least = exact, least
        self.name = f"canary: exact counts, hidden below {least}"

    def value(self, count):
        return (count, count) if count >= self.least else None

    def is_hidden(self, town, kind, origin):
        return self.exact[town, kind, origin] < self.least

    def bounds(self, town, kind, origin):
        return self.value(self.exact[town, kind, origin]) or (0, self.least - 1)

    def block(self, town, kind, block, _):
        return self.value(self.exact[town, kind, block])

    def block_left(self, *_):
        return None

    def gross_left(self, *_):
        return None

    def rest(self, prefecture, kind, hidden):
        return self.value(sum(self.exact[town, kind, EVERYBODY] for town in hidden))

    def gross(self, prefecture, kind, towns):
        return self.value(sum(self.exact[town, kind, EVERYBODY] for town in towns))

    def area(self, prefecture, kind):
        return self.value(self.exact.get((prefecture, kind, EVERYBODY), 0)) if kind in AREA_KINDS else None


def hidden_towns(view, towns, kind):
    return [town for town in towns if view.is_hidden(town, kind, EVERYBODY)]
