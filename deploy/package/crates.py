"""Of which crates the program is made.

In: the checkout, and cargo with what Cargo.lock names. Out: crates, with edges, licences and checksums.
`cargo tree` says which: `cargo metadata` has the features of all members of the workspace together, tests too, and so a dozen
crates that are in no program. `cargo metadata` says the rest. Standard library only: the check of the outcome uses it too.
"""

import json
import os
import re
import subprocess
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "kayoi-cli"
# Depth, name, version, and what follows them: `(/folder)`, `(proc-macro)`, `(*)` for what was shown before.
LINE = re.compile(r"(\d+)(\S+) v(\S+)(.*)")
Key = tuple[str, str]


@dataclass
class Crate:
    """One crate at one version."""

    name: str
    version: str
    licence: str
    repository: str
    folder: Path
    # None for crates of this workspace, which no registry has.
    checksum: str | None
    # Runs in the compiler; what only it needs is not in the program.
    is_macro: bool = False
    needs: set[Key] = field(default_factory=set)

    @property
    def key(self) -> Key:
        """Name and version; no crate comes from two places."""
        return self.name, self.version


def crates(target: str) -> dict[Key, Crate]:
    """All of the program, itself first."""
    facts, sums = described(target), checksums()
    found: dict[Key, Crate] = {}
    above: list[Key] = []
    for line in cargo("tree", "-p", PROGRAM, "-e", "normal", "--prefix", "depth", "--target", target).splitlines():
        depth, name, version, rest = matched(line)
        key = (name, version)
        crate = found.setdefault(key, crate_of(facts[key], sums.get(key)))
        crate.is_macro |= "(proc-macro)" in rest
        above[depth:] = [key]
        if depth:
            found[above[depth - 1]].needs.add(key)
    return found


def linked(found: dict[Key, Crate]) -> set[Key]:
    """Those whose code is in the program: the others end in a macro, which has run when the program is there."""
    seen: set[Key] = set()
    ahead = [next(iter(found))]
    while ahead:
        key = ahead.pop()
        if key not in seen and not found[key].is_macro:
            seen.add(key)
            ahead += found[key].needs
    return seen


def version() -> str:
    """The version of the program."""
    packages = json.loads(cargo("metadata", "--no-deps", "--format-version", "1"))["packages"]
    return next(package["version"] for package in packages if package["name"] == PROGRAM)


def matched(line: str) -> tuple[int, str, str, str]:
    """The parts of a line of the tree."""
    parts = LINE.fullmatch(line)
    if parts is None:
        raise SystemExit(f"package: cargo tree has a line of another form: `{line}`")
    return int(parts[1]), parts[2], parts[3], parts[4]


def described(target: str) -> dict[Key, dict]:
    """What cargo knows of each crate."""
    packages = json.loads(cargo("metadata", "--format-version", "1", "--filter-platform", target))["packages"]
    return {(package["name"], package["version"]): package for package in packages}


def checksums() -> dict[Key, str]:
    """SHA-256 of each crate's archive, as the lock file has it."""
    locked = tomllib.loads((ROOT / "Cargo.lock").read_text(encoding="utf-8"))["package"]
    return {(package["name"], package["version"]): package["checksum"] for package in locked if "checksum" in package}


def crate_of(package: dict, checksum: str | None) -> Crate:
    """A crate without its edges."""
    # A slash is how older crates write OR.
    licence = (package["license"] or "").replace(" / ", "/").replace("/", " OR ")
    folder = Path(package["manifest_path"]).parent
    return Crate(package["name"], package["version"], licence, package["repository"] or "", folder, checksum)


def cargo(*words: str) -> str:
    """What cargo answers, without touching the lock file."""
    program = os.environ.get("CARGO", "cargo")
    done = subprocess.run([program, words[0], "--locked", *words[1:]], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"package: cargo {words[0]} ended with {done.returncode}, see above")
    return done.stdout
