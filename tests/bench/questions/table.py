"""The tables of `make bench-questions`.

In: the results as they are written to JSON. Out: Markdown: the mixes, each engine's questions alone, what each peer leaves
out and why, the aims with what was reached, and how each engine ran.
"""

from phases import ALONE, MIXED

MIX_HEAD = ("engine", "questions", "phase", "n", "p50, ms", "p99, ms", "answers a second", "rows each", "processor ms each",
            "generator ms each", "generator late p99, ms", "refused", "timed out", "failed")
MIX_KEYS = ("n", "p50_ms", "p99_ms", "per_s", "rows_each", "cpu_ms_each", "generator_ms_each", "late_p99_ms", "refused",
            "timed_out", "failed")
PERCENTILES = ("p50_ms", "p99_ms")
NO_ANSWER = "no answer"
LONGEST = 160


def text(results):
    parts = (part(results) for part in (mixes, errors, questions, peers, left_out, aims, about))
    return "\n\n".join(part for part in parts if part)


def markdown(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell(value) for value in line)} |" for line in lines)


def cell(value):
    return "" if value is None else f"{value:,}" if isinstance(value, (int, float)) else str(value)


def measured(told, keys):
    """Values of a phase; a percentile that is not an answer says so."""
    return [NO_ANSWER if key in PERCENTILES and told[key] is None and told["n"] else told[key] for key in keys]


def mixes(results):
    rows = [[run["engine"], f"{run['set']} ({run['questions']})", phase, *measured(told, MIX_KEYS)]
            for run in results["mixes"] for phase, told in run["phases"].items()]
    rows += [[engine, "each alone", phase, *measured(mean, MIX_KEYS)]
             for engine, told in results["alone_mean"].items() for phase, mean in told.items()]
    return markdown(MIX_HEAD, rows) if rows else ""


def errors(results):
    """What went wrong, where something did; the most frequent of each phase."""
    rows = [[run["engine"], phase, error.replace("|", "/")[:LONGEST], count]
            for run in results["mixes"] for phase, told in run["phases"].items() for error, count in told["errors"].items()]
    rows += [[engine, phase, error.replace("|", "/")[:LONGEST], count]
             for engine, told in results["alone_mean"].items() for phase, mean in told.items()
             for error, count in mean["errors"].items()]
    return f"Errors:\n\n{markdown(('engine', 'phase', 'error', 'times'), rows)}" if rows else ""


def questions(results):
    """Kayoi's questions: alone, and within the mixes."""
    phases = [phase for phase in ALONE + MIXED if phase in results["options"]["phases"]]
    if not phases:
        return ""
    head = ["question"]
    for phase in phases:
        head += [f"{phase}: n", "p50", "p99", *(["processor ms"] if phase in ALONE else [])]
    own, mix = results["alone"].get("kayoi", {}), results["kayoi_by_question"]
    rows = []
    for name in results["questions"]:
        row = [name]
        for phase in phases:
            told = own.get(phase, {}).get(name) if phase in ALONE else mix.get(phase, {}).get(name)
            keys = ("n", *PERCENTILES, *(("cpu_ms_each",) if phase in ALONE else ()))
            row += measured(told, keys) if told else [None] * len(keys)
        rows.append(row)
    return f"Kayoi, ms; a p99 of fewer than 100 is the slowest:\n\n{markdown(head, rows)}"


def peers(results):
    """Every engine, each question alone and uncached."""
    engines = list(results["alone"])
    if len(engines) < 2 or "one-uncached" not in results["options"]["phases"]:
        return ""
    head = ["question", *(f"{engine}: {what}" for engine in engines for what in ("p50", "p99", "processor ms"))]
    rows = []
    for name in results["questions"]:
        row = [name]
        for engine in engines:
            told = results["alone"][engine].get("one-uncached", {}).get(name)
            out = "left out" if name in results["left_out"].get(engine, {}) else None
            row += measured(told, (*PERCENTILES, "cpu_ms_each")) if told else [out, None, None]
        rows.append(row)
    return f"One connection, uncached, ms:\n\n{markdown(head, rows)}"


def left_out(results):
    rows = [[engine, name, why.replace("|", "/")[:LONGEST]] for engine, told in results["left_out"].items()
            for name, why in told.items()]
    return f"Left out:\n\n{markdown(('engine', 'question', 'why'), rows)}" if rows else "No question was left out."


def aims(results):
    lines = [f"- {line['aim']}: {line['found']}, {'met' if line['met'] else 'not met'}" for line in results["aims"]]
    return "Aims:\n\n" + "\n".join(lines) if lines else ""


def about(results):
    lines = [f"- {engine}: {told}" for engine, told in results["about"].items()]
    return "How they ran:\n\n" + "\n".join(lines)
