"""What every pod of the chart must be, for check.py.

In: rendered objects. Out: findings, each a sentence that names the pod.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

USER = 65532
# Names of variables that would hold a secret.
SECRET_NAME = re.compile(r"SECRET|PASSWORD|TOKEN|ACCESS_KEY|CREDENTIAL|SIGNING|KEY_FILE")
# Texts that are one: a private key, an access key of a cloud, 32 bytes in hexadecimal digits, a password beside its name.
SECRET_TEXT = re.compile(
    r"PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|(?<![:0-9a-f])\b[0-9a-f]{64}\b|(?im:^\s*[\"']?[\w.]*(password|secret|token)[\"']?\s*[=:])"
)
LASTING = {"StatefulSet", "Deployment"}


class Pod(NamedTuple):
    """A pod and whose it is."""

    owner: dict
    labels: dict
    spec: dict

    @property
    def name(self) -> str:
        """As messages call it."""
        meta = self.owner["metadata"]
        return f"{self.owner['kind']}/{meta.get('name') or meta.get('generateName')}"

    @property
    def component(self) -> str:
        """Its part of the chart."""
        return self.labels["app.kubernetes.io/component"]


def pods(objects: list[dict]) -> Iterator[Pod]:
    """Every pod that objects lead to."""
    for one in objects:
        match one["kind"]:
            case "Pod":
                yield Pod(one, one["metadata"]["labels"], one["spec"])
            case "StatefulSet" | "Deployment" | "Job" | "DaemonSet" | "ReplicaSet":
                template = one["spec"]["template"]
                yield Pod(one, template["metadata"]["labels"], template["spec"])
            case "CronJob":
                template = one["spec"]["jobTemplate"]["spec"]["template"]
                yield Pod(one, template["metadata"]["labels"], template["spec"])


def containers(pod: Pod) -> list[dict]:
    """All of a pod's containers."""
    return pod.spec.get("initContainers", []) + pod.spec["containers"]


def variables(container: dict) -> dict[str, str]:
    """The variables whose value stands in the pod."""
    return {one["name"]: one["value"] for one in container.get("env", []) if "value" in one}


def findings(pod: Pod) -> Iterator[str]:
    """What is wrong with a pod."""
    yield from (f"{pod.name}: {found}" for found in (*rights(pod), *volumes(pod)))
    for container in containers(pod):
        of_one = (*container_rights(container), *probes(pod, container), *secrets(container))
        yield from (f"{pod.name}, container {container['name']}: {found}" for found in of_one)


def rights(pod: Pod) -> Iterator[str]:
    """What a pod may."""
    context = pod.spec.get("securityContext", {})
    if context.get("runAsNonRoot") is not True:
        yield "runAsNonRoot is not true"
    for key in ("runAsUser", "runAsGroup", "fsGroup"):
        if context.get(key) != USER:
            yield f"{key} is not {USER}"
    if context.get("seccompProfile") != {"type": "RuntimeDefault"}:
        yield "seccompProfile is not RuntimeDefault"
    if pod.spec.get("automountServiceAccountToken") is not False:
        yield "it has a token of the cluster"
    if pod.spec.get("enableServiceLinks") is not False:
        yield "it gets variables of Services"
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.spec.get(key):
            yield f"{key} is set"


def container_rights(container: dict) -> Iterator[str]:
    """What a container may, and what it may take."""
    context = container.get("securityContext", {})
    if context.get("readOnlyRootFilesystem") is not True:
        yield "its root can be written"
    if context.get("allowPrivilegeEscalation") is not False:
        yield "it may get more rights"
    if context.get("capabilities") != {"drop": ["ALL"]}:
        yield "it does not drop ALL capabilities"
    if context.get("privileged") or "runAsUser" in context or "runAsNonRoot" in context:
        yield "it changes what its pod says of users"
    resources = container.get("resources", {})
    for kind, names in (("requests", ("cpu", "memory")), ("limits", ("memory",))):
        for name in names:
            if not resources.get(kind, {}).get(name):
                yield f"resources.{kind}.{name} is missing"


def probes(pod: Pod, container: dict) -> Iterator[str]:
    """A pod that lasts is looked after; a job ends."""
    ports = {port["name"] for port in container.get("ports", [])}
    needed = {"livenessProbe", "readinessProbe"} if pod.owner["kind"] in LASTING else set()
    if pod.component in {"ingest", "serve"} and needed:
        needed |= {"startupProbe"}
    for key in sorted(needed):
        probe = container.get(key)
        if not probe:
            yield f"{key} is missing"
        elif probe.get("tcpSocket" if is_silent(pod, container) else "httpGet", {}).get("port") not in ports:
            yield f"{key} asks a port that the container does not name"


def is_silent(pod: Pod, container: dict) -> bool:
    """An executor of Ballista has no page to ask, and with certificates both ways nobody is answered who has none."""
    return pod.component == "executor" or any(word.startswith("--tls-ca=") for word in container.get("args", []))


def secrets(container: dict) -> Iterator[str]:
    """A secret comes from a Secret, as a file or by reference; a variable may hold the file's name."""
    names = [one["name"] for one in container.get("env", [])]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"variable {name} is set twice"
    for name, value in variables(container).items():
        is_file = value.startswith(("/run/secrets/", "/var/lib/kayoi-release/"))
        if (SECRET_NAME.search(name) and not is_file) or SECRET_TEXT.search(value):
            yield f"variable {name} holds a secret"
    for argument in container.get("args", []):
        if SECRET_TEXT.search(argument):
            yield "an argument holds a secret"


def volumes(pod: Pod) -> Iterator[str]:
    """What is mounted is there, and what is there is mounted and of this pod alone to see."""
    there = {one["name"]: one for one in pod.spec.get("volumes", [])}
    claimed = {one["metadata"]["name"] for one in pod.owner["spec"].get("volumeClaimTemplates", [])}
    mounted = [mount["name"] for one in containers(pod) for mount in one.get("volumeMounts", [])]
    for name in sorted(set(mounted) - set(there) - claimed):
        yield f"volume {name} is mounted and not there"
    for name in sorted((set(there) | claimed) - set(mounted)):
        yield f"volume {name} is there and not mounted"
    for name, volume in there.items():
        if "hostPath" in volume:
            yield f"volume {name} is a folder of the node"
        if "secret" in volume and volume["secret"].get("defaultMode") != 0o440:
            yield f"volume {name} is not of mode 0440"
    # The key tells who somebody is, the others take the noise off.
    allowed = {"key": {"ingest", "task"}} | {key: {"aggregate", "task"} for key in ("release", "signing", "seeds")}
    for name in sorted(there):
        if pod.component not in allowed.get(name, {pod.component}):
            yield f"volume {name} is not for {pod.component}"
