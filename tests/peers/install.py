"""One environment of the peers. In: a group of `pyproject.toml`. Out: the path of a Python that has its packages.

The environment is made once, in a folder of its own below `~/.cache/kayoi`, and again when the group's list changes.
Standard library only, because it runs before there is an environment.
"""

import argparse
import fcntl
import os
import pathlib
import subprocess
import sys
import tomllib
import venv

GROUPS = pathlib.Path(__file__).with_name("pyproject.toml")
CACHE = pathlib.Path.home() / ".cache/kayoi"


def packages(groups, name):
    """The pins of a group and of the groups that it includes."""
    found = []
    for entry in groups[name]:
        found += packages(groups, entry["include-group"]) if isinstance(entry, dict) else [entry]
    return found


def fill(folder, wanted, quiet):
    """Makes the environment of these packages unless it is there; two processes do not fill one at a time."""
    stamp = folder / "packages.txt"
    list_of_them = "".join(f"{package}\n" for package in wanted)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text(encoding="utf-8") == list_of_them:
            return
        if not quiet:
            print(f"peers: installing {' '.join(wanted)}", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        pip = [folder / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if subprocess.run([*pip, *wanted], stdout=sys.stderr).returncode != 0:
            sys.exit("peers: pip could not install them, see above")
        # Written last: without it the next run starts over.
        stamp.write_text(list_of_them, encoding="utf-8")


def main():
    groups = tomllib.loads(GROUPS.read_text(encoding="utf-8"))["dependency-groups"]
    parser = argparse.ArgumentParser(description="an environment of the peers; prints its Python")
    parser.add_argument("group", choices=sorted(groups))
    parser.add_argument("--into", type=pathlib.Path, help="its folder (default ~/.cache/kayoi/venv-GROUP)")
    parser.add_argument("--quiet", action="store_true", help="say nothing when something is installed")
    options = parser.parse_args()
    folder = pathlib.Path(os.path.abspath(options.into or CACHE / f"venv-{options.group}"))
    fill(folder, packages(groups, options.group), options.quiet)
    print(folder / "bin/python")


if __name__ == "__main__":
    main()
