"""What is in the program and is no crate: C libraries that crates bring along, and JavaScript of the page.

In: folders of crates, `query/web`, the program. Out: names, versions, licences. Without this a list of materials would hide what
advisories are written about most: librdkafka, zstd, AWS-LC, liblzma.
"""

import base64
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crates import ROOT, Crate

WEB = ROOT / "query/web"
# By the crate that compiles them: name, place, licence, and the folder of the sources in it.
LIBRARIES = {
    "rdkafka-sys": ("librdkafka", "confluentinc/librdkafka", "BSD-2-Clause", "librdkafka"),
    "zstd-sys": ("zstd", "facebook/zstd", "BSD-3-Clause", "zstd"),
    "liblzma-sys": ("liblzma", "tukaani-project/xz", "0BSD", "xz"),
    "aws-lc-sys": ("aws-lc", "aws/aws-lc", "ISC AND (Apache-2.0 OR ISC) AND MIT AND BSD-3-Clause", "aws-lc"),
}
# Packages that the sources of the page name; a relative path is the page's own.
IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*['"]((?:@[\w.-]+/)?[a-z0-9][\w.-]*)""")

# Its first script, as Vite names it by what is in it.
PAGE = re.compile(rb"assets/index-[\w-]{8}\.js")


@dataclass
class Bundled:
    """A library that is compiled from sources in a crate."""

    name: str
    version: str
    place: str
    licence: str
    folder: Path


@dataclass
class Script:
    """A package of npm of which the page is made."""

    name: str
    version: str
    licence: str
    sha512: str
    folder: Path
    needs: list[str]


def library(crate: Crate) -> Bundled | None:
    """The C library that a crate brings along."""
    if crate.name not in LIBRARIES:
        return None
    name, place, licence, folder = LIBRARIES[crate.name]
    return Bundled(name, library_version(crate), place, licence, crate.folder / folder)


def library_version(crate: Crate) -> str:
    """Of which version it is: what follows the crate's own, or what its header says."""
    if "+" in crate.version:
        return crate.version.split("+")[1].removeprefix("zstd.")
    if crate.name == "aws-lc-sys":
        header = (crate.folder / "aws-lc/include/openssl/base.h").read_text(encoding="utf-8")
        return re.findall(r'define AWSLC_VERSION_NUMBER_STRING "(.+)"', header)[0]
    header = (crate.folder / "xz/src/liblzma/api/lzma/version.h").read_text(encoding="utf-8")
    return ".".join(re.findall(r"define LZMA_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", header))


def shared(program: Path) -> list[str]:
    """Libraries that the program takes from the machine that runs it."""
    said = subprocess.run(["objdump", "-p", program], capture_output=True, text=True, check=True).stdout
    return sorted(re.findall(r"^\s+NEEDED\s+(\S+)$", said, re.MULTILINE))


def has_page(program: Path) -> bool:
    """Whether the page is in the program, and not the small one for SQL: the names of its files are."""
    return PAGE.search(program.read_bytes()) is not None


def scripts() -> dict[str, Script]:
    """What the sources of the page import, and what that stands on, by place in the lock file.

    The bundler drops what is not reached, so this is rather too much than too little.
    """
    lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    found: dict[str, Script] = {}
    ahead = [place for name in imported() if (place := located(lock, "", name))]
    while ahead:
        place = ahead.pop()
        if place not in found:
            needs = [inner for name in lock[place].get("dependencies", {}) if (inner := located(lock, place, name))]
            found[place] = script_of(place, lock[place], needs)
            ahead += needs
    return dict(sorted(found.items()))


def imported() -> Iterator[str]:
    """Names of packages in the sources."""
    for path in sorted((WEB / "src").rglob("*")):
        if path.suffix in {".ts", ".svelte", ".js"}:
            yield from IMPORT.findall(path.read_text(encoding="utf-8"))


def located(lock: dict, place: str, name: str) -> str | None:
    """Where Node finds it from there: in the nearest folder outwards. None: only its types are there, or it is Node's own."""
    while True:
        candidate = f"{place}/node_modules/{name}".lstrip("/")
        if candidate in lock:
            return candidate
        if not place:
            return None
        place = place.rpartition("/node_modules/")[0]


def script_of(place: str, entry: dict, needs: list[str]) -> Script:
    """One entry of the lock file."""
    sha512 = base64.b64decode(entry["integrity"].removeprefix("sha512-")).hex()
    name = place.rpartition("node_modules/")[2]
    return Script(name, entry["version"], entry.get("license", ""), sha512, WEB / place, needs)
