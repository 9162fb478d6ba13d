"""Asks the program itself what it makes of its containers, for check.py.

In: the program and rendered objects. Out: findings. Nothing is started: every option before `--help` is read before the help is
printed, and `--print-config` ends.
"""

import os
import re
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from pods import Pod, containers, pods, variables


def findings(kayoi: Path, objects: list[dict]) -> Iterator[str]:
    """What the program does not take."""
    for pod in pods(objects):
        for container in containers(pod):
            # The exporter is another program.
            if "kayoi" in container["image"]:
                yield from arguments(kayoi, pod, container)
            if container["name"] == "ingest":
                text = next(one["data"]["ingest.toml"] for one in objects if one["kind"] == "ConfigMap")
                yield from configuration(kayoi, pod, container, text)


def arguments(kayoi: Path, pod: Pod, container: dict) -> Iterator[str]:
    """Whether it knows all arguments."""
    given = [re.sub(r"\$\(JOB_COMPLETION_INDEX\)", "0", one) for one in container["args"]]
    done = run(kayoi, [*given, "--help"], {})
    if done.returncode != 0:
        yield f"{pod.name}: `kayoi {' '.join(given)}` is not taken: {done.stderr.strip()}"


def configuration(kayoi: Path, pod: Pod, container: dict, text: str) -> Iterator[str]:
    """Whether the file and the variables give the configuration that the chart means."""
    given = variables(container) | {"KAYOI_INGEST__KAFKA__INSTANCE": "kayoi-ingest-0"}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ingest.toml"
        file.write_text(text)
        done = run(kayoi, ["ingest", "--config", str(file), "--print-config"], given)
    if done.returncode != 0:
        yield f"{pod.name}: the configuration is not taken: {done.stderr.strip()}"
        return
    read = tomllib.loads(done.stdout)
    mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
    named = [read["lake"].get("key_file"), read["lake"].get("boundaries"), read.get("places", {}).get("sensitive")]
    named += [value for table in ("kafka", "registry") for key, value in read.get(table, {}).items() if key.endswith("_file")]
    for file in filter(None, named):
        if not any(file.startswith(f"{mount}/") for mount in mounts):
            yield f"{pod.name}: `{file}` is on no volume"
    for (table, key), expected in {
        ("kafka", "instance"): "kayoi-ingest-0",
        ("kafka", "brokers"): given["KAYOI_INGEST__KAFKA__BROKERS"],
        ("lake", "url"): given["KAYOI_INGEST__LAKE__URL"],
        ("metrics", "listen"): f"0.0.0.0:{container['ports'][0]['containerPort']}",
    }.items():
        if read[table].get(key) != expected:
            yield f"{pod.name}: {table}.{key} is `{read[table].get(key)}` and not `{expected}`"


def run(kayoi: Path, given: list[str], more: dict[str, str]) -> subprocess.CompletedProcess:
    """Runs the program without this terminal's own variables of it."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("KAYOI_")}
    return subprocess.run([kayoi.resolve(), *given], capture_output=True, text=True, check=False, env=own | more)
