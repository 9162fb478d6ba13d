"""What the measurements are held to.

In: results. Out: for each aim what was found and whether it is met. A peer is compared on the questions that it answers,
in the same phase of the same run, by p99. An aim of which nothing was measured is not listed.
"""

CACHED_P99_MS = 100
UNCACHED_P99_MS = 100
UNCACHED_CPU_MS = 4
TIMES_POSTGRESQL = 3


def judged(results):
    found = []
    whole = next((run["phases"] for run in results["mixes"] if run["engine"] == "kayoi" and run["set"] == "all"), {})
    for phase, limit in (("fifty-cached", CACHED_P99_MS), ("open-uncached", UNCACHED_P99_MS)):
        if told := whole.get(phase):
            ends = (told["refused"], told["timed_out"], told["failed"])
            found.append(line(f"{phase}, all questions: p99 under {limit} ms, none refused, timed out or failed",
                              f"{shown(told['p99_ms'])}; {', '.join(map(str, ends))}",
                              told["p99_ms"] is not None and told["p99_ms"] < limit and not any(ends)))
    if (told := whole.get("open-uncached")) and told["cpu_ms_each"] is not None:
        found.append(line(f"open-uncached: at most {UNCACHED_CPU_MS} ms of processor time a question",
                          f"{told['cpu_ms_each']} ms", told["cpu_ms_each"] <= UNCACHED_CPU_MS))
    return found + beside(results)


def beside(results):
    """Each peer's mixes beside Kayoi's of the same questions."""
    own = {run["set"]: run["phases"] for run in results["mixes"] if run["engine"] == "kayoi"}
    found = []
    for run in (run for run in results["mixes"] if run["engine"] != "kayoi"):
        peer = run["engine"]
        for phase in (phase for phase in ("fifty-cached", "open-uncached") if phase in run["phases"]):
            times = TIMES_POSTGRESQL if peer == "postgresql" and phase == "open-uncached" else 1
            said = f"at most {times} times" if times > 1 else "not behind"
            ours, theirs = own[run["set"]][phase]["p99_ms"], run["phases"][phase]["p99_ms"]
            found.append(line(f"{phase}, {run['questions']} questions in common: {said} {peer}, by p99",
                              f"{shown(ours)} beside {shown(theirs)}",
                              ours is not None and (theirs is None or ours <= times * theirs)))
    return found


def shown(p99_ms):
    return "no answer" if p99_ms is None else f"{p99_ms} ms"


def line(aim, found, met):
    return {"aim": aim, "found": found, "met": bool(met)}
