"""What objects of the chart must be to one another, for check.py.

In: all objects of a rendering, and the names that its values say are there already. Out: findings.
"""

import re
from collections.abc import Iterator

from pods import SECRET_TEXT, Pod, containers, pods, variables

PART = "app.kubernetes.io/component"


def findings(objects: list[dict], existing: set[str]) -> Iterator[str]:
    """What does not fit together."""
    all_pods = list(pods(objects))
    yield from texts(objects)
    yield from references(objects, all_pods, existing)
    yield from selectors(objects, all_pods)
    yield from network(objects, all_pods)
    yield from monitors(objects)
    yield from sets(objects)
    yield from stops(all_pods)
    yield from cluster(objects, all_pods)
    for one in objects:
        if one["kind"] == "CronJob" and one["spec"].get("concurrencyPolicy") != "Forbid":
            yield f"{name(one)} may run twice at once"


def name(one: dict) -> str:
    """As messages call an object."""
    return f"{one['kind']}/{one['metadata'].get('name', '')}"


def of_kind(objects: list[dict], *kinds: str) -> list[dict]:
    """The objects of some kinds."""
    return [one for one in objects if one["kind"] in kinds]


def texts(objects: list[dict]) -> Iterator[str]:
    """No secret is made, and none is written where everybody reads."""
    yield from (f"{name(one)} is made by the chart" for one in of_kind(objects, "Secret"))
    for one in of_kind(objects, "ConfigMap"):
        for key, text in one["data"].items():
            if SECRET_TEXT.search(text):
                yield f"{name(one)}: {key} holds a secret"


def references(objects: list[dict], all_pods: list[Pod], existing: set[str]) -> Iterator[str]:
    """What a pod names is made here, or said to be there."""
    made = {(one["kind"], one["metadata"].get("name")) for one in objects}

    def there(kind: str, called: str) -> bool:
        return (kind, called) in made or called in existing

    for pod in all_pods:
        account = pod.spec.get("serviceAccountName")
        if account != "default" and not there("ServiceAccount", account):
            yield f"{pod.name}: ServiceAccount {account} is nowhere"
        for volume in pod.spec.get("volumes", []):
            sources = [volume, *volume.get("projected", {}).get("sources", [])]
            for source in sources:
                for key, kind, field in (
                    ("configMap", "ConfigMap", "name"),
                    ("secret", "Secret", "secretName" if source is volume else "name"),
                    ("persistentVolumeClaim", "PersistentVolumeClaim", "claimName"),
                ):
                    if key in source and not there(kind, source[key][field]):
                        yield f"{pod.name}: {kind} {source[key][field]} is nowhere"
        for container in containers(pod):
            for variable in container.get("env", []):
                secret = variable.get("valueFrom", {}).get("secretKeyRef")
                if secret and not there("Secret", secret["name"]):
                    yield f"{pod.name}: Secret {secret['name']} is nowhere"


def matches(selector: dict, labels: dict) -> bool:
    """Whether labels are chosen."""
    return all(labels.get(key) == value for key, value in selector.items())


def ports(pod: Pod) -> set:
    """Ports of a pod, by name and number."""
    return {one[key] for box in containers(pod) for one in box.get("ports", []) for key in ("name", "containerPort")}


def selectors(objects: list[dict], all_pods: list[Pod]) -> Iterator[str]:
    """Services, budgets and sets choose the pods of one part, and ports that these have."""
    for one in of_kind(objects, "Service", "PodDisruptionBudget", "StatefulSet", "Deployment"):
        selector = one["spec"]["selector"]
        chosen = [pod for pod in all_pods if matches(selector.get("matchLabels", selector), pod.labels)]
        if len({pod.component for pod in chosen}) != 1:
            yield f"{name(one)} chooses {len(chosen)} pods, not those of one part"
            continue
        for port in one["spec"].get("ports", []):
            if port["targetPort"] not in ports(chosen[0]):
                yield f"{name(one)}: no pod has port {port['targetPort']}"
    services = {one["metadata"]["name"]: one for one in of_kind(objects, "Service")}
    for one in of_kind(objects, "Ingress"):
        for rule in one["spec"]["rules"]:
            backend = rule["http"]["paths"][0]["backend"]["service"]
            if backend["port"]["name"] not in {port["name"] for port in services[backend["name"]]["spec"]["ports"]}:
                yield f"{name(one)}: {backend['name']} has no port {backend['port']['name']}"
            if not any(f"--allow-host={rule['host']}" in box.get("args", []) for pod in all_pods for box in containers(pod)):
                yield f"{name(one)}: serve does not answer under {rule['host']}"
    for one in of_kind(objects, "HorizontalPodAutoscaler"):
        target = one["spec"]["scaleTargetRef"]
        found = [it for it in objects if (it["kind"], it["metadata"].get("name")) == (target["kind"], target["name"])]
        if not found:
            yield f"{name(one)} scales nothing"
        elif "replicas" in found[0]["spec"]:
            yield f"{name(one)}: each upgrade would set replicas back"


def network(objects: list[dict], all_pods: list[Pod]) -> Iterator[str]:
    """With policies, nobody reaches a pod that no line names."""
    policies = of_kind(objects, "NetworkPolicy")
    if not policies:
        return
    closed = [one["spec"]["podSelector"]["matchLabels"] for one in policies if not one["spec"].get("ingress")]
    for pod in all_pods:
        if not any(matches(labels, pod.labels) for labels in closed):
            yield f"{pod.name} is open to everybody"
    for one in policies:
        chosen = [pod for pod in all_pods if matches(one["spec"]["podSelector"]["matchLabels"], pod.labels)]
        if not chosen:
            yield f"{name(one)} chooses no pod"
        for rule in one["spec"].get("ingress", []):
            if not rule.get("from") or not rule.get("ports"):
                yield f"{name(one)} lets everybody in, or to every port"
            for port in rule.get("ports", []):
                if not any(port["port"] in ports(pod) for pod in chosen):
                    yield f"{name(one)}: no pod has port {port['port']}"


def monitors(objects: list[dict]) -> Iterator[str]:
    """A monitor chooses one Service and a port of it, and alerts know the job's name."""
    for one in of_kind(objects, "ServiceMonitor"):
        wanted = one["spec"]["selector"]["matchLabels"]
        chosen = [it for it in of_kind(objects, "Service") if matches(wanted, it["metadata"]["labels"])]
        if len(chosen) != 1:
            yield f"{name(one)} chooses {len(chosen)} Services"
            continue
        if one["spec"]["jobLabel"] not in chosen[0]["metadata"]["labels"]:
            yield f"{name(one)}: its Service has no label {one['spec']['jobLabel']}"
        for endpoint in one["spec"]["endpoints"]:
            if endpoint["port"] not in {port["name"] for port in chosen[0]["spec"]["ports"]}:
                yield f"{name(one)}: its Service has no port {endpoint['port']}"


def sets(objects: list[dict]) -> Iterator[str]:
    """A set's pods have names, the ingest is a static member by its name, and the journal outlives the pod."""
    headless = {one["metadata"]["name"] for one in of_kind(objects, "Service") if one["spec"].get("clusterIP") == "None"}
    for one in of_kind(objects, "StatefulSet"):
        if one["spec"]["serviceName"] not in headless:
            yield f"{name(one)}: {one['spec']['serviceName']} is no headless Service"
        box = one["spec"]["template"]["spec"]["containers"][0]
        if box["name"] == "ingest":
            instance = [it for it in box["env"] if it["name"] == "KAYOI_INGEST__KAFKA__INSTANCE"]
            if [it.get("valueFrom") for it in instance] != [{"fieldRef": {"fieldPath": "metadata.name"}}]:
                yield f"{name(one)}: kafka.instance is not the pod's name"
        if box["name"] == "serve":
            folders = [it.removeprefix("--journal-dir=") for it in box["args"] if it.startswith("--journal-dir=")]
            kept = {it["metadata"]["name"] for it in one["spec"].get("volumeClaimTemplates", [])}
            if folders != [it["mountPath"] for it in box["volumeMounts"] if it["name"] in kept]:
                yield f"{name(one)}: the journal is not on a volume of its own"
            if one["spec"].get("persistentVolumeClaimRetentionPolicy") != {"whenDeleted": "Retain", "whenScaled": "Retain"}:
                yield f"{name(one)}: the journal's volume goes with the pod"


def cluster(objects: list[dict], all_pods: list[Pod]) -> Iterator[str]:
    """There is one scheduler, all call it by its Service, and nobody but the chart's pods reaches it or an executor."""
    parts = {"scheduler", "executor"}
    for one in of_kind(objects, "Deployment"):
        is_scheduler = one["metadata"]["labels"][PART] == "scheduler"
        if is_scheduler and (one["spec"].get("replicas") != 1 or one["spec"].get("strategy") != {"type": "Recreate"}):
            yield f"{name(one)}: there may be more than one scheduler"
    for one in of_kind(objects, "NetworkPolicy"):
        if one["spec"]["podSelector"]["matchLabels"].get(PART) not in parts:
            continue
        peers = [peer for rule in one["spec"].get("ingress", []) for peer in rule["from"]]
        if any(set(peer) != {"podSelector"} or PART not in peer["podSelector"].get("matchLabels", {}) for peer in peers):
            yield f"{name(one)} lets others have buckets measured"
    services = {one["metadata"]["name"] for one in of_kind(objects, "Service")}
    for pod in all_pods:
        for word in (word for box in containers(pod) for word in box.get("args", [])):
            called = re.fullmatch(r"--(?:cluster=https?://|scheduler=)([\w-]+)(?:\.[\w-]+\.svc)?:50050", word)
            if called and called[1] not in services:
                yield f"{pod.name}: no scheduler is called {called[1]}"
    shown = {pod.name: any("tls-ca=" in word for box in containers(pod) for word in box.get("args", [])) for pod in all_pods}
    of_cluster = [pod for pod in all_pods if pod.component in parts or calls_scheduler(pod)]
    if len({shown[pod.name] for pod in of_cluster}) > 1:
        yield "one of scheduler, executors and aggregation has certificates, and another has none"


def calls_scheduler(pod: Pod) -> bool:
    """Whether it drives the executors."""
    return any(word.startswith("--cluster=") for box in containers(pod) for word in box.get("args", []))


def seconds(text: str) -> int:
    """Of a duration as the chart writes it."""
    found = re.fullmatch(r"(\d+)s", text)
    return int(found[1]) if found else 10**9


def stops(all_pods: list[Pod]) -> Iterator[str]:
    """Nobody is killed who would have ended by himself."""
    for pod in all_pods:
        grace = pod.spec.get("terminationGracePeriodSeconds", 30)
        for box in containers(pod):
            needed = 0
            if box["name"] == "ingest":
                needed = seconds(variables(box).get("KAYOI_INGEST__STOP_DEADLINE", "")) + 30
            if box["name"] == "serve":
                asked = [it.removeprefix("--query-seconds=") for it in box["args"] if it.startswith("--query-seconds=")]
                needed = int(asked[0]) + box.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0) + 1
            if grace < needed:
                yield f"{pod.name} is killed after {grace} s, and may need {needed} s"
