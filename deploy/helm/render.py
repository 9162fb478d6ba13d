"""helm and the schemas of Kubernetes, for check.py.

In: a file of values. Out: the objects that the chart makes of it, or what helm says against it.
"""

import os
import subprocess
from pathlib import Path

import kubernetes_validate
import yaml

HERE = Path(__file__).resolve().parent
CHART = HERE / "kayoi"
HELM = os.environ.get("HELM", "helm")
# As a cluster with the operator of Prometheus has them.
MONITORING = ["monitoring.coreos.com/v1/ServiceMonitor", "monitoring.coreos.com/v1/PrometheusRule"]
# The oldest Kubernetes that Chart.yaml allows, and the newest that the package has schemas of.
OLDEST = "1.30"


class RefusedError(Exception):
    """What helm says against values."""


def helm(*arguments: str) -> str:
    """Runs helm. What it says when it fails is the error."""
    done = subprocess.run([HELM, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RefusedError(done.stdout + done.stderr)
    return done.stdout


def values_file(name: str) -> Path:
    """A file of values by its name."""
    return HERE / "values" / f"{name}.yaml"


def lint(name: str) -> str:
    """Everything that `helm lint --strict` says of the chart with a file of values."""
    return helm("lint", str(CHART), "--strict", "--values", str(values_file(name)))


def rendered(name: str, *more: str, apis: list[str] | None = None) -> list[dict]:
    """The objects of a file of values."""
    arguments = ["template", "kayoi", str(CHART), "--namespace", "towns", "--kube-version", f"{OLDEST}.0"]
    arguments += ["--values", str(values_file(name)), *more]
    for api in MONITORING if apis is None else apis:
        arguments += ["--api-versions", api]
    return [one for one in yaml.safe_load_all(helm(*arguments)) if one]


def alerts(path: Path) -> list[dict]:
    """The groups of a file of alerts."""
    return yaml.safe_load(path.read_text())["groups"]


def values(name: str) -> dict:
    """What a file of values says."""
    return yaml.safe_load(values_file(name).read_text())


def invalid(one: dict) -> list[str]:
    """What the schemas of Kubernetes say against an object. Kinds of operators have none there."""
    if one["apiVersion"].startswith("monitoring.coreos.com/"):
        return []
    found = []
    for version in (OLDEST, ".".join(kubernetes_validate.latest_version().split(".")[:2])):
        try:
            kubernetes_validate.validate(one, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            place = ".".join(str(step) for step in error.path)
            found.append(f"Kubernetes {version} does not take {place}: {error.message}")
    return found
