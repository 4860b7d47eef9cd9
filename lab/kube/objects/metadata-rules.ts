import type { Cause } from "../api/status.ts";
import { type KubeObject, objectAt } from "./kube-object.ts";

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const LABEL_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** RBAC names are path segments and may hold colons; everything else is a DNS subdomain. */
const FREE_NAMES = ["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"];

/** What is wrong with names, labels and Secret data (Kubernetes docs, Object Names and IDs; Labels and Selectors). */
export function metadataCauses(object: KubeObject): readonly Cause[] {
  const causes: Cause[] = [];
  const bad = (field: string, value: string, why: string) =>
    causes.push({ reason: "FieldValueInvalid", field, message: `Invalid value: ${JSON.stringify(value)}: ${why}` });
  const { name, labels = {} } = object.metadata;
  const nameIsFine = FREE_NAMES.includes(object.kind) ? !/[/%]/.test(name) : SUBDOMAIN.test(name) && name.length <= 253;
  if (!nameIsFine) {
    bad("metadata.name", name, "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'");
  }
  for (const [key, value] of Object.entries(labels)) {
    const [last = "", prefix, ...more] = key.split("/").reverse();
    if (!LABEL_NAME.test(last) || last.length > 63 || more.length > 0 || (prefix !== undefined && !SUBDOMAIN.test(prefix))) {
      bad("metadata.labels", key, "a qualified name must consist of alphanumeric characters, '-', '_' or '.'");
    }
    if (value.length > 63) bad("metadata.labels", value, "must be no more than 63 bytes");
    else if (!LABEL_VALUE.test(value)) {
      bad(
        "metadata.labels",
        value,
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.'",
      );
    }
  }
  if (object.kind === "Secret") {
    for (const [key, value] of Object.entries(objectAt(object, "data"))) {
      // The value itself is not repeated: it is a secret.
      if (typeof value !== "string" || !BASE64.test(value)) bad(`data[${key}]`, "‹secret›", "must be base64");
    }
  }
  return causes;
}
