{{/* What all pods share: nobody's rights, nobody's root. */}}

{{/* The labels of a pod. In: (list root component pod), pod as in values. */}}
{{- define "kayoi.pod.labels" -}}
{{ include "kayoi.component" (list (index . 0) (index . 1)) }}
{{- with (index . 2).labels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The head of a pod's spec. In: (list root account pod). */}}
{{- define "kayoi.pod" -}}
{{- $root := index . 0 -}}
serviceAccountName: {{ include "kayoi.account" (list $root (index . 1)) }}
# Nothing here asks the cluster anything. Roles of a cloud bring a token of their own.
automountServiceAccountToken: false
# Names of Services would become variables, and Kayoi is told by variables.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  # Volumes and Secrets are readable by this group, and volumes are not walked through at every start.
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- with (index . 2) }}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}
{{- end }}

{{/* Apart from one another as far as there are nodes and zones; a cluster of one node runs them all the same.
In: (list root component). */}}
{{- define "kayoi.spread" -}}
{{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
- maxSkew: 1
  topologyKey: {{ . }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "kayoi.component" $ | nindent 6 }}
{{- end }}
{{- end }}

{{- define "kayoi.container.security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* The head of a container of Kayoi itself. In: root. */}}
{{- define "kayoi.container" -}}
image: {{ include "kayoi.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  {{- include "kayoi.container.security" . | nindent 2 }}
{{- end }}

{{/* Variables of every container of Kayoi: the log, the store's settings and access. In: root. */}}
{{- define "kayoi.env" -}}
- name: KAYOI_LOG
  value: {{ .Values.logLevel | quote }}
{{- range $name, $value := .Values.env }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- if .Values.lake.url }}
{{- with .Values.lake.s3 }}
{{- with .region }}
- name: AWS_REGION
  value: {{ . | quote }}
{{- end }}
{{- with .endpoint }}
- name: AWS_ENDPOINT
  value: {{ . | quote }}
{{- end }}
{{- if .allowHttp }}
- name: AWS_ALLOW_HTTP
  value: "true"
{{- end }}
{{- if .virtualHosted }}
- name: AWS_VIRTUAL_HOSTED_STYLE_REQUEST
  value: "true"
{{- end }}
{{- $secret := .existingSecret }}
{{- if $secret }}
{{- range list "AWS_ACCESS_KEY_ID" "AWS_SECRET_ACCESS_KEY" "AWS_SESSION_TOKEN" }}
- name: {{ . }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: {{ . }}
      {{- if eq . "AWS_SESSION_TOKEN" }}
      optional: true
      {{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
