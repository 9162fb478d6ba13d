{{/* What the jobs share. Each is started with a schedule that may be late: a run that finds the one before going on
does not start, since two would only wait for one another. */}}

{{/* The head of a CronJob's spec. In: maintain or aggregate of values. */}}
{{- define "kayoi.cron" -}}
schedule: {{ .schedule | quote }}
timeZone: {{ .timeZone }}
concurrencyPolicy: Forbid
# A cluster that was away for hours starts what it missed.
startingDeadlineSeconds: 21600
successfulJobsHistoryLimit: 3
failedJobsHistoryLimit: 3
{{- end }}

{{/* Who is moved from a node is not at fault, and wrong arguments (exit code 2) are as wrong the next time.
In: (list container action). */}}
{{- define "kayoi.job.failures" -}}
podFailurePolicy:
  rules:
    - action: Ignore
      onPodConditions:
        - type: DisruptionTarget
          status: "True"
    - action: {{ index . 1 }}
      onExitCodes:
        containerName: {{ index . 0 }}
        operator: In
        values: [2]
{{- end }}

{{/* The template of an aggregation's pod. In: (dict root step args releases), releases as whether it makes a release: only
then it has the secret of the noise. */}}
{{- define "kayoi.aggregate.pod" -}}
{{- $root := .root -}}
{{- $of := $root.Values.aggregate -}}
{{- $mounts := "" -}}
{{- $volumes := "" -}}
{{- if .releases -}}
{{- $mounts = print (include "kayoi.release.mounts" $root) (include "kayoi.runs.mounts" $root) -}}
{{- $volumes = print (include "kayoi.release.volumes" $root) (include "kayoi.runs.volumes" $root) -}}
{{- end -}}
{{- if $root.Values.cluster.enabled -}}
{{- $mounts = print $mounts (include "kayoi.cluster.tls.mounts" $root) -}}
{{- $volumes = print $volumes (include "kayoi.cluster.tls.volumes" $root) -}}
{{- end -}}
metadata:
  labels:
    {{- include "kayoi.pod.labels" (list $root "aggregate" $of.pod) | nindent 4 }}
  {{- with $of.pod.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- include "kayoi.pod" (list $root "jobs" $of.pod) | nindent 2 }}
  # A pod that failed stays, with its log.
  restartPolicy: Never
  # What was measured stays; a lease is given back.
  terminationGracePeriodSeconds: 60
  containers:
    - name: aggregate
      {{- include "kayoi.container" $root | nindent 6 }}
      args:
        - aggregate
        {{- range concat .args $of.extraArgs }}
        - {{ . | quote }}
        {{- end }}
      env:
        {{- include "kayoi.env" $root | nindent 8 }}
        {{- include "kayoi.lake.env" $root | nindent 8 }}
        {{- if .releases }}
        {{- include "kayoi.release.env" $root | nindent 8 }}
        {{- if $root.Values.runMetrics.enabled }}
        - name: KAYOI_METRICS_FILE
          value: /var/lib/kayoi-metrics/aggregate.prom
        {{- end }}
        {{- end }}
      resources:
        {{- toYaml $of.resources | nindent 8 }}
      {{- with print (include "kayoi.lake.mounts" $root) (include "kayoi.files.mounts" $root) $mounts | trim }}
      volumeMounts:
        {{- . | nindent 8 }}
      {{- end }}
  {{- with print (include "kayoi.lake.volumes" $root) (include "kayoi.files.volumes" $root) $volumes | trim }}
  volumes:
    {{- . | nindent 4 }}
  {{- end }}
{{- end }}
