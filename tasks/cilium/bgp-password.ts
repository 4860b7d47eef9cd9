import { Type } from "#typebox";
import type { Manifest } from "../../runner/connect/cluster.ts";
import { SecretText } from "../../runner/schema.ts";
import type { Secret } from "../../runner/secret.ts";
import { declareTask } from "../../runner/task-type.ts";
import { MANAGED_BY } from "../calico/managed-by.ts";
import { State } from "../k8s/state.ts";

/** Linux' limit for a TCP MD5 key (TCP_MD5SIG_MAXKEYLEN), bytes. */
const LONGEST_PASSWORD = 80;

/** The Secret that `authSecretRef` names. */
export function ciliumPasswordSecret(args: {
  readonly namespace: string;
  readonly secret: string;
  readonly password: Secret;
  readonly state: Manifest["state"];
}): Manifest {
  const { namespace, secret, password, state } = args;
  return {
    kind: "manifest",
    state,
    force: true,
    object: { apiVersion: "v1", kind: "Secret", metadata: { name: secret, namespace, labels: MANAGED_BY }, type: "Opaque" },
    secretData: { password },
  };
}

/** The MD5 password of the BGP sessions, where Cilium's agents look for it. The chart gives them the right to read it. */
export const ciliumBgpPassword = declareTask({
  name: "cilium.bgp_password",
  summary: "Secret with the BGP password, where Cilium's agents look for it",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      namespace: Type.String({
        minLength: 1,
        default: "kube-system",
        description: "bgpControlPlane.secretsNamespace.name; cilium.release sets it to the namespace of Cilium",
      }),
      secret: Type.String({ minLength: 1, description: "Name of the Secret (authSecretRef)" }),
      password: SecretText({
        description: "MD5 password, the same as on the fabric (bgpPeerP.password)",
        maxSecretBytes: LONGEST_PASSWORD,
      }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "The key in the Secret is `password`: Cilium reads no other.",
    "Cilium reads passwords from 1.15 on; cilium.bgp refuses one for older releases.",
    "Without the Secret sessions are tried without a password and stay in active or connect.",
    "A new password resets the sessions: change the fabric and the cluster within the hold time (bgp.rotate_password).",
    "Limit: 80 bytes (Linux).",
  ],
  example: `- name: BGP password, where the agent looks for it
  cilium.bgp_password:
    secret: bgp-secrets
    password: "{{ bgp.password }}"`,
  desired: ({ args }) => [ciliumPasswordSecret(args)],
});
