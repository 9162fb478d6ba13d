"""What we promise of every unit and systemd does not judge: who it runs as, what it sees, how long it may take to stop.

In: the units, `kayoi.tmpfiles` and `kayoi.sysusers`. Out: promises that are not kept, and folders that one names and another does
not make: a unit whose folder is missing does not start.
"""

import re
from pathlib import Path

from checks.tool import DEPLOY, complaints

FOLDER = DEPLOY / "systemd"
SERVERS = {"kayoi-ingest@.service", "kayoi-serve.service"}
# Alone sees the secrets of a series that is published.
RELEASES = "kayoi-aggregate.service"
SEEDS, SECRETS = "/var/lib/kayoi-release", "/etc/kayoi/secrets"
# stop_deadline of an ingest and --query-seconds of a server, both 30 s without a setting.
LONGEST_STOP = 30
FOLDER_LINE = re.compile(r"d (?P<path>/\S+) +0[0-7]{3} (?P<user>kayoi|root) +(?P=user) +-")


def settings(path: Path) -> dict[str, list[str]]:
    """The settings of a unit, each with its values."""
    found: dict[str, list[str]] = {}
    for key, value in re.findall(r"^(\w+)=(.*)$", path.read_text(), re.MULTILINE):
        found.setdefault(key, []).append(value)
    return found


def words(unit: dict[str, list[str]], key: str) -> set[str]:
    """The words of a setting; a path that may be missing without its sign."""
    return {word.lstrip("-") for value in unit.get(key, []) for word in value.split()}


def broken(name: str, unit: dict[str, list[str]]) -> list[str]:
    """The promises that a unit does not keep."""
    hidden = words(unit, "InaccessiblePaths")
    promises = {
        "starts /usr/bin/kayoi": [start.split()[0] for start in unit.get("ExecStart", [])] == ["/usr/bin/kayoi"],
        "runs as kayoi": unit.get("User") == ["kayoi"],
        "writes nowhere else": unit.get("ProtectSystem") == ["strict"],
        "gains no privileges": unit.get("NoNewPrivileges") == ["yes"],
        "leaves no picture of its memory": unit.get("LimitCORE") == ["0"],
        "sees no secrets but its own": SECRETS in hidden,
        "sees no seeds": SEEDS in hidden or name == RELEASES,
        "has time to stop": int(unit.get("TimeoutStopSec", ["0"])[0]) > LONGEST_STOP,
        "says that it lives": name not in SERVERS or (unit.get("Type") == ["notify"] and "WatchdogSec" in unit),
    }
    return [f"{name}: it is not so that it {promise}" for promise, kept in promises.items() if not kept]


def folders() -> tuple[set[str], list[str]]:
    """The folders that are made, and lines that make none."""
    lines = [line for line in (FOLDER / "kayoi.tmpfiles").read_text().splitlines() if line and not line.startswith("#")]
    made = [(line, FOLDER_LINE.fullmatch(line)) for line in lines]
    wrong = [f"kayoi.tmpfiles: `{line}` is not `d PATH 0MODE USER GROUP -`" for line, match in made if match is None]
    return {match["path"] for _, match in made if match}, wrong


def kept() -> list[str]:
    """What is promised and not so."""
    units = {path.name: settings(path) for path in sorted(FOLDER.glob("*.service"))}
    found = [line for name, unit in units.items() for line in broken(name, unit)]
    made, wrong = folders()
    used = set().union(*(words(unit, "ReadWritePaths") for unit in units.values()))
    found += wrong + [f"kayoi.tmpfiles does not make {path}, which a unit writes" for path in sorted(used - made)]
    for timer in sorted(FOLDER.glob("*.timer")):
        found += [] if timer.with_suffix(".service").name in units else [f"{timer.name} starts no unit"]
    return found + complaints("systemd-sysusers", "--dry-run", FOLDER / "kayoi.sysusers")
