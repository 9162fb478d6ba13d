"""What an expression of PromQL asks for.

In: an expression. Out: the labels of its answer, and what is wrong with it: it cannot be read, or asks for a metric, a label
or a word that nothing serves. Prometheus itself says nothing of those; it finds nothing, for ever.
"""

import re

import promql_parser as promql

from checks.metrics import VALUES, family, series

# What Grafana fills in before it asks.
FILLED = ((r"\$__rate_interval", "5m"), (r"\$__all", ".*"), (r"\$\{?[a-z]+\}?", ".*"))
# Their answer has no labels but those that they are given.
WITHOUT_LABELS = {"scalar", "time", "vector"}
SERIES = series()


class Reading:
    """One walk through an expression."""

    def __init__(self, jobs: set[str]) -> None:
        """Takes the names of the jobs that Prometheus asks."""
        self.jobs = jobs
        self.found: list[str] = []
        self.names: set[str] = set()

    def labels(self, node: object) -> set[str]:
        """The labels that an answer may have; notes what is wrong below."""
        kind = type(node).__name__
        method = getattr(self, f"labels_of_{kind.lower()}", None)
        if method is None:
            self.found.append(f"`{kind}` is new to this check: teach it deploy/checks/promql.py")
            return set()
        return method(node)

    def labels_of_vectorselector(self, node: promql.VectorSelector) -> set[str]:
        """A metric, with its own labels."""
        if node.name not in SERIES:
            self.found.append(f"there is no metric `{node.name}`")
            return set()
        self.names.add(node.name)
        for matcher in node.matchers.matchers:
            self.look_at(node.name, matcher)
        return SERIES[node.name]

    def look_at(self, name: str, matcher: promql.Matcher) -> None:
        """Whether a label is the metric's, and has such a word."""
        if matcher.name not in SERIES[name]:
            self.found.append(f"`{name}` has no label `{matcher.name}`")
        words = VALUES.get(f"{name} {matcher.name}") or VALUES.get(matcher.name)
        words = self.jobs if matcher.name == "job" else words
        if words and not any(matches(matcher, word) for word in words):
            self.found.append(f"no `{matcher.name}` of `{name}` is `{matcher.value}`")

    def labels_of_matrixselector(self, node: promql.MatrixSelector) -> set[str]:
        """A metric through time."""
        return self.labels(node.vector_selector)

    def labels_of_subqueryexpr(self, node: promql.SubqueryExpr) -> set[str]:
        """An expression through time."""
        return self.labels(node.expr)

    def labels_of_parenexpr(self, node: promql.ParenExpr) -> set[str]:
        """Brackets."""
        return self.labels(node.expr)

    def labels_of_unaryexpr(self, node: promql.UnaryExpr) -> set[str]:
        """A sign."""
        return self.labels(node.expr)

    def labels_of_numberliteral(self, _: promql.NumberLiteral) -> set[str]:
        """A number."""
        return set()

    def labels_of_stringliteral(self, _: promql.StringLiteral) -> set[str]:
        """A word."""
        return set()

    def labels_of_binaryexpr(self, node: promql.BinaryExpr) -> set[str]:
        """Two sides; which labels stay is told by either."""
        return self.labels(node.lhs) | self.labels(node.rhs)

    def labels_of_call(self, node: promql.Call) -> set[str]:
        """A function."""
        below = set().union(*(self.labels(argument) for argument in node.args))
        name = node.func.name
        if name == "histogram_quantile" and "le" not in below:
            self.found.append("histogram_quantile needs `le`")
        return set() if name in WITHOUT_LABELS else below - {"le"} if name == "histogram_quantile" else below

    def labels_of_aggregateexpr(self, node: promql.AggregateExpr) -> set[str]:
        """A sum over labels: those that it names must be there."""
        below = self.labels(node.expr)
        if node.modifier is None:
            return set()
        named = set(node.modifier.labels)
        for label in sorted(named - below):
            self.found.append(f"nothing in `{node.expr}` has a label `{label}`" if below else f"no label `{label}` is left there")
        return named if "By" in str(node.modifier.type) else below - named


def matches(matcher: promql.Matcher, word: str) -> bool:
    """Whether a matcher lets a word through."""
    how = str(matcher.op).rsplit(".", 1)[-1]
    is_pattern = "Re" in how
    same = bool(re.fullmatch(matcher.value, word)) if is_pattern else matcher.value == word
    return not same if how.startswith("Not") else same


def read(expression: str, jobs: set[str]) -> tuple[set[str], set[str], list[str]]:
    """The labels of its answer, the metrics that it asks for, and what is wrong."""
    for variable, value in FILLED:
        expression = re.sub(variable, value, expression)
    try:
        tree = promql.parse(expression)
    except ValueError as error:
        return set(), set(), [f"cannot be read: {error}"]
    reading = Reading(jobs)
    labels = reading.labels(tree)
    return labels, {family(name) for name in reading.names}, reading.found
