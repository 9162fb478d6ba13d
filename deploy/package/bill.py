"""Writes the list of materials of the program, CycloneDX 1.6 as JSON.

In: the program, the checkout it was built of, SOURCE_DATE_EPOCH. Out: the file, which the library has found to be valid. The
same program gives the same bytes. Run by scripts/package, in whose environment cyclonedx-python-lib is.
"""

import argparse
import hashlib
import os
import uuid
from datetime import UTC, datetime
from pathlib import Path

from bundled import Script, has_page, library, scripts, shared
from crates import PROGRAM, Crate, Key, crates, linked, version
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

# Names of serial numbers are made in it, so that another project's are others.
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://cyclonedx.org/kayoi")


def main() -> None:
    """Writes and validates it."""
    parser = argparse.ArgumentParser(description="the list of materials of a program")
    parser.add_argument("program", type=Path)
    parser.add_argument("target", help="as rustc calls it: x86_64-unknown-linux-gnu")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    text = JsonV1Dot6(bill(options.program, options.target)).output_as_string(indent=2) + "\n"
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong is not None:
        raise SystemExit(f"package: the list of materials is not CycloneDX 1.6: {wrong}")
    options.out.write_text(text, encoding="utf-8")


def bill(program: Path, target: str) -> Bom:
    """The list: the program above, and what it needs below."""
    found = crates(target)
    inside = linked(found)
    digest = hashlib.sha256(program.read_bytes()).hexdigest()
    made = Bom(serial_number=uuid.uuid5(NAMESPACE, digest))
    made.metadata.timestamp = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
    made.metadata.component = of_program(program, digest)
    components = {key: of_crate(crate, key in inside) for key, crate in found.items() if crate.name != PROGRAM}
    components[next(iter(found))] = of_cli(found)
    for key, component in components.items():
        made.components.add(component)
        made.register_dependency(component, [components[need] for need in found[key].needs])
    page = add_page(made) if has_page(program) else []
    made.register_dependency(made.metadata.component, [components[next(iter(found))], *page])
    return made


def of_program(program: Path, digest: str) -> Component:
    """The file itself, with what it takes from the machine that runs it."""
    taken = [Property(name="kayoi:shared-library", value=name) for name in shared(program)]
    return component(
        "kayoi",
        version(),
        "Apache-2.0",
        bom_ref="kayoi",
        type=ComponentType.APPLICATION,
        hashes=[sha256(digest)],
        properties=taken,
    )


def of_cli(found: dict[Key, Crate]) -> Component:
    """The crate that the program is built of."""
    return of_crate(next(iter(found.values())), is_inside=True)


def of_crate(crate: Crate, is_inside: bool) -> Component:
    """A crate, with the C library that it brings along. Crates of this workspace have no address: no registry has them, and
    one that had the name would be another."""
    bundled = library(crate)
    purl = PackageURL("cargo", name=crate.name, version=crate.version) if crate.checksum else None
    return component(
        crate.name,
        crate.version,
        crate.licence,
        bom_ref=f"crate {crate.name} {crate.version}",
        scope=ComponentScope.REQUIRED if is_inside else ComponentScope.EXCLUDED,
        hashes=[sha256(crate.checksum)] if crate.checksum else None,
        purl=purl,
        components=[of_library(bundled.name, bundled.version, bundled.place, bundled.licence)] if bundled else None,
    )


def of_library(name: str, of_version: str, place: str, licence: str) -> Component:
    """A C library that is compiled in."""
    owner, _, repository = place.partition("/")
    purl = PackageURL("github", namespace=owner, name=repository, version=f"v{of_version}")
    return component(name, of_version, licence, bom_ref=f"library {name} {of_version}", scope=ComponentScope.REQUIRED, purl=purl)


def add_page(made: Bom) -> list[Component]:
    """Adds the packages of npm of which the page is made, and says which."""
    found = scripts()
    components = {place: of_script(place, script) for place, script in found.items()}
    for place, script in found.items():
        made.components.add(components[place])
        made.register_dependency(components[place], [components[need] for need in script.needs])
    return list(components.values())


def of_script(place: str, script: Script) -> Component:
    """A package of npm."""
    namespace, _, name = script.name.rpartition("/")
    purl = PackageURL("npm", namespace=namespace or None, name=name, version=script.version)
    hashes = [HashType(alg=HashAlgorithm.SHA_512, content=script.sha512)]
    return component(
        script.name,
        script.version,
        script.licence,
        bom_ref=f"npm {place}",
        scope=ComponentScope.REQUIRED,
        hashes=hashes,
        purl=purl,
    )


def component(name: str, of_version: str, licence: str, **others: object) -> Component:
    """A component with its licence, or without one where none is stated."""
    licences = [LicenseFactory().make_with_expression(licence)] if licence else None
    return Component(name=name, version=of_version, licenses=licences, **others)


def sha256(digest: str) -> HashType:
    """A SHA-256."""
    return HashType(alg=HashAlgorithm.SHA_256, content=digest)


if __name__ == "__main__":
    main()
