import { Type } from "#typebox";

/** Arguments that the task types for all CNIs share. */

/** Argument `cni`. */
export const CniKind = Type.Enum(["calico", "kube-router", "cilium"], { description: "CNI of the cluster (cni.name)" });

/** Argument `namespace`. */
export const CniNamespace = Type.String({
  minLength: 1,
  default: "kube-system",
  description: "Where its DaemonSet is (cni.namespace)",
});
