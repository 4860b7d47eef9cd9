{{/* What the real chart refuses, by version (the project's notes on Cilium's values). */}}
{{- define "cilium.refusals" -}}
{{- $version := .Chart.Version }}
{{- if and (hasKey .Values "tunnel") (semverCompare ">=1.15-0" $version) }}
{{- fail "tunnel was deprecated in v1.14 and has been removed in v1.15: set routingMode and tunnelProtocol instead" }}
{{- end }}
{{- $replacement := toString (.Values.kubeProxyReplacement | default "false") }}
{{- if and (not (has $replacement (list "true" "false"))) (semverCompare ">=1.16-0" $version) }}
{{- fail "kubeProxyReplacement must be explicitly set to a valid value (true or false) to continue" }}
{{- end }}
{{- if and .Values.hubble.ui.enabled (not .Values.hubble.relay.enabled) }}
{{- fail "Hubble UI requires .Values.hubble.relay.enabled=true" }}
{{- end }}
{{- if and .Values.hubble.relay.enabled (not .Values.hubble.enabled) }}
{{- fail "Hubble Relay requires .Values.hubble.enabled=true" }}
{{- end }}
{{- $poolOld := hasKey .Values.ipam.operator "clusterPoolIPv4PodCIDR" }}
{{- if and $poolOld (semverCompare ">=1.14-0" $version) }}
{{- fail "clusterPoolIPv4PodCIDR has been removed in v1.14: use ipam.operator.clusterPoolIPv4PodCIDRList" }}
{{- end }}
{{- end }}
