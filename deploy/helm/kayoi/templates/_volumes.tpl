{{/* The lake, borders, lists and secrets, as volumes, mounts and variables. A pod gets those that its command reads, and no
other: the key of pseudonyms is not where questions are answered, nor the secret of the noise where pings arrive. */}}

{{/* Where the lake is. A folder below the mount, so that a volume's own lost+found is not in the lake. */}}
{{- define "kayoi.lake" -}}
{{- default "/var/lib/kayoi/lake" .Values.lake.url -}}
{{- end }}

{{- define "kayoi.lake.env" -}}
- name: KAYOI_LAKE
  value: {{ include "kayoi.lake" . | quote }}
{{- with .Values.boundaries.file }}
- name: KAYOI_BOUNDARIES
  value: {{ . | quote }}
{{- end }}
{{- end }}

{{- define "kayoi.lake.mounts" -}}
{{- if not .Values.lake.url }}
- name: lake
  mountPath: /var/lib/kayoi
{{- end }}
{{- if .Values.boundaries.existingClaim }}
- name: boundaries
  mountPath: /srv/boundaries
  readOnly: true
{{- end }}
{{- end }}

{{- define "kayoi.lake.volumes" -}}
{{- if not .Values.lake.url }}
- name: lake
  persistentVolumeClaim:
    claimName: {{ default (printf "%s-lake" (include "kayoi.fullname" .)) .Values.lake.volume.existingClaim }}
{{- end }}
{{- with .Values.boundaries.existingClaim }}
- name: boundaries
  persistentVolumeClaim:
    claimName: {{ . }}
    readOnly: true
{{- end }}
{{- end }}

{{/* A Secret as files. In: (list volume secret), or (list volume secret key) for one of its files. Mode 0440: the pod's
group reads them, and the volume's owner is root. */}}
{{- define "kayoi.secret.volume" -}}
- name: {{ index . 0 }}
  secret:
    secretName: {{ index . 1 }}
    defaultMode: 0440
    {{- if gt (len .) 2 }}
    items:
      - key: {{ index . 2 }}
        path: {{ index . 2 }}
    {{- end }}
{{- end }}

{{- define "kayoi.key.path" -}}
/run/secrets/kayoi/key/{{ .Values.lake.key.key }}
{{- end }}

{{- define "kayoi.key.mounts" -}}
{{- if .Values.lake.key.existingSecret }}
- name: key
  mountPath: /run/secrets/kayoi/key
  readOnly: true
{{- end }}
{{- end }}

{{- define "kayoi.key.volumes" -}}
{{- with .Values.lake.key }}
{{- if .existingSecret }}
{{ include "kayoi.secret.volume" (list "key" .existingSecret .key) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Lists and schemas, of both sources in one folder. */}}
{{- define "kayoi.files.mounts" -}}
{{- if or .Values.files.existingConfigMap .Values.files.existingSecret }}
- name: files
  mountPath: /etc/kayoi/files
  readOnly: true
{{- end }}
{{- end }}

{{- define "kayoi.files.volumes" -}}
{{- with .Values.files }}
{{- if or .existingConfigMap .existingSecret }}
- name: files
  projected:
    defaultMode: 0440
    sources:
      {{- with .existingConfigMap }}
      - configMap:
          name: {{ . }}
      {{- end }}
      {{- with .existingSecret }}
      - secret:
          name: {{ . }}
      {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* A real series: its secret, key and seeds. */}}
{{- define "kayoi.release.env" -}}
{{- if .Values.release.secret.existingSecret }}
- name: KAYOI_RELEASE_SECRET
  value: /run/secrets/kayoi/release/{{ .Values.release.secret.key }}
- name: KAYOI_SIGNING_KEY
  value: /run/secrets/kayoi/signing/{{ .Values.release.signingKey.key }}
# Not beside the secret, which is read-only here.
- name: KAYOI_RELEASE_SEEDS
  value: /var/lib/kayoi-release/seeds
{{- end }}
{{- end }}

{{- define "kayoi.release.mounts" -}}
{{- if .Values.release.secret.existingSecret }}
- name: release
  mountPath: /run/secrets/kayoi/release
  readOnly: true
- name: signing
  mountPath: /run/secrets/kayoi/signing
  readOnly: true
- name: seeds
  mountPath: /var/lib/kayoi-release
{{- end }}
{{- end }}

{{- define "kayoi.release.volumes" -}}
{{- if .Values.release.secret.existingSecret }}
{{ include "kayoi.secret.volume" (list "release" .Values.release.secret.existingSecret .Values.release.secret.key) }}
{{ include "kayoi.secret.volume" (list "signing" .Values.release.signingKey.existingSecret .Values.release.signingKey.key) }}
- name: seeds
  persistentVolumeClaim:
    claimName: {{ default (printf "%s-seeds" (include "kayoi.fullname" .)) .Values.release.seeds.existingClaim }}
{{- end }}
{{- end }}

{{/* The text file of a run's metrics. */}}
{{- define "kayoi.runs.mounts" -}}
{{- if .Values.runMetrics.enabled }}
- name: runs
  mountPath: /var/lib/kayoi-metrics
{{- end }}
{{- end }}

{{- define "kayoi.runs.volumes" -}}
{{- if .Values.runMetrics.enabled }}
- name: runs
  persistentVolumeClaim:
    claimName: {{ default (printf "%s-runs" (include "kayoi.fullname" .)) .Values.runMetrics.existingClaim }}
{{- end }}
{{- end }}
