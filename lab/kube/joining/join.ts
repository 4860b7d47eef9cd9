import type { LabJoin } from "../../parts.ts";
import { readyOf } from "../controllers/unreachable.ts";
import type { World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { textAt } from "../objects/kube-object.ts";
import { BOOTSTRAPPERS, signature, signatureKey, tokenOf } from "./bootstrap-tokens.ts";
import { downloadProblem } from "./certificates.ts";
import { CLUSTER_INFO, caHash } from "./cluster-info.ts";

const TOKEN = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;

/**
 * Why `kubeadm join` would end without a Node, in its words; undefined: it may join. In kubeadm's order: the token vouches for cluster-info,
 * the pinned hash for the authority, then the token logs in, certificates are fetched, and the name must be free. The token is not repeated.
 */
export function joinProblem(world: World, ca: string, request: LabJoin): string | undefined {
  const [, id, secret] = TOKEN.exec(request.token) ?? [];
  if (id === undefined || secret === undefined) {
    return 'discovery.bootstrapToken.token: Invalid value: the bootstrap token was not of the form "\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z"';
  }
  const trust = trustProblem(world, ca, request.caCertHashes, id, secret);
  if (trust !== undefined) {
    return `error execution phase preflight: couldn't validate the identity of the API Server: ${trust}`;
  }
  const login = loginProblem(world, id, secret);
  if (login !== undefined) {
    return `error execution phase preflight: unable to fetch the kubeadm-config ConfigMap: failed to get config map: ${login}`;
  }
  if (request.certificateKey !== undefined) {
    const download = downloadProblem(world, request.certificateKey);
    if (download !== undefined) {
      return `error execution phase control-plane-prepare/download-certs: error downloading certs: ${download}`;
    }
  }
  const node = world.store.get(builtinOf("Node").storage, undefined, request.node);
  if (node === undefined || readyOf(node) !== "True") return undefined;
  const taken = `a Node with name ${JSON.stringify(request.node)} and status "Ready" already exists in the cluster.`;
  const advice = "You must delete the existing Node or change the name of this new joining Node";
  return `error execution phase kubelet-start: ${taken} ${advice}`;
}

function trustProblem(world: World, ca: string, pinned: readonly string[], id: string, secret: string): string | undefined {
  const info = world.store.get(builtinOf("ConfigMap").storage, CLUSTER_INFO.namespace, CLUSTER_INFO.name);
  const found = textAt(info, "data", signatureKey(id));
  if (found === "") return `could not find a JWS signature in the cluster-info ConfigMap for token ID ${JSON.stringify(id)}`;
  if (found !== signature(textAt(info, "data", "kubeconfig"), id, secret)) {
    return "failed to verify JWS signature of received cluster info object, can't trust this API Server";
  }
  const hash = caHash(ca);
  if (pinned.includes(hash)) return undefined;
  return `cluster CA found in cluster-info ConfigMap is invalid: none of the public keys ${JSON.stringify(hash)} are pinned`;
}

function loginProblem(world: World, id: string, secret: string): string | undefined {
  const token = tokenOf(world.store.get(builtinOf("Secret").storage, "kube-system", `bootstrap-token-${id}`));
  const expired = token?.expires !== undefined && token.expires <= world.clock.now();
  if (token === undefined || token.secret !== secret || expired || !token.authentication) return "Unauthorized";
  if (token.groups.includes(BOOTSTRAPPERS)) return undefined;
  const who = `User "system:bootstrap:${id}" cannot get resource "configmaps" in API group "" in the namespace "kube-system"`;
  return `configmaps "kubeadm-config" is forbidden: ${who}`;
}
