"""Programs that look at files.

In: a command. Out: what it said when it was not content. They are taken from the environment that runs this, then from
the machine.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

DEPLOY = Path(__file__).resolve().parent.parent
ROOT = DEPLOY.parent
HINTS = {
    "promtool": "apt-get install prometheus",
    "systemd-analyze": "apt-get install systemd",
    "helm": "scripts/setup deploy",
}


class Missing(Exception):
    """A program that is not installed, and how it is had."""


def find(program: str) -> str:
    """Where a program is."""
    beside = Path(sys.executable).parent
    found = shutil.which(program, path=f"{beside}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        raise Missing(f"{program} is not installed: {HINTS.get(program, 'pip install -r deploy/check-requirements.txt')}")
    return found


def run(program: str, *words: str | Path, given: str | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs it in the folder of the repository."""
    command = [find(program), *map(str, words)]
    return subprocess.run(command, cwd=ROOT, env=os.environ | variables, input=given, capture_output=True, text=True, check=False)


def complaints(program: str, *words: str | Path, given: str | None = None, **variables: str) -> list[str]:
    """What it says when its exit code is not 0; nothing when it is content."""
    try:
        done = run(program, *words, given=given, **variables)
    except Missing as missing:
        return [str(missing)]
    if done.returncode == 0:
        return []
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return said or [f"{program} ended with exit code {done.returncode} and said nothing"]
