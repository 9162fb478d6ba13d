"""Whether the program takes what units, compose and the chart give it.

In: the program. Out: findings. Nothing is started: every option before `--help` is read before the help is printed.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from checks import compose
from checks.tool import DEPLOY, complaints, find

# The program in units and health checks.
OURS = "/usr/bin/kayoi"


def check(program: Path) -> list[str]:
    """What it does not take."""
    given = [*of_units(), *of_compose()]
    found = [] if len(given) > 8 else ["units and compose start next to nothing"]
    for place, words in given:
        said = refused(program, words)
        found += [f"{place}: `kayoi {' '.join(words)}` is not taken: {said}"] if said else []
    chart = complaints(sys.executable, DEPLOY / "helm/check.py", "--kayoi", program, HELM=find("helm"))
    return found + chart


def refused(program: Path, words: list[str]) -> str:
    """What the program says against the words; nothing when it takes them."""
    done = subprocess.run([program, *words, "--help"], capture_output=True, text=True, check=False)
    said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
    return "" if done.returncode == 0 else said[0]


def of_units() -> Iterator[tuple[str, list[str]]]:
    """What units start, without the options that an operator gives by a variable."""
    for path in sorted((DEPLOY / "systemd").rglob("*")):
        if path.suffix not in {".service", ".conf"}:
            continue
        for line in re.findall(rf"^Exec\w+={OURS} (.*)$", path.read_text(), re.MULTILINE):
            yield path.name, [word for word in line.split() if not word.startswith("$")]


def of_compose() -> Iterator[tuple[str, list[str]]]:
    """What services and their health checks start."""
    for name, service in compose.services().items():
        if service["image"].startswith(compose.IMAGES):
            yield name, service["command"]
        test = service.get("healthcheck", {}).get("test", [])
        if OURS in test:
            yield f"{name}, health check", test[test.index(OURS) + 1 :]
