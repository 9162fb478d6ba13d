"""The image's Dockerfile, and whether it keeps up with what it is built from."""

import re
import tomllib

from checks.tool import DEPLOY, ROOT, complaints

DOCKERFILE = DEPLOY / "image/Dockerfile"


def lint() -> list[str]:
    """What hadolint says of it, down to style."""
    return complaints("hadolint", "--no-color", "--failure-threshold", "style", DOCKERFILE)


def sources(text: str) -> set[str]:
    """What it takes out of the clone."""
    copies = re.findall(r"^COPY ((?!--from)[^\n]+)$", text, re.MULTILINE)
    return {word for copy in copies for word in copy.split()[:-1] if not word.startswith("--")}


def current() -> list[str]:
    """Versions that are not those of the workspace, and sources that are gone."""
    text = DOCKERFILE.read_text()
    toolchain = tomllib.loads((ROOT / "rust-toolchain.toml").read_text())["toolchain"]["channel"]
    version = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]
    node = re.search(r"^readonly least=(\S+)", (ROOT / "scripts/page").read_text(), re.MULTILINE)
    wanted = [
        f"FROM rust:{toolchain}-bookworm AS build",
        f"ENV RUSTUP_TOOLCHAIN={toolchain}",
        f"ARG VERSION={version}",
        f"FROM node:{node[1] if node else '?'}-bookworm-slim AS page",
    ]
    found = [f"Dockerfile: no line `{line}`" for line in wanted if line not in text.splitlines()]
    found += [f"Dockerfile: there is no {source} to copy" for source in sorted(sources(text)) if not (ROOT / source).exists()]
    compose = (DEPLOY / "compose/compose.yaml").read_text()
    return found + ([] if f"KAYOI_VERSION:-{version}}}" in compose else [f"compose.yaml: the image is not of version {version}"])
