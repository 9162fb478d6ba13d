"""What a phase measured.

In: for each question that was asked its name, its seconds and how it ended. Out: percentiles, counts, processor time for
each. A question that was refused, timed out or failed counts as slower than every answer, so that refusing makes no
percentile better; a percentile that falls among those is none.
"""

import collections
import contextlib
import dataclasses
import gc
import math
import resource
import time

ANSWERED, REFUSED, TIMED_OUT, FAILED = "answered", "refused", "timed out", "failed"


@dataclasses.dataclass
class Phase:
    """The measurements of one phase of one engine."""

    asked: list = dataclasses.field(default_factory=list)
    rows: int = 0
    wall_s: float = 0.0
    # Of the server with all its processes; `None` where it cannot be seen.
    server_s: float | None = None
    # Of the load generator; `None` where it runs inside the engine's process and cannot be told from it.
    generator_s: float | None = None
    # From a scheduled arrival until the generator took it up: how late the generator itself was.
    late_s: list = dataclasses.field(default_factory=list)
    errors: collections.Counter = dataclasses.field(default_factory=collections.Counter)

    def note(self, name, seconds, how, error=None):
        self.asked.append((name, seconds, how))
        if error:
            self.errors[f"{name}: {error}"] += 1

    def of(self, name):
        """The same for one question, without what cannot be told apart by question."""
        return Phase(asked=[one for one in self.asked if one[0] == name], wall_s=self.wall_s)

    def summary(self):
        ends = collections.Counter(how for _, _, how in self.asked)
        waits = sorted(seconds if how == ANSWERED else math.inf for _, seconds, how in self.asked)
        count = len(waits)
        return {
            "n": count, "p50_ms": milliseconds(waits, 0.5), "p99_ms": milliseconds(waits, 0.99),
            "refused": ends[REFUSED], "timed_out": ends[TIMED_OUT], "failed": ends[FAILED],
            "per_s": round(ends[ANSWERED] / self.wall_s, 1) if self.wall_s else None,
            "rows_each": round(self.rows / ends[ANSWERED], 1) if ends[ANSWERED] else None,
            "cpu_ms_each": each(self.server_s, count), "generator_ms_each": each(self.generator_s, count),
            "late_p99_ms": milliseconds(sorted(self.late_s), 0.99), "wall_s": round(self.wall_s, 2),
            "errors": dict(self.errors.most_common(5)),
        }


def milliseconds(sorted_seconds, share):
    """The nearest rank; `None` without a value, or where it did not end in an answer."""
    if not sorted_seconds:
        return None
    found = sorted_seconds[max(0, math.ceil(share * len(sorted_seconds)) - 1)]
    return None if math.isinf(found) else round(found * 1e3, 2)


def each(seconds, count):
    return round(seconds / count * 1e3, 3) if seconds is not None and count else None


@contextlib.contextmanager
def watched(phase):
    """Notes the time and the generator's own processor time, without pauses of the collector."""
    gc.collect()
    gc.disable()
    used, started = own_s(), time.perf_counter()
    try:
        yield started
    finally:
        phase.wall_s, phase.generator_s = time.perf_counter() - started, own_s() - used
        gc.enable()


def own_s():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
