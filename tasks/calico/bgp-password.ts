import { Type } from "#typebox";
import type { KubeObject, Manifest } from "../../runner/connect/cluster.ts";
import { SecretText } from "../../runner/schema.ts";
import type { Secret } from "../../runner/secret.ts";
import { declareTask } from "../../runner/task-type.ts";
import { State } from "../k8s/state.ts";
import { MANAGED_BY } from "./managed-by.ts";

/** BIRD's limit for a TCP MD5 password. */
const LONGEST_PASSWORD = 80;

/** The Secret alone: where Calico's BGPPeers find the password. */
export function bgpPasswordSecret(args: {
  readonly namespace: string;
  readonly secret: string;
  readonly key: string;
  readonly password: Secret;
  readonly state: Manifest["state"];
}): Manifest {
  const { namespace, secret, key, password, state } = args;
  return {
    kind: "manifest",
    state,
    force: true,
    object: { apiVersion: "v1", kind: "Secret", metadata: { name: secret, namespace, labels: MANAGED_BY }, type: "Opaque" },
    secretData: { [key]: password },
  };
}

/** The MD5 password of the BGP sessions, where calico-node can read it and nobody else is given the right to. */
export const bgpPassword = declareTask({
  name: "calico.bgp_password",
  summary: "Secret with the BGP password, and calico-node's right to read it",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      namespace: Type.String({
        minLength: 1,
        default: "calico-system",
        description: "Where calico-node runs: calico-system with the operator, kube-system without",
      }),
      secret: Type.String({ minLength: 1, description: "Name of the Secret" }),
      key: Type.String({ minLength: 1, pattern: "^[-._a-zA-Z0-9]+$", description: "Entry in the Secret" }),
      password: SecretText({
        description: "MD5 password, the same as on the fabric (bgpPeerP.password)",
        maxSecretBytes: LONGEST_PASSWORD,
      }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "Without the Secret, or without the right to read it, calico-node configures the peer without a password and the session stays in Connect.",
    "A new password is taken over at once and resets the sessions: change the fabric and the cluster within the hold time (bgp.rotate_password).",
    "The three objects are wholly ours: what was changed by hand is put back.",
    "Limit: 80 characters (BIRD).",
  ],
  example: `- name: BGP password, readable by calico-node only
  calico.bgp_password:
    secret: bgp-secrets
    key: rr-password
    password: "{{ bgp.password }}"`,
  desired: ({ args }) => {
    const { namespace, secret, state } = args;
    const access = `${secret}-calico-node`;
    const make = (object: KubeObject): Manifest => ({ kind: "manifest", state, object, force: true });
    return [
      bgpPasswordSecret(args),
      make({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata: { name: access, namespace, labels: MANAGED_BY },
        rules: [{ apiGroups: [""], resources: ["secrets"], resourceNames: [secret], verbs: ["get", "list", "watch"] }],
      }),
      make({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: { name: access, namespace, labels: MANAGED_BY },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: access },
        subjects: [{ kind: "ServiceAccount", name: "calico-node", namespace }],
      }),
    ];
  },
});
