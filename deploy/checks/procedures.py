"""Procedures of the runbook: each that an operator needs has its heading, says when it worked, and names tests that there are.

In: deploy/runbook.md and the sources that it names. Out: procedures that are missing, and tests that nobody can run.
"""

import re

from checks.tool import DEPLOY, ROOT

RUNBOOK = DEPLOY / "runbook.md"
# What somebody who has never spoken to us must be able to do.
NEEDED = {
    "Start",
    "Stop",
    "Scale out",
    "Maintenance",
    "Upgrade",
    "Backup",
    "Restore",
    "Rerun a month",
    "Rotate keys and secrets",
    "Forget a person",
    "Add a partner",
    "New borders",
    "Change the number of buckets",
    "Lose the scheduler",
    "The seeds are lost",
    "A leak of the release secret",
}
# Without an end that one could see: a process that stops, and a job that says itself how it went.
NO_END = {"Stop", "Maintenance"}
HEADING = re.compile(r"^#{2,3} (?P<title>.+)$", re.MULTILINE)
TEST = re.compile(r"(?P<file>[\w/.-]+\.rs)::(?P<name>\w+)")


def sections(text: str) -> dict[str, str]:
    """What stands below each heading, up to the next one."""
    found = list(HEADING.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    return {match["title"]: text[match.end() : end] for match, end in zip(found, ends, strict=True)}


def tests(section: str) -> list[tuple[str, str]]:
    """The tests that it names: file and function."""
    lines = [line for line in section.splitlines() if line.startswith("Tested by: ")]
    return [(match["file"], match["name"]) for line in lines for match in TEST.finditer(line)]


def is_there(file: str, name: str) -> bool:
    """Whether the file has a test of that name."""
    path = ROOT / file
    return path.is_file() and re.search(rf"#\[test\]\n(?:#\[[^\n]*\]\n)*(?:async )?fn {name}\(", path.read_text()) is not None


def lacks(title: str, section: str) -> list[str]:
    """What a procedure does not have."""
    named = tests(section)
    found = [f"{title}: there is no test {file}::{name}" for file, name in named if not is_there(file, name)]
    if title in NEEDED and not named:
        found.append(f"{title}: names no test")
    if title in NEEDED - NO_END and "\nIt worked when " not in section:
        found.append(f"{title}: does not say when it worked")
    return found


def check() -> list[str]:
    """What is missing in all of them."""
    there = sections(RUNBOOK.read_text())
    found = [f"the runbook has no procedure `{title}`" for title in sorted(NEEDED - there.keys())]
    return found + [line for title, section in there.items() for line in lacks(title, section)]
