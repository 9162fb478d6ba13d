"""Keys of the ingest's configuration, wherever a file of deploy sets one.

In: the reference, `ingest/config.toml`. Out: keys of ingest.toml, and variables such as `KAYOI_INGEST__KAFKA__BROKERS`, that it
does not have: the ingest would refuse to start.
"""

import re
import tomllib
from pathlib import Path

from checks.tool import DEPLOY, ROOT

# Keys without a default stand there as comments.
KEY = re.compile(r'^#?"?([a-z_]+)"? = ')
SECTION = re.compile(r"^\[+([a-z_.]+)\]+$")
VARIABLE = re.compile(r"KAYOI_INGEST__([A-Z0-9_]+)")
# Tables whose keys are the user's own words.
OPEN = ("kafka.librdkafka", "feed.map")


def reference() -> set[str]:
    """Every key, as `kafka.brokers`."""
    known, section = set(), ""
    for line in (ROOT / "ingest/config.toml").read_text().splitlines():
        if head := SECTION.match(line):
            section = head[1] + "."
        elif key := KEY.match(line):
            known.add(section + key[1])
    return known


def flat(table: dict, above: str = "") -> set[str]:
    """The keys of a table and of those in it."""
    keys = set()
    for key, value in table.items():
        inner = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else value
        keys |= flat(inner, f"{above}{key}.") if isinstance(inner, dict) else {above + key}
    return keys


def named(path: Path) -> set[str]:
    """The keys that a file's variables mean."""
    found = VARIABLE.findall(path.read_text(errors="replace"))
    return {re.sub(r"feed\.\d+\.", "feed.", name.lower().replace("__", ".")) for name in found}


def texts() -> list[Path]:
    """Files that may set a variable."""
    return [path for path in sorted(DEPLOY.rglob("*")) if path.is_file() and path.suffix not in (".md", ".ipynb", ".py", ".pyc")]


def keys() -> list[str]:
    """Keys that the ingest does not know."""
    known = reference()
    uses = [(path, key) for path in texts() for key in named(path)]
    uses += [(path, key) for path in DEPLOY.glob("*/ingest.toml") for key in flat(tomllib.loads(path.read_text()))]
    if not uses or not known:
        return ["no key of the ingest was found: the check looks at the wrong files"]
    return [
        f"{path.relative_to(ROOT)}: the ingest has no key `{key}`"
        for path, key in uses
        if key not in known and not key.startswith(OPEN)
    ]
