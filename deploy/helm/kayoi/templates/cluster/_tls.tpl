{{/* TLS between scheduler, executors and the aggregation that drives them: one certificate, of servers and of clients. */}}

{{/* The name by which all call the scheduler. With TLS it is one of the certificate. In: root. */}}
{{- define "kayoi.scheduler" -}}
{{ include "kayoi.fullname" . }}-scheduler{{ if .Values.cluster.tls.existingSecret }}.{{ .Release.Namespace }}.svc{{ end }}
{{- end }}

{{- define "kayoi.cluster.tls.args" -}}
{{- if .Values.cluster.tls.existingSecret }}
- --tls-cert=/run/secrets/kayoi/cluster/tls.crt
- --tls-key=/run/secrets/kayoi/cluster/tls.key
- --tls-ca=/run/secrets/kayoi/cluster/ca.crt
{{- end }}
{{- end }}

{{- define "kayoi.cluster.tls.mounts" -}}
{{- if .Values.cluster.tls.existingSecret }}
- name: cluster-tls
  mountPath: /run/secrets/kayoi/cluster
  readOnly: true
{{- end }}
{{- end }}

{{- define "kayoi.cluster.tls.volumes" -}}
{{- if .Values.cluster.tls.existingSecret }}
{{ include "kayoi.secret.volume" (list "cluster-tls" .Values.cluster.tls.existingSecret) }}
{{- end }}
{{- end }}
