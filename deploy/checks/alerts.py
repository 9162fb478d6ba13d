"""Alerts: their rules, their tests, and the headings of the runbook that say what to do.

In: deploy/prometheus, deploy/runbook.md. Out: what promtool says, and what leads nowhere.
"""

import re
from pathlib import Path

import yaml

from checks.promql import read
from checks.tool import DEPLOY, complaints

FOLDER = DEPLOY / "prometheus"
ALERTS = FOLDER / "alerts.yml"
TESTS = FOLDER / "alerts_test.yml"
# What Prometheus asks, in containers and on one machine.
SCRAPES = [FOLDER / "prometheus.yml", FOLDER / "one-machine.yml"]
RUNBOOK = "deploy/runbook.md"
SEVERITIES = {"page", "ticket"}
LABEL = re.compile(r"\$labels\.([a-z_]+)")


def rules() -> list[dict]:
    """Every alert, in the order of the file."""
    return [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]


def jobs() -> set[str]:
    """The jobs that Prometheus asks."""
    return jobs_of(SCRAPES[0])


def jobs_of(path: Path) -> set[str]:
    """The jobs of one of its configurations."""
    return {scrape["job_name"] for scrape in yaml.safe_load(path.read_text())["scrape_configs"]}


def check() -> list[str]:
    """What promtool says of the configurations and of the rules that they name; and those that ask other jobs."""
    found = [f"{path.name} asks {sorted(jobs_of(path))}, not {sorted(jobs())}" for path in SCRAPES if jobs_of(path) != jobs()]
    return found + [line for path in SCRAPES for line in complaints("promtool", "check", "config", "--lint-fatal", path)]


def test() -> list[str]:
    """What promtool says of the tests; and alerts that they do not have raised, or not have not raised."""
    tried = [case for group in yaml.safe_load(TESTS.read_text())["tests"] for case in group["alert_rule_test"]]
    raised = {case["alertname"] for case in tried if case.get("exp_alerts")}
    quiet = {case["alertname"] for case in tried if not case.get("exp_alerts")}
    names = {rule["alert"] for rule in rules()}
    found = [f"no test has {name} raised" for name in sorted(names - raised)]
    found += [f"no test has {name} not raised" for name in sorted(names - quiet)]
    found += [f"a test is of {name}, which is no alert" for name in sorted((raised | quiet) - names)]
    return found + complaints("promtool", "test", "rules", TESTS)


def expressions() -> list[str]:
    """What is wrong with expressions, and labels in their words that no answer has."""
    found, known = [], jobs()
    for rule in rules():
        labels, _, wrong = read(rule["expr"], known)
        wrong += [
            f"its answer has no label `{label}`" for label in LABEL.findall(str(rule["annotations"])) if label not in labels
        ]
        wrong += [] if rule.get("labels", {}).get("severity") in SEVERITIES else ["no severity, page or ticket"]
        found += [f"{rule['alert']}: {line}" for line in wrong]
    return found


def asked() -> set[str]:
    """The metrics that alerts are about."""
    return {name for rule in rules() for name in read(rule["expr"], jobs())[1]}


def runbook() -> list[str]:
    """Alerts without a heading, and headings without an alert."""
    headings = re.findall(r"^### (Kayoi\w+)$", (DEPLOY / "runbook.md").read_text(), re.MULTILINE)
    names = [rule["alert"] for rule in rules()]
    found = [f"{name} stands twice" for name in sorted(set(names + headings)) if max(names.count(name), headings.count(name)) > 1]
    found += [f"{name} has no heading `### {name}` in the runbook" for name in names if name not in headings]
    found += [f"the runbook has a heading {name}, and there is no such alert" for name in headings if name not in names]
    for rule in rules():
        anchor = f"{RUNBOOK}#{rule['alert'].lower()}"
        if rule["annotations"].get("runbook") != anchor:
            found.append(f"{rule['alert']}: runbook is {rule['annotations'].get('runbook')}, not {anchor}")
    return found
