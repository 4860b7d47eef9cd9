/** Name, type (`text`, `bytes`, `int`, `bool` or a message's name) and whether it repeats. */
export type MessageField = readonly [name: string, type: string, many?: "list" | "map"];

/** Fields of a message by number. */
export type MessageType = Readonly<Record<number, MessageField>>;

const metadata: MessageField = ["metadata", "ObjectMeta"];

/** Field numbers from the generated.proto files of k8s.io/api and k8s.io/apimachinery, for the kinds that clients create by protobuf. */
export const MESSAGES: Readonly<Record<string, MessageType>> = {
  Unknown: { 1: ["typeMeta", "TypeMeta"], 2: ["raw", "bytes"] },
  TypeMeta: { 1: ["apiVersion", "text"], 2: ["kind", "text"] },
  OwnerReference: {
    1: ["kind", "text"],
    3: ["name", "text"],
    4: ["uid", "text"],
    5: ["apiVersion", "text"],
    6: ["controller", "bool"],
    7: ["blockOwnerDeletion", "bool"],
  },
  ObjectMeta: {
    1: ["name", "text"],
    2: ["generateName", "text"],
    3: ["namespace", "text"],
    5: ["uid", "text"],
    6: ["resourceVersion", "text"],
    11: ["labels", "text", "map"],
    12: ["annotations", "text", "map"],
    13: ["ownerReferences", "OwnerReference", "list"],
    14: ["finalizers", "text", "list"],
  },
  Secret: {
    1: metadata,
    2: ["data", "bytes", "map"],
    3: ["type", "text"],
    4: ["stringData", "text", "map"],
    5: ["immutable", "bool"],
  },
  ConfigMap: { 1: metadata, 2: ["data", "text", "map"], 3: ["binaryData", "bytes", "map"], 4: ["immutable", "bool"] },
  Namespace: { 1: metadata },
  ServiceAccount: { 1: metadata, 4: ["automountServiceAccountToken", "bool"] },
  PolicyRule: {
    1: ["verbs", "text", "list"],
    2: ["apiGroups", "text", "list"],
    3: ["resources", "text", "list"],
    4: ["resourceNames", "text", "list"],
  },
  Role: { 1: metadata, 2: ["rules", "PolicyRule", "list"] },
  ClusterRole: { 1: metadata, 2: ["rules", "PolicyRule", "list"] },
  Subject: { 1: ["kind", "text"], 2: ["apiGroup", "text"], 3: ["name", "text"], 4: ["namespace", "text"] },
  RoleRef: { 1: ["apiGroup", "text"], 2: ["kind", "text"], 3: ["name", "text"] },
  RoleBinding: { 1: metadata, 2: ["subjects", "Subject", "list"], 3: ["roleRef", "RoleRef"] },
  ClusterRoleBinding: { 1: metadata, 2: ["subjects", "Subject", "list"], 3: ["roleRef", "RoleRef"] },
  SelfSubjectAccessReview: { 1: metadata },
  Eviction: { 1: metadata, 2: ["deleteOptions", "DeleteOptions"] },
  DeleteOptions: { 4: ["propagationPolicy", "text"], 5: ["dryRun", "text", "list"] },
};
