{{/* Names and labels. The full name leaves room for the longest ending, "-aggregate-buckets", in the 52 characters of a
CronJob's name; checks.yaml refuses a longer one, because a name that is cut may meet another. */}}

{{- define "kayoi.name" -}}
{{- default .Chart.Name .Values.nameOverride -}}
{{- end }}

{{- define "kayoi.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains (include "kayoi.name" .) .Release.Name -}}
{{- .Release.Name -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "kayoi.name" .) -}}
{{- end -}}
{{- end }}

{{/* What tells the chart's pods from all others. */}}
{{- define "kayoi.selector" -}}
app.kubernetes.io/name: {{ include "kayoi.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* In: (list root component). */}}
{{- define "kayoi.component" -}}
{{ include "kayoi.selector" (index . 0) }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* In: (list root component). Not on pods: a new version of the chart alone restarts nothing. */}}
{{- define "kayoi.labels" -}}
{{- $root := index . 0 -}}
{{ include "kayoi.component" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version }}
{{- end }}

{{- define "kayoi.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ default .Chart.AppVersion $image.tag }}
{{- end -}}
{{- end }}

{{/* In: (list root part), part as a key of serviceAccounts; the namespace's own account for a part that has none there. */}}
{{- define "kayoi.account" -}}
{{- $root := index . 0 -}}
{{- $account := default dict (index $root.Values.serviceAccounts (index . 1)) -}}
{{- if $account.name -}}
{{- $account.name -}}
{{- else if $account.create -}}
{{- printf "%s-%s" (include "kayoi.fullname" $root) (index . 1) -}}
{{- else -}}
default
{{- end -}}
{{- end }}
