{{/* The names by which HTTP is called: of the Service, as pods of any namespace write it, of the Ingress, and those of
values. A name that is not here gets 403. Out: a JSON list. */}}
{{- define "kayoi.serve.hosts" -}}
{{- $service := printf "%s-serve" (include "kayoi.fullname" .) -}}
{{- $names := list $service (printf "%s.%s" $service .Release.Namespace) (printf "%s.%s.svc" $service .Release.Namespace) -}}
{{- $names = append $names (printf "%s.%s.svc.cluster.local" $service .Release.Namespace) -}}
{{- if .Values.serve.ingress.enabled -}}
{{- $names = concat $names (default list .Values.serve.ingress.hosts) -}}
{{- end -}}
{{- concat $names (default list .Values.serve.allowHosts) | uniq | toJson -}}
{{- end }}
