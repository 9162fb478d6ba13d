"""YAML files, but the templates of the chart, which are YAML only when they are filled in."""

import json

from checks.tool import DEPLOY, complaints

RULES = {
    "extends": "default",
    "rules": {"document-start": "disable", "line-length": {"max": 130}, "comments": {"min-spaces-from-content": 1}},
}


def lint() -> list[str]:
    """What yamllint says of them."""
    files = [path for pattern in ("*.yaml", "*.yml") for path in sorted(DEPLOY.rglob(pattern)) if "templates" not in path.parts]
    # JSON is YAML.
    return complaints("yamllint", "--strict", "--format", "parsable", "--config-data", json.dumps(RULES), *files)
