#!/usr/bin/env python3
"""Checks all of deploy without a network, a container daemon or a cluster.

In: the files of this folder. Out: a line for each check, what was found, and exit code 1 when something was.
With --kayoi PROGRAM the program itself is asked whether it takes the arguments that it is given here, and nothing else is
looked at. Tools: `pip install -r deploy/check-requirements.txt` into the environment that runs this; promtool (Debian's package
`prometheus`), systemd-analyze and helm from the machine. A tool that is missing is a finding: nothing is left out silently.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from checks import alerts, arguments, chart, compose, dashboards, image, ingest, procedures, unit_promises, units, yaml_files

# Cheap ones first.
CHECKS: list[tuple[str, Callable[[], list[str]]]] = [
    ("YAML is well formed (yamllint)", yaml_files.lint),
    ("image (hadolint)", image.lint),
    ("image is of this version", image.current),
    ("keys of the ingest are known", ingest.keys),
    ("compose files (docker-compose config)", compose.config),
    ("containers are confined", compose.confined),
    ("Prometheus and alerts (promtool check)", alerts.check),
    ("every alert is raised and not raised (promtool test)", alerts.test),
    ("expressions of alerts name what there is", alerts.expressions),
    ("alerts and headings of the runbook", alerts.runbook),
    ("procedures of the runbook and their tests", procedures.check),
    ("dashboards", dashboards.check),
    ("every metric is shown somewhere", dashboards.shown),
    ("units (systemd-analyze verify)", units.verify),
    ("units keep their promises", unit_promises.kept),
    ("units are confined (systemd-analyze security)", units.exposure),
    ("chart (helm, kubernetes-validate)", chart.check),
]


def run(name: str, check: Callable[[], list[str]]) -> bool:
    """Runs one, prints what it found, and says whether that is nothing."""
    started = time.monotonic()
    found = check()
    result = "FAILED" if found else "ok"
    print(f"deploy: {name:58} {result:6} {time.monotonic() - started:4.1f} s", flush=True)
    for finding in found:
        print(f"  {finding}", flush=True)
    return not found


def main(words: list[str]) -> int:
    """Runs those whose names hold one of these words, or all; or asks a program."""
    if words[:1] == ["--kayoi"] and len(words) == 2:
        return 0 if run("arguments that the program takes", lambda: arguments.check(Path(words[1]).resolve())) else 1
    chosen = [(name, check) for name, check in CHECKS if not words or any(word in name for word in words)]
    if not chosen:
        print(f"deploy: no check has {' or '.join(words)} in its name", file=sys.stderr)
        return 2
    passed = [run(name, check) for name, check in chosen]
    print(f"deploy: {sum(passed)} passed, {len(passed) - sum(passed)} failed")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
