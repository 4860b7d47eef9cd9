import type { ResourceType } from "./resource-type.ts";

type Options = {
  readonly short?: readonly string[];
  readonly sub?: readonly string[];
  readonly cluster?: true;
  readonly plural?: string;
};

function builtin(group: string, version: string, kind: string, options: Options = {}): ResourceType {
  const singular = kind.toLowerCase();
  const plural = options.plural ?? `${singular}s`;
  return {
    group,
    version,
    plural,
    singular,
    kind,
    namespaced: options.cluster !== true,
    shortNames: options.short ?? [],
    subresources: options.sub ?? [],
    storage: `${group}/${plural}`,
    schema: undefined,
    rules: undefined,
  };
}

const RBAC = "rbac.authorization.k8s.io";

/** What a cluster serves before anything is installed, cut down to what a CNI's chart and the runner touch. */
export const builtinResources: readonly ResourceType[] = [
  builtin("", "v1", "Namespace", { short: ["ns"], sub: ["status", "finalize"], cluster: true }),
  builtin("", "v1", "Node", { short: ["no"], sub: ["status"], cluster: true }),
  builtin("", "v1", "Pod", { short: ["po"], sub: ["status", "eviction", "exec"] }),
  builtin("", "v1", "Service", { short: ["svc"], sub: ["status"] }),
  builtin("", "v1", "ConfigMap", { short: ["cm"] }),
  builtin("", "v1", "Secret"),
  builtin("", "v1", "ServiceAccount", { short: ["sa"] }),
  builtin("", "v1", "Event", { short: ["ev"] }),
  builtin("", "v1", "Endpoints", { short: ["ep"], plural: "endpoints" }),
  builtin("", "v1", "PersistentVolumeClaim", { short: ["pvc"], sub: ["status"] }),
  builtin("apps", "v1", "Deployment", { short: ["deploy"], sub: ["status"] }),
  builtin("apps", "v1", "DaemonSet", { short: ["ds"], sub: ["status"] }),
  builtin("apps", "v1", "ReplicaSet", { short: ["rs"], sub: ["status"] }),
  builtin("apps", "v1", "StatefulSet", { short: ["sts"], sub: ["status"] }),
  builtin("apps", "v1", "ControllerRevision"),
  builtin("batch", "v1", "Job", { sub: ["status"] }),
  builtin("policy", "v1", "PodDisruptionBudget", { short: ["pdb"], sub: ["status"] }),
  builtin("networking.k8s.io", "v1", "NetworkPolicy", { short: ["netpol"], plural: "networkpolicies" }),
  builtin(RBAC, "v1", "Role"),
  builtin(RBAC, "v1", "RoleBinding"),
  builtin(RBAC, "v1", "ClusterRole", { cluster: true }),
  builtin(RBAC, "v1", "ClusterRoleBinding", { cluster: true }),
  builtin("scheduling.k8s.io", "v1", "PriorityClass", { short: ["pc"], plural: "priorityclasses", cluster: true }),
  builtin("discovery.k8s.io", "v1", "EndpointSlice"),
  builtin("coordination.k8s.io", "v1", "Lease"),
  builtin("apiextensions.k8s.io", "v1", "CustomResourceDefinition", { short: ["crd", "crds"], sub: ["status"], cluster: true }),
  builtin("apiregistration.k8s.io", "v1", "APIService", { sub: ["status"], cluster: true }),
  builtin("authorization.k8s.io", "v1", "SelfSubjectAccessReview", { cluster: true }),
];

/** The built-in resource of a kind; asking for one that is not in the table is a bug. */
export function builtinOf(kind: string): ResourceType {
  const found = builtinResources.find((resource) => resource.kind === kind);
  if (found === undefined) throw new Error(`no built-in kind ${kind}`);
  return found;
}
