"""The units of systemd.

In: deploy/systemd, drop-ins too. Out: what systemd-analyze says of them. They are looked at in a copy, in which the program is
one that every machine has: whether it is installed here is not the question.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checks.tool import DEPLOY, complaints

FOLDER = DEPLOY / "systemd"
PROGRAM, STAND_IN = "/usr/bin/kayoi", "/bin/true"
# From 0, nothing can go wrong, to 10; systemd calls what is below 2 safe, and 2.5 is what we promise.
MOST_TENTHS = 25


@contextmanager
def copied() -> Iterator[Path]:
    """The units in a folder of their own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
        for path in folder.rglob("*.service"):
            path.write_text(path.read_text().replace(PROGRAM, STAND_IN))
        yield folder


def units(folder: Path, *endings: str) -> list[Path]:
    """Those that end so."""
    return [path for path in sorted(folder.iterdir()) if path.suffix in endings]


def dropped_in() -> list[str]:
    """Drop-ins whose unit is not there: systemd passes them over."""
    folders = [path for path in FOLDER.iterdir() if path.suffix == ".d"]
    return [f"{folder.name} belongs to no unit" for folder in folders if not (FOLDER / folder.stem).is_file()]


def verify() -> list[str]:
    """What systemd says of units, their drop-ins and their timers; it ends with 0 when it only warns."""
    with copied() as folder:
        names = units(folder, ".service", ".timer")
        if not names:
            return ["there are no units"]
        found = [line for path in names for line in analyzed(path, folder)]
    return found + dropped_in()


def analyzed(path: Path, folder: Path) -> list[str]:
    """What systemd says of one, its warnings too."""
    # An empty part at the end stands for systemd's own folders.
    script = 'said=$(systemd-analyze verify --man=no "$1" 2>&1); code=$?; echo "$said"; [ $code -eq 0 ] && [ -z "$said" ]'
    return [line.replace(f"{folder}/", "") for line in complaints("sh", "-c", script, "sh", path, SYSTEMD_UNIT_PATH=f"{folder}:")]


def exposure() -> list[str]:
    """Units that more could be taken from, each with its figure."""
    found = []
    with copied() as folder:
        for path in units(folder, ".service"):
            said = complaints("systemd-analyze", "security", "--offline=true", f"--threshold={MOST_TENTHS}", "--no-pager", path)
            found += [line.strip("→ ") for line in said if "Overall exposure" in line] or said
    return found
