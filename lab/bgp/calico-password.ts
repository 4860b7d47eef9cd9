import { isObject } from "../../runner/json.ts";
import { at, type ClusterReader, listAt, secretText, textAt, textsAt } from "./kube-read.ts";

/** As whom calico-node runs. */
const SERVICE_ACCOUNT = "calico-node";

/**
 * The password that calico-node really uses for a peer. A Secret that is missing, lies in another namespace or may not be read by
 * calico-node means a session without password and a warning in the log, not an error (facts cni.md 1.4). `namespace`: where calico-node runs.
 */
export function peerPassword(cluster: ClusterReader, namespace: string, peerSpec: unknown): string | undefined {
  const name = textAt(peerSpec, "password", "secretKeyRef", "name");
  const key = textAt(peerSpec, "password", "secretKeyRef", "key");
  if (name === undefined || key === undefined) return undefined;
  const secret = cluster.find("Secret", name, namespace);
  if (secret === undefined || !mayRead(cluster, namespace, name)) return undefined;
  return secretText(secret, key);
}

/** Whether a RoleBinding gives calico-node's account a Role that can get, list and watch the secret. */
function mayRead(cluster: ClusterReader, namespace: string, secret: string): boolean {
  return cluster.list("RoleBinding").some((binding) => {
    if (binding.metadata.namespace !== namespace) return false;
    if (!listAt(binding, "subjects").some((subject) => isCalicoNode(subject, namespace))) return false;
    const kind = textAt(binding, "roleRef", "kind") ?? "Role";
    const name = textAt(binding, "roleRef", "name") ?? "";
    const role = kind === "Role" ? cluster.find("Role", name, namespace) : cluster.find("ClusterRole", name);
    return listAt(role, "rules").some((rule) => allows(rule, secret));
  });
}

function isCalicoNode(subject: unknown, namespace: string): boolean {
  if (!isObject(subject)) return false;
  return subject.kind === "ServiceAccount" && subject.name === SERVICE_ACCOUNT && subject.namespace === namespace;
}

function allows(rule: unknown, secret: string): boolean {
  const names = textsAt(rule, "resourceNames");
  const has = (field: string, value: string) => textsAt(rule, field).some((item) => item === value || item === "*");
  return (
    (has("apiGroups", "") || at(rule, "apiGroups") === undefined) &&
    has("resources", "secrets") &&
    ["get", "list", "watch"].every((verb) => has("verbs", verb)) &&
    (names.length === 0 || names.includes(secret))
  );
}
