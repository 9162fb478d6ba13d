#!/usr/bin/env python3
"""Checks what scripts/package made.

In: its folder, and the checkout it was made of. Out: a line for each check, what was found, and exit code 1 when something was.
Standard library, cargo, dpkg, unshare and systemd; the list of materials is validated in the environment of scripts/package, and
what the wheel stands on comes from the group `package` of tests/peers. lintian is asked where there is one.
"""

import argparse
import base64
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
import venv
import zipfile
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UNITS = ROOT / "deploy/systemd"
TOOLS = Path(os.environ.get("KAYOI_PACKAGE_VENV", Path.home() / ".cache/kayoi/package-venv")) / "bin/python"
VALIDATE = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1], encoding="utf-8").read())
sys.exit(None if wrong is None else f"not valid: {wrong}")
"""
IMPORTS = """
import importlib.metadata, pathlib, sys
import kayoi, kayoi.flight, kayoi.outlines
assert pathlib.Path(kayoi.__file__).is_relative_to(sys.prefix), kayoi.__file__
assert callable(kayoi.connect)
print(importlib.metadata.version("kayoi"))
"""
# What the program may ask of Debian. A new one is a decision: see deploy/image/Dockerfile.
DEPENDS = {"libc6", "libgcc-s1", "libssl3", "zlib1g"}
# Who has what the units write, as their files say.
FOLDERS = {
    "var/lib/kayoi": ("kayoi", 0o750),
    "var/lib/kayoi-journal": ("kayoi", 0o700),
    "var/lib/kayoi-release": ("kayoi", 0o700),
    "var/lib/kayoi-metrics": ("kayoi", 0o755),
    "etc/kayoi/secrets": ("root", 0o700),
}


class Made:
    """The folder, and what is in its files."""

    def __init__(self, folder: Path, work: Path):
        self.folder, self.work = folder, work
        manifest = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))
        self.version = manifest["workspace"]["package"]["version"]

    def one(self, pattern: str) -> Path:
        """The one file of that name."""
        found = sorted(self.folder.glob(pattern))
        if len(found) != 1:
            raise SystemExit(f"package: {self.folder} has {len(found)} files like `{pattern}`, not one")
        return found[0]

    @cached_property
    def archive(self) -> tarfile.TarFile:
        """The archive, read."""
        return tarfile.open(self.one(f"kayoi-{self.version}-*-linux.tar.gz"))

    @cached_property
    def debian(self) -> tarfile.TarFile:
        """The files of the Debian package, read."""
        said = subprocess.run(["dpkg-deb", "--fsys-tarfile", self.package], stdout=subprocess.PIPE, check=True)
        return tarfile.open(fileobj=io.BytesIO(said.stdout))

    @property
    def package(self) -> Path:
        """The Debian package."""
        return self.one(f"kayoi_{self.version}_*.deb")

    @cached_property
    def bill(self) -> dict:
        """The list of materials."""
        return json.loads(self.one("*.cdx.json").read_text(encoding="utf-8"))

    @cached_property
    def control(self) -> Path:
        """A folder with the control files of the Debian package."""
        folder = self.work / "control"
        subprocess.run(["dpkg-deb", "--control", self.package, folder], check=True)
        return folder


def sums(made: Made) -> Iterator[str]:
    """Every file is in SHA256SUMS, and as it says."""
    lines = (made.folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    said = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    for path in sorted(made.folder.iterdir()):
        if path.name == "SHA256SUMS":
            continue
        if said.pop(path.name, None) != hashlib.sha256(path.read_bytes()).hexdigest():
            yield f"{path.name} is not what SHA256SUMS says"
    yield from (f"{name} is not there" for name in said)


def archive(made: Made) -> Iterator[str]:
    """The archive has what one needs, in order, of nobody and of one time."""
    members = made.archive.getmembers()
    (top,) = {member.name.split("/")[0] for member in members}
    names = [member.name.removeprefix(f"{top}/") for member in members]
    for name in ("kayoi", "LICENSE", "README.md", "LICENCES-OF-DEPENDENCIES.txt"):
        if name not in names:
            yield f"the archive has no {name}"
    if members != sorted(members, key=lambda member: member.name.split("/")):
        yield "the archive is not in order"
    if len({(member.mtime, member.uid, member.gid, member.uname) for member in members}) != 1:
        yield "files of the archive differ in time or owner"
    licences = content(made.archive, f"{top}/LICENCES-OF-DEPENDENCIES.txt").decode()
    linked = [component for component in made.bill["components"] if component["scope"] == "required" and "purl" in component]
    for component in linked:
        if f"{component['name']} {component['version']}" not in licences:
            yield f"the licence of {component['name']} {component['version']} is missing"


def debian(made: Made) -> Iterator[str]:
    """The Debian package has the units of deploy/systemd as they are, and starts nothing that needs a secret."""
    members = {member.name.removeprefix("./"): member for member in made.debian.getmembers()}
    wanted = {f"usr/lib/systemd/system/{path.name}": path for path in UNITS.iterdir() if path.suffix in {".service", ".timer"}}
    if len(wanted) < 6:
        yield f"deploy/systemd has {len(wanted)} units"
    wanted["usr/lib/sysusers.d/kayoi.conf"] = UNITS / "kayoi.sysusers"
    wanted["usr/lib/tmpfiles.d/kayoi.conf"] = UNITS / "kayoi.tmpfiles"
    for path in UNITS.rglob("*"):
        if path.is_file():
            wanted[f"usr/share/doc/kayoi/deploy/systemd/{path.relative_to(UNITS)}"] = path
    for name, path in wanted.items():
        if name not in members or content(made.debian, f"./{name}") != path.read_bytes():
            yield f"{name} is not {path.relative_to(ROOT)}"
    for name in members:
        if name.startswith("usr/lib/") and members[name].isfile() and name not in wanted:
            yield f"{name} is not from deploy/systemd"
    yield from modes(members)
    yield from configuration(made, members)


def modes(members: dict[str, tarfile.TarInfo]) -> Iterator[str]:
    """All is root's, nothing runs as somebody else, and one program runs at all."""
    for name, member in members.items():
        if (member.uid, member.gid) != (0, 0):
            yield f"{name} belongs to {member.uid}:{member.gid}"
        if member.mode & 0o7022:
            yield f"{name} has mode {member.mode:o}"
        if member.isfile() and bool(member.mode & 0o111) != (name == "usr/bin/kayoi"):
            yield f"{name} has mode {member.mode:o}"


def configuration(made: Made, members: dict[str, tarfile.TarInfo]) -> Iterator[str]:
    """What stays when an operator has changed it, and what it says before."""
    listed = (made.control / "conffiles").read_text(encoding="utf-8").split()
    there = [f"/{name}" for name, member in members.items() if name.startswith("etc/") and member.isfile()]
    if listed != there:
        yield f"conffiles are {listed}, files below /etc {there}"
    if members["etc/kayoi/kayoi.env"].mode != 0o600:
        yield "others can read kayoi.env"
    lines = content(made.debian, "./etc/kayoi/kayoi.env").decode().splitlines()
    yield from (f"kayoi.env sets `{line}`" for line in lines if line and not line.startswith("#"))


def control(made: Made) -> Iterator[str]:
    """Name, version, what it depends on, sums; scripts that a shell can read."""
    fields = dict(re.findall(r"^([\w-]+): (.*)$", (made.control / "control").read_text(encoding="utf-8"), re.MULTILINE))
    if (fields["Package"], fields["Version"]) != ("kayoi", made.version):
        yield f"the package is {fields['Package']} {fields['Version']}"
    needed = {word.split()[0] for word in fields["Depends"].split(", ")}
    # Of Debian 13 it is called otherwise, and answers to the old name.
    if {name.removesuffix("t64") for name in needed} != DEPENDS:
        yield f"the package depends on {', '.join(sorted(needed))}"
    for line in (made.control / "md5sums").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ", 1)
        if hashlib.md5(content(made.debian, f"./{name}"), usedforsecurity=False).hexdigest() != digest:
            yield f"{name} is not what md5sums says"
    for name in ("postinst", "prerm", "postrm"):
        if subprocess.run(["sh", "-n", made.control / name], check=False).returncode != 0:
            yield f"{name} is no script"


def folders(made: Made) -> Iterator[str]:
    """What its postinst asks of systemd gives the user and folders that the units need."""
    root = made.work / "installed"
    subprocess.run(["dpkg-deb", "--extract", made.package, root], check=True)
    (root / "etc/passwd").write_text("root:x:0:0::/root:/bin/sh\n")
    (root / "etc/group").write_text("root:x:0:\n")
    asked = [["systemd-sysusers", f"--root={root}", "kayoi.conf"]]
    if os.geteuid() == 0:
        asked.append(["systemd-tmpfiles", f"--root={root}", "--create", "kayoi.conf"])
    for words in asked:
        done = subprocess.run(words, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            yield f"{words[0]} ended with {done.returncode}: {done.stderr.strip()}"
    users = {line.split(":")[0]: int(line.split(":")[2]) for line in (root / "etc/passwd").read_text().splitlines()}
    if "kayoi" not in users:
        yield "there is no user kayoi"
        return
    for name, (owner, mode) in FOLDERS.items() if os.geteuid() == 0 else ():
        found = (root / name).stat() if (root / name).is_dir() else None
        if found is None or (found.st_uid, found.st_mode & 0o7777) != (users[owner], mode):
            yield f"/{name} is not a folder of {owner} with mode {mode:o}"


def installs(made: Made) -> Iterator[str]:
    """dpkg installs, upgrades and removes it on a copy of this machine, where systemd has nothing to say of its units."""
    if os.geteuid() == 0:
        script = ROOT / "tests/package/install.sh"
        done = subprocess.run([script, made.package], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            yield done.stdout.strip()


def lintian(made: Made) -> Iterator[str]:
    """Errors that lintian knows of, where there is one."""
    if shutil.which("lintian"):
        done = subprocess.run(["lintian", "--fail-on", "error", made.package], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            yield from (line for line in done.stdout.splitlines() if line.startswith("E:"))


def wheel(made: Made) -> Iterator[str]:
    """The wheel can be installed into a new environment and imported there; what it stands on is lent to it."""
    folder = made.work / "venv"
    venv.create(folder, with_pip=True)
    python = folder / "bin/python"
    path = made.one(f"kayoi-{made.version}-*.whl")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps", path]
    if subprocess.run(pip, check=False).returncode != 0:
        yield "pip cannot install the wheel"
        return
    group = subprocess.run(
        [sys.executable, ROOT / "tests/peers/install.py", "package", "--quiet"], stdout=subprocess.PIPE, text=True, check=True
    )
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    lent, own = (answer([program, "-c", where]) for program in (group.stdout.strip(), python))
    Path(own, "lent.pth").write_text(f"{lent}\n", encoding="utf-8")
    done = subprocess.run([python, "-I", "-c", IMPORTS], capture_output=True, text=True, check=False)
    if (done.returncode, done.stdout.strip()) != (0, made.version):
        yield f"the wheel cannot be imported: {done.stdout}{done.stderr}"
    with zipfile.ZipFile(path) as names:
        metadata = names.read(f"kayoi-{made.version}.dist-info/METADATA").decode()
    project = tomllib.loads((ROOT / "python/pyproject.toml").read_text(encoding="utf-8"))["project"]
    for needed in project["dependencies"]:
        if f"Requires-Dist: {needed}\n" not in metadata:
            yield f"the wheel does not ask for {needed}"


def bill(made: Made) -> Iterator[str]:
    """The list of materials is valid, of this program, and has the crates of it and no others."""
    done = subprocess.run([TOOLS, "-c", VALIDATE, made.one("*.cdx.json")], stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        yield done.stderr.strip().splitlines()[0]
    components = made.bill["components"]
    listed = {(each["name"], each["version"]) for each in components if each["bom-ref"].startswith("crate ")}
    tree = answer(["cargo", "tree", "--locked", "-p", "kayoi-cli", "-e", "normal", "--prefix", "none", "--target", target(made)])
    built = {(words[0], words[1].removeprefix("v")) for line in tree.splitlines() if (words := line.split())}
    if len(built) < 100:
        yield f"cargo tree has {len(built)} crates"
    yield from (f"{' '.join(crate)} is not listed" for crate in sorted(built - listed))
    yield from (f"{' '.join(crate)} is listed and not in the program" for crate in sorted(listed - built))
    yield from of_components(made, components)


def of_components(made: Made, components: list[dict]) -> Iterator[str]:
    """Licences, checksums and edges."""
    locked = tomllib.loads((ROOT / "Cargo.lock").read_text(encoding="utf-8"))["package"]
    checksums = {f"crate {package['name']} {package['version']}": package.get("checksum") for package in locked}
    for place, entry in json.loads((ROOT / "query/web/package-lock.json").read_text(encoding="utf-8"))["packages"].items():
        checksums[f"npm {place}"] = base64.b64decode(entry.get("integrity", "").removeprefix("sha512-")).hex()
    for each in components:
        name, known = each["name"], checksums.get(each["bom-ref"])
        if [entry["content"] for entry in each.get("hashes", [])] != ([known] if known else []):
            yield f"the checksum of {name} is not that of the lock file"
        if each["bom-ref"].startswith("crate "):
            if not each.get("licenses"):
                yield f"{name} is listed without a licence"
            if bool(known) != each.get("purl", "").startswith(f"pkg:cargo/{name}@"):
                yield f"the address of {name} is `{each.get('purl')}`"
    if not {"librdkafka", "zstd"} <= {inner["name"] for each in components for inner in each.get("components", [])}:
        yield "librdkafka or zstd is not listed"
    digest = made.bill["metadata"]["component"]["hashes"][0]["content"]
    for place, program in programs(made):
        if hashlib.sha256(program).hexdigest() != digest:
            yield f"the program of the {place} is another than the list of materials says"
        if (b"assets/index-" in program) != any(each["name"] == "svelte" for each in components):
            yield f"the program of the {place} has a page that is not listed, or none and one is"
    known = {each["bom-ref"] for each in components} | {"kayoi"}
    reached = {need for edge in made.bill["dependencies"] for need in edge.get("dependsOn", [])}
    yield from (f"{each} is needed by nothing" for each in sorted(known - reached - {"kayoi"}))
    yield from (f"{each} is needed and not listed" for each in sorted(reached - known))


def programs(made: Made) -> Iterator[tuple[str, bytes]]:
    """The program, from both places."""
    top = made.archive.getmembers()[0].name
    yield "archive", content(made.archive, f"{top}/kayoi")
    yield "Debian package", content(made.debian, "./usr/bin/kayoi")


def paths(made: Made) -> Iterator[str]:
    """No text tells where it was made."""
    cargo = os.environ.get("CARGO_HOME", Path.home() / ".cargo")
    told = [f"{place}".encode() for place in (ROOT, cargo, Path.home() / ".cache", f"{tempfile.gettempdir()}/tmp.")]
    for name, text in texts(made):
        if b"\0" not in text[:8192]:
            yield from (f"{name} names {place.decode()}" for place in told if place in text)


def texts(made: Made) -> Iterator[tuple[str, bytes]]:
    """All files, with those that are in others."""
    for path in made.folder.iterdir():
        if path.suffix not in {".gz", ".deb", ".whl"}:
            yield path.name, path.read_bytes()
    for packed in (made.archive, made.debian):
        for member in packed.getmembers():
            if member.isfile():
                text = content(packed, member.name)
                yield member.name, gunzipped(text) if member.name.endswith(".gz") else text
    for path in made.control.iterdir():
        yield path.name, path.read_bytes()
    with zipfile.ZipFile(made.one("*.whl")) as wheel_file:
        for name in wheel_file.namelist():
            yield name, wheel_file.read(name)


def gunzipped(text: bytes) -> bytes:
    """What was packed."""
    return subprocess.run(["gzip", "-dc"], input=text, stdout=subprocess.PIPE, check=True).stdout


def content(packed: tarfile.TarFile, name: str) -> bytes:
    """A file of an archive; nothing for what is none."""
    file = packed.extractfile(name)
    return file.read() if file else b""


def target(made: Made) -> str:
    """As rustc calls what it was built for."""
    return f"{made.one('kayoi-*-linux.tar.gz').name.split('-')[2]}-unknown-linux-gnu"


def answer(words: list[str | Path]) -> str:
    """What a program says."""
    return subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


CHECKS: list[tuple[str, Callable[[Made], Iterator[str]]]] = [
    ("checksums", sums),
    ("archive", archive),
    ("Debian package: files", debian),
    ("Debian package: control", control),
    ("Debian package: user and folders", folders),
    ("Debian package: dpkg installs and removes it", installs),
    ("Debian package: lintian, if there is one", lintian),
    ("wheel imports in a new environment", wheel),
    ("list of materials", bill),
    ("no text names a folder of this machine", paths),
]


def main() -> int:
    """Runs all."""
    parser = argparse.ArgumentParser(description="checks what scripts/package made")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    failed = 0
    with tempfile.TemporaryDirectory() as work:
        made = Made(folder, Path(work))
        for name, check in CHECKS:
            started = time.monotonic()
            found = list(check(made))
            failed += bool(found)
            print(f"package: {name:45} {'FAILED' if found else 'ok':6} {time.monotonic() - started:4.1f} s", flush=True)
            for finding in found[:20]:
                print(f"  {finding}", flush=True)
    print(f"package: {len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
