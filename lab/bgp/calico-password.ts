import { isObject } from "../../runner/json.ts";
import { at, type ClusterReader, listAt, named, sortedList, textAt, textsAt } from "./kube-read.ts";

/** Where the operator runs calico-node, and as whom. */
export const CALICO_NAMESPACE = "calico-system";
const SERVICE_ACCOUNT = "calico-node";

/**
 * The password that calico-node really uses for a peer. A Secret that is missing, lies in another namespace or may not be read by
 * calico-node means a session without password and a warning in the log, not an error (facts cni.md 1.4).
 */
export function peerPassword(cluster: ClusterReader, peerSpec: unknown): string | undefined {
  const name = textAt(peerSpec, "password", "secretKeyRef", "name");
  const key = textAt(peerSpec, "password", "secretKeyRef", "key");
  if (name === undefined || key === undefined) return undefined;
  const secret = named(cluster, "Secret", name, CALICO_NAMESPACE);
  if (secret === undefined || !mayRead(cluster, name)) return undefined;
  const encoded = textAt(secret, "data", key);
  const text = encoded === undefined ? textAt(secret, "stringData", key) : Buffer.from(encoded, "base64").toString();
  return text === undefined || text === "" ? undefined : text;
}

/** Whether a RoleBinding gives calico-node's account a Role that can get, list and watch the secret. */
function mayRead(cluster: ClusterReader, secret: string): boolean {
  return sortedList(cluster, "RoleBinding").some((binding) => {
    if (binding.metadata.namespace !== CALICO_NAMESPACE || !listAt(binding, "subjects").some(isCalicoNode)) return false;
    const kind = textAt(binding, "roleRef", "kind") ?? "Role";
    const name = textAt(binding, "roleRef", "name") ?? "";
    const role = kind === "Role" ? named(cluster, "Role", name, CALICO_NAMESPACE) : named(cluster, "ClusterRole", name);
    return listAt(role, "rules").some((rule) => allows(rule, secret));
  });
}

function isCalicoNode(subject: unknown): boolean {
  if (!isObject(subject)) return false;
  return subject.kind === "ServiceAccount" && subject.name === SERVICE_ACCOUNT && subject.namespace === CALICO_NAMESPACE;
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
