"""Every metric that there is, with its labels.

In: deploy/metrics.txt and deploy/metrics-jobs-and-server.txt, of which tests hold each line to be what the program serves. Out:
series by name. `name{label,label} kind, unit: meaning`.
"""

import re
from dataclasses import dataclass

from checks.tool import DEPLOY

LINE = re.compile(r"^(?P<name>[a-z_]+)(?:\{(?P<labels>[a-z_,]+)\})? (?P<kind>counter|gauge|histogram)(?:, [a-z]+)?: \S")
FILES = ("metrics.txt", "metrics-jobs-and-server.txt")
# What Prometheus puts to every series.
SCRAPED = {"job", "instance"}
# Not ours: of Prometheus, and of node_exporter's textfile collector.
OTHERS = {"up", "node_textfile_scrape_error"}
# Words that a label may have, where they are few and fixed. A misspelt one is an alert that is never raised.
VALUES = {
    "step": {"aggregate", "bucket", "finish", "maintain"},
    "door": {"command line", "http", "postgres", "flight"},
    "kayoi_run_buckets outcome": {"measured", "taken_over", "failed"},
    "kayoi_query_questions_total outcome": {"answered", "failed", "refused", "unchanged", "abandoned"},
    "kayoi_query_seconds_bucket outcome": {"answered", "failed", "refused", "unchanged", "abandoned"},
}


@dataclass(frozen=True)
class Metric:
    """A line of a list."""

    name: str
    kind: str
    labels: frozenset[str]


def documented() -> list[Metric]:
    """Every metric of ours."""
    lines = [line for name in FILES for line in (DEPLOY / name).read_text().splitlines()]
    found = [LINE.match(line) for line in lines]
    if None in found:
        raise ValueError(f"not `name{{labels}} kind: meaning`: {lines[found.index(None)]}")
    return [Metric(m["name"], m["kind"], frozenset((m["labels"] or "").split(",")) - {""}) for m in found if m]


def series() -> dict[str, set[str]]:
    """The labels of every series that can be asked for."""
    known: dict[str, set[str]] = {name: set(SCRAPED) for name in OTHERS}
    for metric in documented():
        labels = set(metric.labels) | SCRAPED
        if metric.kind == "histogram":
            known |= {f"{metric.name}_sum": labels, f"{metric.name}_count": labels, f"{metric.name}_bucket": labels | {"le"}}
        else:
            known[metric.name] = labels
    return known


def family(name: str) -> str:
    """The metric of a series."""
    return re.sub(r"_(bucket|sum|count)$", "", name)
