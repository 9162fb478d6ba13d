"""Renderings with one thing wrong each, for check.py: a check that finds nothing in them checks nothing.

Each has the words of the finding that must come of it, and changes a copy of the objects of `production`.
"""

from collections.abc import Callable

import together


def find(objects: list[dict], kind: str, ending: str) -> dict:
    """The object of a kind whose name ends so."""
    return next(one for one in objects if one["kind"] == kind and one["metadata"].get("name", "").endswith(ending))


def ingest(objects: list[dict]) -> dict:
    """The pod of the ingest."""
    return find(objects, "StatefulSet", "-ingest")["spec"]["template"]["spec"]


def serve(objects: list[dict]) -> dict:
    """The pod of the server."""
    return find(objects, "StatefulSet", "-serve")["spec"]["template"]["spec"]


def maintain(objects: list[dict]) -> dict:
    """The pod of the upkeep."""
    return find(objects, "CronJob", "-maintain")["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def scheduler(objects: list[dict]) -> dict:
    """The pod of the scheduler."""
    return find(objects, "Deployment", "-scheduler")["spec"]["template"]["spec"]


def executor(objects: list[dict]) -> dict:
    """The pod of an executor."""
    return find(objects, "Deployment", "-executor")["spec"]["template"]["spec"]


def network(objects: list[dict]) -> dict:
    """Who reaches executors."""
    return find(objects, "NetworkPolicy", "-executor")["spec"]


def variable(pod: dict, name: str) -> dict:
    """A variable of a pod's only container."""
    return next(one for one in pod["containers"][0]["env"] if one["name"] == name)


def add(pod: dict, name: str, value: str) -> None:
    """Gives a pod's only container a variable."""
    pod["containers"][0]["env"].append({"name": name, "value": value})


def drop(objects: list[dict], kind: str, ending: str) -> None:
    """Takes an object away."""
    objects.remove(find(objects, kind, ending))


PODS: list[tuple[str, Callable]] = [
    ("runAsUser is not 65532", lambda it: ingest(it)["securityContext"].update(runAsUser=0)),
    ("runAsNonRoot is not true", lambda it: maintain(it)["securityContext"].pop("runAsNonRoot")),
    ("fsGroup is not", lambda it: serve(it)["securityContext"].pop("fsGroup")),
    ("seccompProfile", lambda it: find(it, "Pod", "-test")["spec"]["securityContext"].pop("seccompProfile")),
    ("token of the cluster", lambda it: ingest(it).pop("automountServiceAccountToken")),
    ("variables of Services", lambda it: ingest(it).pop("enableServiceLinks")),
    ("hostNetwork", lambda it: ingest(it).update(hostNetwork=True)),
    ("its root can be written", lambda it: serve(it)["containers"][0]["securityContext"].update(readOnlyRootFilesystem=False)),
    ("more rights", lambda it: serve(it)["containers"][0]["securityContext"].pop("allowPrivilegeEscalation")),
    ("drop ALL", lambda it: serve(it)["containers"][0]["securityContext"]["capabilities"].update(add=["NET_ADMIN"])),
    ("changes what its pod says", lambda it: serve(it)["containers"][0]["securityContext"].update(runAsUser=0)),
    ("limits.memory is missing", lambda it: maintain(it)["containers"][0]["resources"].pop("limits")),
    ("requests.cpu is missing", lambda it: find(it, "Pod", "-test")["spec"]["containers"][0].pop("resources")),
    ("startupProbe is missing", lambda it: ingest(it)["containers"][0].pop("startupProbe")),
    ("livenessProbe is missing", lambda it: serve(it)["containers"][0].pop("livenessProbe")),
    ("asks a port", lambda it: serve(it)["containers"][0]["readinessProbe"]["httpGet"].update(port="pg")),
    ("SMTP_PASSWORD holds a secret", lambda it: add(ingest(it), "SMTP_PASSWORD", "x")),
    ("KAYOI_NOTE holds a secret", lambda it: add(ingest(it), "KAYOI_NOTE", "0123456789abcdef" * 4)),
    ("AWS_SECRET_ACCESS_KEY holds a secret", lambda it: add(maintain(it), "AWS_SECRET_ACCESS_KEY", "x")),
    ("set twice", lambda it: add(ingest(it), "KAYOI_LOG", "info")),
    ("argument holds a secret", lambda it: maintain(it)["containers"][0]["args"].append("password=x")),
    ("mounted and not there", lambda it: ingest(it)["volumes"].pop()),
    ("there and not mounted", lambda it: ingest(it)["containers"][0]["volumeMounts"].pop()),
    ("folder of the node", lambda it: ingest(it)["volumes"][0].update(hostPath={"path": "/"})),
    ("not of mode 0440", lambda it: serve(it)["volumes"][-1]["secret"].update(defaultMode=0o444)),
    ("volume key is not for serve", lambda it: serve(it)["volumes"].append({"name": "key", "emptyDir": {}})),
    ("volume seeds is not for ingest", lambda it: ingest(it)["volumes"].append({"name": "seeds", "emptyDir": {}})),
]

TOGETHER: list[tuple[str, Callable]] = [
    ("is made by the chart", lambda it: it.append({"kind": "Secret", "metadata": {"name": "s"}})),
    ("a.toml holds a secret", lambda it: find(it, "ConfigMap", "-ingest")["data"].update({"a.toml": 'password = "x"'})),
    ("ServiceAccount kayoi-jobs is nowhere", lambda it: drop(it, "ServiceAccount", "-jobs")),
    ("ConfigMap kayoi-ingest is nowhere", lambda it: drop(it, "ConfigMap", "-ingest")),
    ("PersistentVolumeClaim kayoi-seeds is nowhere", lambda it: drop(it, "PersistentVolumeClaim", "-seeds")),
    ("Secret other is nowhere", lambda it: serve(it)["volumes"][-1]["secret"].update(secretName="other")),
    ("not those of one part", lambda it: find(it, "Service", "-serve")["spec"]["selector"].pop(together.PART)),
    ("chooses 0 pods", lambda it: find(it, "PodDisruptionBudget", "-ingest")["spec"]["selector"].update(matchLabels={"a": "b"})),
    ("no pod has port web", lambda it: find(it, "Service", "-serve")["spec"]["ports"][0].update(targetPort="web")),
    ("has no port http", lambda it: find(it, "Service", "-serve")["spec"]["ports"][0].update(name="web")),
    ("does not answer under", lambda it: find(it, "Ingress", "-serve")["spec"]["rules"][0].update(host="other.example.jp")),
    ("scales nothing", lambda it: find(it, "HorizontalPodAutoscaler", "-serve")["spec"]["scaleTargetRef"].update(name="x")),
    ("set replicas back", lambda it: find(it, "StatefulSet", "-serve")["spec"].update(replicas=2)),
    ("is open to everybody", lambda it: drop(it, "NetworkPolicy", "-deny")),
    ("lets everybody in", lambda it: find(it, "NetworkPolicy", "-ingest")["spec"]["ingress"][0].pop("from")),
    ("no pod has port 1", lambda it: find(it, "NetworkPolicy", "-ingest")["spec"]["ingress"][0]["ports"][0].update(port=1)),
    ("chooses no pod", lambda it: find(it, "NetworkPolicy", "-serve")["spec"]["podSelector"].update(matchLabels={"a": "b"})),
    ("chooses 0 Services", lambda it: drop(it, "Service", "-ingest")),
    ("has no label", lambda it: find(it, "ServiceMonitor", "-serve")["spec"].update(jobLabel="job")),
    ("its Service has no port", lambda it: find(it, "ServiceMonitor", "-serve")["spec"]["endpoints"][0].update(port="web")),
    ("is no headless Service", lambda it: drop(it, "Service", "-serve-pods")),
    ("kafka.instance", lambda it: variable(ingest(it), "KAYOI_INGEST__KAFKA__INSTANCE").update(valueFrom={})),
    ("not on a volume of its own", lambda it: find(it, "StatefulSet", "-serve")["spec"].pop("volumeClaimTemplates")),
    ("goes with the pod", lambda it: find(it, "StatefulSet", "-serve")["spec"].pop("persistentVolumeClaimRetentionPolicy")),
    ("StatefulSet/kayoi-ingest is killed after 120 s", lambda it: ingest(it).update(terminationGracePeriodSeconds=120)),
    ("StatefulSet/kayoi-ingest is killed after 30 s", lambda it: ingest(it).pop("terminationGracePeriodSeconds")),
    ("StatefulSet/kayoi-serve is killed", lambda it: serve(it).update(terminationGracePeriodSeconds=30)),
    ("may run twice", lambda it: find(it, "CronJob", "-maintain")["spec"].update(concurrencyPolicy="Replace")),
]

# Of the objects of `cluster`.
CLUSTER: list[tuple[str, Callable]] = [
    ("asks a port", lambda it: executor(it)["containers"][0]["livenessProbe"]["tcpSocket"].update(port="http")),
    ("asks a port", lambda it: scheduler(it)["containers"][0].update(livenessProbe={"tcpSocket": {"port": "commands"}})),
    ("volume key is not for executor", lambda it: executor(it)["volumes"].append({"name": "key", "emptyDir": {}})),
    ("more than one scheduler", lambda it: find(it, "Deployment", "-scheduler")["spec"].update(replicas=2)),
    ("more than one scheduler", lambda it: find(it, "Deployment", "-scheduler")["spec"].pop("strategy")),
    ("lets others have buckets measured", lambda it: network(it)["ingress"][0]["from"].append({"namespaceSelector": {}})),
    ("lets others have buckets measured", lambda it: network(it)["ingress"][0]["from"][0].update(podSelector={})),
    ("is open to everybody", lambda it: drop(it, "NetworkPolicy", "-deny")),
    ("another has none", lambda it: scheduler(it)["containers"][0]["args"].append("--tls-ca=/ca.crt")),
    ("no scheduler is called", lambda it: find(it, "Service", "-scheduler")["metadata"].update(name="other")),
]

# Of the schemas of Kubernetes.
SCHEMAS: list[tuple[str, Callable]] = [
    ("does not take", lambda it: ingest(it)["containers"][0]["ports"][0].update(containerPort="many")),
    ("does not take", lambda it: serve(it).update(topologySpreadConstraint=[])),
]
