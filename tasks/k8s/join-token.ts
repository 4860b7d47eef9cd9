import { randomBytes, randomInt } from "node:crypto";
import type { Manifest, ObjectReference } from "../../runner/connect/cluster.ts";
import { Secret } from "../../runner/secret.ts";

const SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789";

/** A bootstrap token (Kubernetes documentation, Authenticating with Bootstrap Tokens). */
export interface BootstrapToken {
  /** Public part: it is in the name of its Secret. */
  readonly id: string;
  readonly secret: Secret;
  /** `abcdef.0123456789abcdef`, as kubeadm takes it. */
  readonly whole: Secret;
}

/** A new token; it counts once its Secret is in the cluster. */
export function newToken(): BootstrapToken {
  const id = signs(6);
  const secret = signs(16);
  return { id, secret: new Secret(secret), whole: new Secret(`${id}.${secret}`) };
}

/** A key for the control plane's certificates: 32 bytes, hex encoded (kubeadm, `certificateKey`). */
export function newCertificateKey(): Secret {
  return new Secret(randomBytes(32).toString("hex"));
}

function signs(count: number): string {
  return Array.from({ length: count }, () => SIGNS[randomInt(SIGNS.length)]).join("");
}

/** The Secret that makes a token count, until this many seconds from now: to log in, and to vouch for cluster-info. */
export function tokenSecret(token: BootstrapToken, seconds: number): Manifest {
  const expires = new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
  const plain = {
    "token-id": token.id,
    expiration: expires,
    "usage-bootstrap-authentication": "true",
    "usage-bootstrap-signing": "true",
    "auth-extra-groups": "system:bootstrappers:kubeadm:default-node-token",
    description: "underlay: nodes that join now",
  };
  return {
    kind: "manifest",
    state: "present",
    object: {
      apiVersion: "v1",
      kind: "Secret",
      metadata: metadataOf(token),
      type: "bootstrap.kubernetes.io/token",
      stringData: plain,
    },
    secretData: { "token-secret": token.secret },
  };
}

/** The Secret to delete, which revokes the token. */
export function tokenReference(token: BootstrapToken): ObjectReference {
  return { apiVersion: "v1", kind: "Secret", ...metadataOf(token) };
}

function metadataOf({ id }: BootstrapToken): { readonly name: string; readonly namespace: string } {
  return { name: `bootstrap-token-${id}`, namespace: "kube-system" };
}
