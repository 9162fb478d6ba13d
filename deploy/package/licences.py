"""Writes the licences of all that is in the program as one text.

In: the program, the checkout it was built of. Out: the file. Each text stands once, below the names of those that have it; where
a package has none, its expression and where it comes from stand alone.
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bundled import has_page, library, scripts
from crates import crates, linked, version

NAME = re.compile(r"(un)?licen[cs]es?|copying|copyright|notice", re.IGNORECASE)
RULE = "=" * 100


def main() -> None:
    """Writes it."""
    parser = argparse.ArgumentParser(description="the licences of what is in a program")
    parser.add_argument("program", type=Path)
    parser.add_argument("target", help="as rustc calls it: x86_64-unknown-linux-gnu")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    found = list(materials(options.program, options.target))
    options.out.write_text("\n".join([*listed(found), *written(found)]), encoding="utf-8")


def materials(program: Path, target: str) -> Iterator[tuple[str, str, str, Path]]:
    """Name with version, licence, where its source is, and its folder."""
    known = crates(target)
    inside = linked(known)
    for key, crate in sorted(known.items()):
        # Ours are under LICENSE, which lies beside this text.
        if key not in inside or crate.checksum is None:
            continue
        source = f"https://crates.io/crates/{crate.name}/{crate.version}"
        yield f"{crate.name} {crate.version}", crate.licence, source, crate.folder
        if bundled := library(crate):
            yield f"{bundled.name} {bundled.version}", bundled.licence, f"https://github.com/{bundled.place}", bundled.folder
    if has_page(program):
        for script in scripts().values():
            yield f"{script.name} {script.version}", script.licence, f"https://www.npmjs.com/package/{script.name}", script.folder


def listed(found: list[tuple[str, str, str, Path]]) -> Iterator[str]:
    """The table in front."""
    yield f"What kayoi {version()} is made of, with licences and where the sources are. The texts follow.\n"
    for name, licence, source, _ in found:
        yield f"{name:50} {licence or 'see its text'}\n{'':50} {source}"


def written(found: list[tuple[str, str, str, Path]]) -> Iterator[str]:
    """Each text once."""
    owners: dict[str, list[str]] = defaultdict(list)
    texts: dict[str, str] = {}
    for name, _, _, folder in found:
        for text in of_folder(folder):
            # Two that differ in blanks alone are one.
            same = " ".join(text.split())
            texts.setdefault(same, text.strip())
            if name not in owners[same]:
                owners[same].append(name)
    for same, names in sorted(owners.items(), key=lambda entry: (entry[1], entry[0])):
        yield f"\n{RULE}\n{', '.join(names)}\n{RULE}\n{texts[same]}"
    yield ""


def of_folder(folder: Path) -> Iterator[str]:
    """The texts that lie in a package's folder, not below it."""
    for path in sorted(folder.glob("*")):
        # liblzma is under the first of its licences alone; the others are of programs that are not built.
        is_text = NAME.match(path.name) and path.suffix.lower() not in {".rs", ".toml", ".js", ".ts", ".py", ".html"}
        if is_text and path.is_file() and "GPL" not in path.name:
            yield path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")


if __name__ == "__main__":
    main()
