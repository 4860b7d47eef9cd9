import type { Manifest } from "../../runner/connect/cluster.ts";
import type { Secret } from "../../runner/secret.ts";
import { bgpPasswordSecret } from "../calico/bgp-password.ts";
import { ciliumPasswordSecret } from "../cilium/bgp-password.ts";
import { parseVersion } from "../cni/version.ts";
import { peerManifests } from "../kube-router/peers.ts";
import type { RotationArguments } from "./arguments.ts";

/** Where the cluster keeps the password, by CNI. */
export type ClusterPlace = Pick<RotationArguments, "cni" | "namespace" | "secret" | "key" | "version" | "asn" | "sessions">;

/**
 * The objects that hold the cluster's password, as the CNI's own task types write them: one Secret of Calico or Cilium, which all agents
 * watch, or the annotations of these nodes, which kube-router reads when it starts.
 */
export function clusterPasswords(place: ClusterPlace, nodes: ReadonlySet<string>, password: Secret): readonly Manifest[] {
  const { cni, namespace, secret = "", key = "", asn, sessions } = place;
  if (cni === "calico") return [bgpPasswordSecret({ namespace, secret, key, password, state: "present" })];
  if (cni === "cilium") return [ciliumPasswordSecret({ namespace, secret, password, state: "present" })];
  const version = parseVersion(place.version);
  // Refused with the arguments when it is none.
  if (version === undefined) return [];
  return peerManifests({ version, asn, password, sessions: sessions.filter(({ node }) => nodes.has(node)) });
}
