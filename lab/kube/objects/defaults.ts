import type { Json, JsonObject } from "../../../runner/json.ts";
import { isJsonObject, type KubeObject, listAt, objectAt, textAt, valueAt } from "./kube-object.ts";

/** Fills in what the API server fills in for built-in kinds, as far as clients look at it. */
export function withDefaults(object: KubeObject): KubeObject {
  const spec = objectAt(object, "spec");
  if (object.kind === "DaemonSet") {
    const updateStrategy: Json = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } };
    return { ...object, spec: { revisionHistoryLimit: 10, updateStrategy, ...spec } };
  }
  if (object.kind === "Deployment") {
    const strategy: Json = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } };
    return { ...object, spec: { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy, ...spec } };
  }
  if (object.kind === "Service") return { ...object, spec: service(spec) };
  if (object.kind === "Secret") return secret(object);
  if (object.kind === "Namespace") {
    const labels = { ...object.metadata.labels, "kubernetes.io/metadata.name": object.metadata.name };
    const metadata = { ...object.metadata, labels };
    return {
      ...object,
      metadata,
      spec: { finalizers: ["kubernetes"], ...spec },
      status: { phase: "Active", ...objectAt(object, "status") },
    };
  }
  if (object.kind === "RoleBinding" || object.kind === "ClusterRoleBinding") return binding(object);
  return object;
}

function service(spec: JsonObject): JsonObject {
  const type = spec.type ?? "ClusterIP";
  const outside = type === "NodePort" || type === "LoadBalancer" || listAt(spec, "externalIPs").length > 0;
  const ports = listAt(spec, "ports").map((port) =>
    isJsonObject(port) ? { protocol: "TCP", targetPort: port.port ?? null, ...port } : port,
  );
  return {
    type,
    sessionAffinity: "None",
    ...(type === "ExternalName" ? {} : { internalTrafficPolicy: "Cluster" }),
    ...(outside ? { externalTrafficPolicy: "Cluster" } : {}),
    ...(type === "LoadBalancer" ? { allocateLoadBalancerNodePorts: true } : {}),
    ...spec,
    ...(ports.length === 0 ? {} : { ports }),
  };
}

/** `stringData` is write-only: it becomes `data`. */
function secret(object: KubeObject): KubeObject {
  const { stringData, ...rest } = object;
  if (!isJsonObject(stringData)) return { type: "Opaque", ...object };
  const encoded = Object.entries(stringData).map(([name, value]) => [name, Buffer.from(String(value)).toString("base64")]);
  const { apiVersion, kind, metadata } = object;
  return {
    type: "Opaque",
    ...rest,
    apiVersion,
    kind,
    metadata,
    data: { ...objectAt(object, "data"), ...Object.fromEntries(encoded) },
  };
}

function binding(object: KubeObject): KubeObject {
  const group = "rbac.authorization.k8s.io";
  const roleRef = { apiGroup: group, ...objectAt(object, "roleRef") };
  const subjects = listAt(object, "subjects").map((subject) => {
    if (!isJsonObject(subject) || textAt(subject, "kind") === "ServiceAccount" || valueAt(subject, "apiGroup") !== undefined)
      return subject;
    return { ...subject, apiGroup: group };
  });
  return subjects.length === 0 ? { ...object, roleRef } : { ...object, roleRef, subjects };
}
