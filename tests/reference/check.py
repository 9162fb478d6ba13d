#!/usr/bin/env python3
"""Holds the reference pages of both books against what the program says of itself.

In: the program. Out: a line for each check, what was found, and exit code 1 when something was. Pages explain more than the
program prints, so they are not made of it; but no function and no table may be missing there, have other arguments there, or be
gone from the program. Columns stand in `columns.md`, which the program prints: tests/walk/documents/columns.rs compares it.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "ja")
# `name(arguments) -> type`, as the program and the pages write it.
SIGNATURE = re.compile(r"^(?P<name>[a-z_0-9]+)\((?P<arguments>[^)]*)\) -> (?P<type>.+)$")
# `name (release, served): meaning`, and its columns below.
TABLE = re.compile(r"^(?P<name>[a-z_0-9]+) \((?P<kind>[^)]*)\): ")
# Facts beside a release, and functions of PostgreSQL of which there is more to say.
BESIDE = {"municipalities", "neighbours", "calendar", "timezone", "to_char", "version"}
BOLD = re.compile(r"\*\*`(?P<name>[a-z_0-9]+)`\*\*")


def said(program: Path, *words: str) -> list[str]:
    """What the program prints, by lines."""
    return subprocess.run([program, *words], capture_output=True, text=True, check=True).stdout.splitlines()


def page(language: str, name: str) -> str:
    """A page of a book."""
    return (ROOT / f"docs/{language}/src/{name}.md").read_text()


def functions(program: Path) -> Iterator[str]:
    """Every function has a heading and its signature, and no heading is of another."""
    signatures = {match["name"]: line for line in said(program, "query", "--functions") if (match := SIGNATURE.match(line))}
    if len(signatures) < 20:
        yield f"the program has {len(signatures)} functions only"
    for language in LANGUAGES:
        text = page(language, "functions")
        lines = {line.strip().strip("`") for line in text.splitlines()}
        headings = set(re.findall(r"^### `?([a-z_0-9]+)`?$", text, re.MULTILINE))
        yield from (f"{language}/functions.md lacks `{line}`" for line in signatures.values() if line not in lines)
        yield from (f"{language}/functions.md has no heading {name}" for name in sorted(signatures.keys() - headings))
        gone = sorted(headings - signatures.keys() - BESIDE)
        yield from (f"{language}/functions.md has a heading {name}, which is no function" for name in gone)


def tables(program: Path) -> Iterator[str]:
    """Every table that is served is explained, and no paragraph is of another."""
    found = [match for line in said(program, "schema") if (match := TABLE.match(line))]
    served = {match["name"] for match in found if "served" in match["kind"].split(", ")}
    if len(served) < 20:
        yield f"the program serves {len(served)} tables only"
    for language in LANGUAGES:
        told = set(BOLD.findall(page(language, "tables")))
        yield from (f"{language}/tables.md does not tell of {name}" for name in sorted(served - told))
        yield from (f"{language}/tables.md tells of {name}, which is not served" for name in sorted(told - served))


def main(words: list[str]) -> int:
    """Runs all."""
    if len(words) != 1:
        print("usage: tests/reference/check.py PROGRAM", file=sys.stderr)
        return 2
    program, failed = Path(words[0]).resolve(), 0
    for check in (functions, tables):
        found = list(check(program))
        failed += bool(found)
        print(f"reference: {check.__name__:12} {'FAILED' if found else 'ok'}")
        for finding in found:
            print(f"  {finding}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
