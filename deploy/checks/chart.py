"""The chart in deploy/helm, by the check that stands beside it: lint, schemas of Kubernetes, and what each pod must be."""

import sys

from checks.tool import DEPLOY, complaints, find


def check() -> list[str]:
    """What it finds. It runs in this environment, with the helm that stands beside this Python or on the machine."""
    return complaints(sys.executable, DEPLOY / "helm/check.py", HELM=find("helm"))
