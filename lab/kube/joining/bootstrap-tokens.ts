import { createHmac } from "node:crypto";
import type { Controller } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, objectAt, textAt } from "../objects/kube-object.ts";
import { CLUSTER_INFO } from "./cluster-info.ts";

/** What joining nodes must be members of to read kubeadm's configuration and to ask for a certificate. */
export const BOOTSTRAPPERS = "system:bootstrappers:kubeadm:default-node-token";

/** A token of a Secret of type bootstrap.kubernetes.io/token (Kubernetes docs, Authenticating with Bootstrap Tokens). */
export interface BootstrapToken {
  readonly id: string;
  readonly secret: string;
  /** Milliseconds; undefined: never. */
  readonly expires: number | undefined;
  /** Whether it may log in. */
  readonly authentication: boolean;
  /** Whether it vouches for ConfigMap cluster-info. */
  readonly signing: boolean;
  readonly groups: readonly string[];
}

/** The token of a Secret; undefined when it holds none. */
export function tokenOf(secret: KubeObject | undefined): BootstrapToken | undefined {
  if (secret === undefined || secret.type !== "bootstrap.kubernetes.io/token") return undefined;
  const data = objectAt(secret, "data");
  const read = (key: string) => Buffer.from(textAt(data, key), "base64").toString();
  const id = read("token-id");
  if (secret.metadata.name !== `bootstrap-token-${id}` || read("token-secret") === "") return undefined;
  const expires = Date.parse(read("expiration"));
  return {
    id,
    secret: read("token-secret"),
    expires: Number.isNaN(expires) ? undefined : expires,
    authentication: read("usage-bootstrap-authentication") === "true",
    signing: read("usage-bootstrap-signing") === "true",
    groups: ["system:bootstrappers", ...read("auth-extra-groups").split(",")],
  };
}

/**
 * What kube-controller-manager's tokencleaner and bootstrapsigner do: Secrets of expired tokens go, and cluster-info carries a signature of
 * every token that may sign.
 */
export const keepBootstrapTokens: Controller = (world) => {
  const now = world.clock.now();
  const secrets = builtinOf("Secret");
  const signatures: Record<string, string> = {};
  const kubeconfig = clusterInfo(world.store.get(builtinOf("ConfigMap").storage, CLUSTER_INFO.namespace, CLUSTER_INFO.name));
  for (const secret of world.store.list(secrets.storage, "kube-system")) {
    const token = tokenOf(secret);
    if (token?.expires !== undefined && token.expires <= now) world.store.remove(secrets.storage, secret);
    else {
      if (token?.expires !== undefined) world.clock.wakeAt(token.expires);
      if (token?.signing === true) signatures[signatureKey(token.id)] = signature(kubeconfig.text, token.id, token.secret);
    }
  }
  if (kubeconfig.text === "") return;
  const outdated = kubeconfig.keys.filter((key) => signatures[key] === undefined).map((key) => [key, null] as const);
  const data = { ...Object.fromEntries(outdated), ...signatures };
  world.ensure(builtinOf("ConfigMap"), CLUSTER_INFO, { data }, "kube-controller-manager");
};

function clusterInfo(map: KubeObject | undefined): { readonly text: string; readonly keys: readonly string[] } {
  const data = objectAt(map, "data");
  return { text: textAt(data, "kubeconfig"), keys: Object.keys(data).filter((key) => key.startsWith("jws-kubeconfig-")) };
}

/** Key of a token's signature in cluster-info. */
export function signatureKey(id: string): string {
  return `jws-kubeconfig-${id}`;
}

/** A token's detached signature of a text: JWS compact form without its middle, HS256, key ID = token ID (RFC 7515, appendix F). */
export function signature(text: string, id: string, secret: string): string {
  const header = Buffer.from(JSON.stringify({ alg: "HS256", kid: id })).toString("base64url");
  const payload = Buffer.from(text).toString("base64url");
  return `${header}..${createHmac("sha256", secret).update(`${header}.${payload}`).digest("base64url")}`;
}
