#!/usr/bin/env python3
"""Checks the chart without a cluster.

In: the chart, the files of `values`, helm (on the path, or as HELM names it), and kubernetes-validate from
deploy/check-requirements.txt in the environment that runs this. Out: a line for each check, findings, and exit
code 1 when there are any. What a rendering must be stands in pods.py and together.py, what must be refused in refused.py, and
spoils.py shows that each of these checks can fail. With --kayoi PROGRAM the program itself is asked whether it takes the
arguments and the configuration that its containers get.
"""

import argparse
import copy
import sys
from collections.abc import Iterator
from pathlib import Path

import pods
import program
import refused
import render
import spoils
import together

ALERTS = render.HERE.parent / "prometheus" / "alerts.yml"
COPY = render.CHART / "files" / "alerts.yml"
# What each file of values makes, by name without `kayoi-`. A template that stays empty by mistake has nothing in it that could
# be wrong.
INGEST = """Service/ingest StatefulSet/ingest ConfigMap/ingest PodDisruptionBudget/ingest ServiceAccount/ingest
NetworkPolicy/ingest"""
SERVE = """Service/serve Service/serve-pods StatefulSet/serve PodDisruptionBudget/serve ServiceAccount/serve NetworkPolicy/serve
Pod/test"""
ALWAYS = "ServiceAccount/jobs NetworkPolicy/deny"
WHOLE = f"{ALWAYS} {INGEST} {SERVE} CronJob/maintain CronJob/aggregate"
MADE = {
    "minimal-pvc": f"{WHOLE} PersistentVolumeClaim/lake",
    "s3": WHOLE,
    "production": f"""{WHOLE} CronJob/aggregate-buckets CronJob/aggregate-finish HorizontalPodAutoscaler/serve Ingress/serve
PersistentVolumeClaim/seeds PersistentVolumeClaim/runs Deployment/runs Service/runs NetworkPolicy/runs
ServiceMonitor/ingest ServiceMonitor/serve ServiceMonitor/runs PrometheusRule/""",
    "cluster": f"""{WHOLE} Deployment/scheduler Service/scheduler Deployment/executor
NetworkPolicy/scheduler NetworkPolicy/executor""",
    "ingest-only": f"{ALWAYS} {INGEST}",
    "serve-only": f"{ALWAYS} {SERVE}",
}
TASK = ["--show-only", "templates/jobs/task.yaml", "--set", "task.args={lake,info}"]


def main() -> int:
    """Runs all checks."""
    options = argparse.ArgumentParser(description="Checks the chart without a cluster.")
    options.add_argument("--kayoi", type=Path, help="the program, to be asked about arguments and configuration")
    kayoi = options.parse_args().kayoi
    checks = {f"values {name}": (lambda name=name: of_values(name, kayoi)) for name in MADE}
    checks |= {
        "values all known": every_file,
        "cluster with TLS": cluster_with_tls,
        "task": task,
        "monitoring by capability": by_capability,
        "alerts are one": lambda: same_alerts(ALERTS, COPY),
        "alerts in the rule": rule,
        "bad values are refused": bad_values,
        "spoilt renderings are found": spoilt,
    }
    failed = 0
    for name, check in checks.items():
        found = list(check())
        failed += len(found)
        print(f"{name}: {'ok' if not found else 'FAILED'}", flush=True)
        for finding in found:
            print(f"  {finding}", flush=True)
    return 1 if failed else 0


def existing(said: object) -> set[str]:
    """All that values name as being there already."""
    if not isinstance(said, dict):
        return set()
    own = {value for key, value in said.items() if key.startswith("existing") and value}
    return own.union(*(existing(value) for value in said.values()))


def wrong(objects: list[dict], names: set[str]) -> Iterator[str]:
    """All that is wrong with a rendering."""
    for pod in pods.pods(objects):
        yield from pods.findings(pod)
    yield from together.findings(objects, names)


def invalid(objects: list[dict]) -> Iterator[str]:
    """What Kubernetes would not take."""
    for one in objects:
        yield from (f"{together.name(one)}: {found}" for found in render.invalid(one))


def of_values(name: str, kayoi: Path | None) -> Iterator[str]:
    """One file of values: linted, rendered, valid, right, and what is expected of it."""
    try:
        render.lint(name)
        objects = render.rendered(name)
    except render.RefusedError as error:
        yield str(error)
        return
    yield from invalid(objects)
    yield from wrong(objects, existing(render.values(name)))
    made = {f"{one['kind']}/{one['metadata']['name'].removeprefix('kayoi').removeprefix('-')}" for one in objects}
    expected = set(MADE[name].split())
    yield from (f"{it} is not made" for it in sorted(expected - made))
    yield from (f"{it} is made, and nobody expects it" for it in sorted(made - expected))
    if kayoi:
        yield from program.findings(kayoi, objects)


def cluster_with_tls() -> Iterator[str]:
    """A cluster whose pods have certificates, executors by names that one can be for."""
    secret = "kayoi-cluster-tls"
    objects = render.rendered("cluster", "--set", f"cluster.tls.existingSecret={secret}")
    yield from invalid(objects)
    yield from wrong(objects, existing(render.values("cluster")) | {secret})
    made = {together.name(one) for one in objects}
    yield from (f"{it} is not made" for it in ("StatefulSet/kayoi-executor", "Service/kayoi-executor") if it not in made)
    with_it = {it.component for it in pods.pods(objects) if any(v["name"] == "cluster-tls" for v in it.spec.get("volumes", []))}
    if with_it != {"scheduler", "executor", "aggregate"}:
        yield f"the certificate is in the pods of {', '.join(sorted(with_it)) or 'nobody'}"


def every_file() -> Iterator[str]:
    """No file of values is left out."""
    there = {path.stem for path in render.values_file("x").parent.glob("*.yaml")}
    yield from (f"values/{name}.yaml is not checked" for name in sorted(there ^ set(MADE)))


def task() -> Iterator[str]:
    """The Job of a task, which no file of values makes."""
    for name in MADE:
        objects = render.rendered(name, *TASK)
        if len(objects) != 1:
            yield f"{name}: a task makes {len(objects)} objects"
        yield from invalid(objects)
        for pod in pods.pods(objects):
            yield from (f"{name}: {found}" for found in pods.findings(pod))


def by_capability() -> Iterator[str]:
    """A cluster that does not know a kind gets none of it."""
    for one in render.rendered("production", apis=[]):
        if one["apiVersion"].startswith("monitoring.coreos.com/"):
            yield f"{together.name(one)} is made for a cluster that does not know it"


def same_alerts(original: Path, copied: Path) -> Iterator[str]:
    """The chart's copy is the original."""
    if original.read_bytes() != copied.read_bytes():
        yield f"{copied.name} of the chart differs: cp deploy/prometheus/alerts.yml deploy/helm/kayoi/files/"


def rule() -> Iterator[str]:
    """The rule has all groups, or those of the parts that are there."""
    groups = render.alerts(ALERTS)
    made = together.of_kind(render.rendered("production"), "PrometheusRule")
    if [one["spec"]["groups"] for one in made] != [groups]:
        yield "the PrometheusRule of production has other groups than alerts.yml"
    made = together.of_kind(render.rendered("serve-only", "--set", "monitoring.enabled=true"), "PrometheusRule")
    left = [group for group in groups if group["name"] not in {"kayoi-ingest", "kayoi-jobs"}]
    if len(left) != len(groups) - 2:
        yield "alerts.yml has no groups kayoi-ingest and kayoi-jobs: templates/monitoring/rules.yaml leaves out others"
    if [one["spec"]["groups"] for one in made] != [left]:
        yield "the PrometheusRule of serve-only has not the groups of serve and the release alone"


def bad_values() -> Iterator[str]:
    """Each is refused, for the right reason."""
    for name, more, words in refused.REFUSED:
        try:
            render.rendered(name, *more)
        except render.RefusedError as error:
            if words not in str(error):
                yield f"{name} with {more} is refused without `{words}`: {error}"
        else:
            yield f"{name} with {more} is taken"


def spoilt_by(name: str, all_spoils: list) -> Iterator[str]:
    """Of one file of values, those that nothing finds."""
    objects = render.rendered(name)
    names = existing(render.values(name))
    for words, spoil in all_spoils:
        other = copy.deepcopy(objects)
        try:
            spoil(other)
        except (StopIteration, KeyError, IndexError):
            yield f"for `{words}` there is nothing to spoil"
            continue
        found = list(invalid(other) if (words, spoil) in spoils.SCHEMAS else wrong(other, names))
        if not any(words in one for one in found):
            yield f"nothing says `{words}`: {found}"


def spoilt() -> Iterator[str]:
    """Each spoilt rendering has the finding that it must have, and a rendering as it is has none."""
    yield from spoilt_by("production", spoils.PODS + spoils.TOGETHER + spoils.SCHEMAS)
    yield from spoilt_by("cluster", spoils.CLUSTER)
    if not list(same_alerts(ALERTS, render.CHART / "Chart.yaml")):
        yield "another file passes for the alerts"


if __name__ == "__main__":
    sys.exit(main())
