"""Values that the chart must refuse, for check.py.

Each is a file of values that is right, what spoils it, and words that the refusal must have: a chart that is broken in another
way would refuse everything.
"""

REFUSED: list[tuple[str, list[str], str]] = [
    # The schema: keys, types and forms.
    ("s3", ["--set", "serve.replica=2"], "replica"),
    ("s3", ["--set", "serv.replicas=2"], "serv"),
    ("s3", ["--set", "ingest.pod.securityContext.runAsUser=0"], "securityContext"),
    ("s3", ["--set-string", "serve.replicas=two"], "serve/replicas"),
    ("s3", ["--set", "ingest.replicas=-1"], "ingest/replicas"),
    ("s3", ["--set", "ingest.stopDeadlineSeconds=0"], "ingest/stopDeadlineSeconds"),
    ("s3", ["--set", "ingest.sessionTimeoutSeconds=301"], "ingest/sessionTimeoutSeconds"),
    ("s3", ["--set", "lake.url=gs://kayoi/lake"], "lake/url"),
    ("s3", ["--set", "lake.s3.endpoint=https://who:what@s3.example.jp"], "lake/s3/endpoint"),
    ("s3", ["--set", "image.digest=sha256:1"], "image/digest"),
    ("s3", ["--set", "logLevel=loud"], "logLevel"),
    ("s3", ["--set", "ingest.brokers=kafka"], "ingest/brokers"),
    ("s3", ["--set", "maintain.schedule=daily"], "maintain/schedule"),
    ("s3", ["--set", "ingest.resources.limits.memory=null"], "ingest/resources/limits"),
    ("s3", ["--set", "serve.service.type=ExternalName"], "serve/service/type"),
    ("s3", ["--set", "aggregate.buckets.count=12"], "aggregate/buckets/count"),
    ("s3", ["--set-json", 'networkPolicy.http=[{"everybody":true}]'], "networkPolicy/http"),
    ("s3", ["--set-json", "networkPolicy.http=[{}]"], "networkPolicy/http"),
    # The schema: secrets.
    ("s3", ["--set", "env.AWS_SECRET_ACCESS_KEY=x"], "AWS_SECRET_ACCESS_KEY"),
    ("s3", ["--set", "env.KAFKA_PASSWORD=x"], "KAFKA_PASSWORD"),
    ("s3", ["--set", "lake.s3.secretAccessKey=x"], "secretAccessKey"),
    ("s3", ["--set", "lake.key.value=x"], "value"),
    ("s3", ["--set-string", 'ingest.config=[[feed]]\n[kafka.librdkafka]\n"sasl.password" = "x"'], "ingest/config"),
    ("s3", ["--set-json", 'aggregate.extraArgs=["--secret=/tmp/x"]'], "aggregate/extraArgs"),
    # Templates: values that contradict one another.
    ("s3", ["--set", "lake.url="], "there is no lake"),
    ("s3", ["--set", "lake.volume.create=true"], "both set"),
    ("minimal-pvc", ["--set", "lake.volume.existingClaim=mine"], "set one of them"),
    ("minimal-pvc", ["--set", "lake.s3.existingSecret=kayoi-s3"], "no effect without lake.url"),
    ("s3", ["--set", "boundaries.file=/elsewhere"], "mounted at /srv/boundaries"),
    ("s3", ["--set", "lake.key.existingSecret="], "lake.key.existingSecret"),
    ("s3", ["--set", "ingest.brokers="], "ingest.brokers"),
    ("s3", ["--set", "ingest.config="], "[[feed]]"),
    ("s3", ["--set", "ingest.replicas=13"], "12 partitions"),
    ("s3", ["--set", "release.secret.existingSecret=kayoi-release"], "release.signingKey"),
    (
        "s3",
        [
            "--set",
            "release.secret.existingSecret=kayoi-key,release.secret.key=kayoi.key",
            "--set",
            "release.signingKey.existingSecret=kayoi-signing",
        ],
        "a secret of its own",
    ),
    ("production", ["--set", "aggregate.suspend=false"], "both would run"),
    ("production", ["--set", "cluster.enabled=true"], "another way to aggregate"),
    ("cluster", ["--set", "aggregate.enabled=false"], "which drives it"),
    ("cluster", ["--set-json", 'cluster.executors.extraArgs=["--host=::"]'], "cluster/executors/extraArgs"),
    ("cluster", ["--set-json", 'cluster.executors.extraArgs=["--tls-ca=/x"]'], "cluster/executors/extraArgs"),
    ("cluster", ["--set-json", 'aggregate.extraArgs=["--cluster=http://x:1"]'], "aggregate/extraArgs"),
    ("cluster", ["--set-json", 'aggregate.extraArgs=["--cluster-tls-ca=/x"]'], "aggregate/extraArgs"),
    ("production", ["--set", "serve.autoscaling.maxReplicas=1"], "below minReplicas"),
    ("production", ["--set", "serve.ingress.hosts=null"], "needs hosts"),
    ("s3", ["--set", "fullnameOverride=a-name-that-is-longer-than-34-letters"], "34 characters"),
    # The chart itself: a Kubernetes that is too old.
    ("s3", ["--kube-version", "1.29.9"], "kubeVersion"),
]
