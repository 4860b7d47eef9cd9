import { type KubeObject, listAt, objectAt, textAt, valueAt } from "../objects/kube-object.ts";

/** Taints that pods of a DaemonSet tolerate without saying so (Kubernetes docs, DaemonSet, Taints and tolerations). */
const DAEMON_TOLERATES = ["not-ready", "unreachable", "disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"];

/** Whether the pods of a workload may be put on a node: its node selector, its tolerations, and for Deployments whether it is cordoned. */
export function mayRunOn(workload: KubeObject, node: KubeObject): boolean {
  const pod = objectAt(workload, "spec", "template", "spec");
  const selected = Object.entries(objectAt(pod, "nodeSelector")).every(
    ([label, value]) => node.metadata.labels?.[label] === value,
  );
  if (!selected) return false;
  const daemon = workload.kind === "DaemonSet";
  if (!daemon && valueAt(node, "spec", "unschedulable") === true) return false;
  const tolerations = listAt(pod, "tolerations");
  return listAt(node, "spec", "taints").every((taint) => {
    if (textAt(taint, "effect") === "PreferNoSchedule") return true;
    const key = textAt(taint, "key");
    if (daemon && DAEMON_TOLERATES.some((name) => key === `node.kubernetes.io/${name}`)) return true;
    return tolerations.some((toleration) => tolerates(toleration, taint));
  });
}

function tolerates(toleration: Parameters<typeof textAt>[0], taint: Parameters<typeof textAt>[0]): boolean {
  const effect = textAt(toleration, "effect");
  const key = textAt(toleration, "key");
  const exists = textAt(toleration, "operator") === "Exists";
  if (effect !== "" && effect !== textAt(taint, "effect")) return false;
  if (key === "") return exists;
  return key === textAt(taint, "key") && (exists || textAt(toleration, "value") === textAt(taint, "value"));
}
