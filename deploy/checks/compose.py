"""The compose files: whether they are one project, and whether what runs in it is confined."""

import json
import tomllib

from checks.tool import DEPLOY, Missing, complaints, run

FOLDER = DEPLOY / "compose"
# What is put over compose.yaml, one at a time.
OVERLAYS = ("registry.yaml", "real-series.yaml", "s3.yaml")
# Takes the scheduler's page for health away, so that it is put over nothing else here.
SILENT = "cluster-tls.yaml"
SECONDS = {"h": 3600, "m": 60, "s": 1}
# Writes its configuration and its logs beside its program.
WRITABLE = {"kafka", "topic", "registry"}
# Ends by itself.
ONE_SHOT = {"topic", "bucket", "maintain", "aggregate", "aggregate-on-cluster", "simulate"}
# Have no page to ask.
WITHOUT_HEALTH = {"registry", "executor-1", "executor-2"}
# The program, and the program that has the cluster.
IMAGES = ("kayoi:", "kayoi-cluster:")


def files(*overlays: str) -> list[str]:
    """The options that name compose.yaml and what is put over it."""
    return [word for name in ("compose.yaml", *overlays) for word in ("-f", str(FOLDER / name))]


def config() -> list[str]:
    """What docker-compose says of it, with each overlay and with the jobs."""
    ways = [(), *((overlay,) for overlay in (*OVERLAYS, SILENT)), (*OVERLAYS, SILENT), OVERLAYS]
    return [line for way in ways for line in complaints("docker-compose", "--profile", "*", *files(*way), "config", "-q")]


def services() -> dict[str, dict]:
    """Every service as docker-compose understands it."""
    done = run("docker-compose", "--profile", "*", *files(*OVERLAYS), "config", "--format", "json")
    return json.loads(done.stdout)["services"] if done.returncode == 0 else {}


def seconds(duration: str) -> int:
    """Seconds of `1m30s`."""
    total, digits = 0, ""
    for sign in duration:
        if sign.isdigit():
            digits += sign
        else:
            total, digits = total + int(digits) * SECONDS[sign], ""
    return total


def lacks(name: str, service: dict) -> list[str]:
    """What a service should have and has not."""
    is_kayoi = service["image"].startswith(IMAGES)
    is_asked = name not in ONE_SHOT | WITHOUT_HEALTH
    promises = {
        "cap_drop: [ALL]": service.get("cap_drop") == ["ALL"],
        "no-new-privileges": "no-new-privileges:true" in service.get("security_opt", []),
        "read_only: true": bool(service.get("read_only")) or name in WRITABLE,
        "user: 65532:65532": not is_kayoi or service.get("user") == "65532:65532",
        "an image with a version": ":" in service["image"] and not service["image"].endswith(":latest"),
        "ports of the loopback alone": all(port.get("host_ip") == "127.0.0.1" for port in service.get("ports", [])),
        "a health check": not is_asked or bool(service.get("healthcheck", {}).get("test")),
        "a health check of the binary": not (is_kayoi and is_asked) or "/usr/bin/kayoi" in service["healthcheck"]["test"],
        "no password in a variable": not any("PASSWORD" in key and not key.endswith("__FILE") for key in service["environment"])
        if service.get("environment")
        else True,
    }
    return [f"{name} lacks {promise}" for promise, kept in promises.items() if not kept]


def grace(ingest: dict) -> list[str]:
    """Whether what was read can be committed before the ingest is killed."""
    deadline = seconds(tomllib.loads((FOLDER / "ingest.toml").read_text())["stop_deadline"])
    allowed = seconds(ingest.get("stop_grace_period", "10s"))
    return [] if allowed > deadline else [f"ingest: stop_grace_period is {allowed} s, stop_deadline {deadline} s"]


def confined() -> list[str]:
    """What services lack."""
    try:
        all_of_them = services()
    except Missing as missing:
        return [str(missing)]
    if not {"ingest", "serve", "maintain", "aggregate"} <= all_of_them.keys():
        return [f"not all of Kayoi is there: {', '.join(all_of_them) or 'nothing'}"]
    found = [line for name, service in all_of_them.items() for line in lacks(name, service)]
    return found + grace(all_of_them["ingest"])
