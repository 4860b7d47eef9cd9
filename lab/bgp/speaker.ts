import type { LabKubeObject } from "../parts.ts";
import { type ClusterReader, listAt, textAt } from "./kube-read.ts";
import { type Family, familyOf, withoutLength } from "./prefix.ts";

/** Which BGP program runs on a node; `router` is the neighbour behind somebody else's L3Out. */
export type SpeakerProgram = "calico" | "kube-router" | "cilium" | "router";

/** A BGP neighbour as the node's program has it. */
export interface SpeakerPeer {
  /** Without port and length. */
  readonly address: string;
  /** TCP port it is dialled on; leaves listen on 179. */
  readonly port: number;
  /** 0: any. */
  readonly remoteAs: number;
  readonly password: string | undefined;
  /** Address its session must start from; undefined: the speaker's own. */
  readonly source: string | undefined;
  /** Families it offers. */
  readonly families: readonly Family[];
  /** Prefixes for this peer, before its filters, in order. */
  readonly announces: readonly string[];
  /** BGPFilter objects in the peer's order; a name without an object filters nothing. */
  readonly filters: readonly unknown[];
  /** How often the speaker's own AS may be in a path it takes. */
  readonly allowedOwnAs: number;
  /** Hold time it offers, seconds. */
  readonly hold: number;
  /** Keepalive interval in seconds that does not shrink with the hold time in force; undefined: a third of it. */
  readonly keepalive: number | undefined;
  /** Seconds for which it asks the other end to keep its routes when it restarts (RFC 4724); undefined: no graceful restart. */
  readonly restartTime: number | undefined;
  /** Switched off by hand in the running program: `gobgp neighbor ADDRESS disable`. */
  readonly adminDown: boolean;
  /** How the program's own status calls it: a name, or `NodePeer` and `GlobalPeer` of CalicoNodeStatus. */
  readonly label: string;
}

/** The BGP program of one node, with what its configuration tells it. */
export interface Speaker {
  readonly program: SpeakerProgram;
  /** `v2.11.1` or `1.19.6`; undefined when the image has no tag. */
  readonly version: string | undefined;
  readonly node: string;
  /** The running program: another text after every start of it, of its pod or of its machine. */
  readonly process: string;
  /** Name of a Cilium agent's BGP instance; empty elsewhere. */
  readonly instance: string;
  /** Addresses its sessions start from; empty when they are not known, then the node's own will do. */
  readonly addresses: readonly string[];
  readonly asn: number;
  readonly peers: readonly SpeakerPeer[];
  /** Everything it originates, in order. */
  readonly originates: readonly string[];
  /** Cilium takes no route of a peer (facts cni.md 0). */
  readonly imports: boolean;
  /** Prefixes it never takes from a peer. */
  readonly refuses: ReadonlySet<string>;
  /** Prefixes in which routes of one peer are told to the others; undefined: such routes are never told. */
  readonly reexports: readonly string[] | undefined;
}

/** Node addresses of type InternalIP. */
export function internalAddresses(node: LabKubeObject): string[] {
  return listAt(node, "status", "addresses")
    .filter((address) => textAt(address, "type") === "InternalIP")
    .flatMap((address) => textAt(address, "address") ?? [])
    .map(withoutLength);
}

/** The running pods of an agent by node name; of two on a node the first by name counts. */
export function runningPods(cluster: ClusterReader, app: string, namespace: string): Map<string, LabKubeObject> {
  const pods = new Map<string, LabKubeObject>();
  for (const pod of cluster.list("Pod")) {
    const node = textAt(pod, "spec", "nodeName");
    if (node === undefined || pods.has(node) || pod.metadata.namespace !== namespace) continue;
    if (pod.metadata.labels?.["k8s-app"] !== app || textAt(pod, "status", "phase") !== "Running") continue;
    pods.set(node, pod);
  }
  return pods;
}

/** Tag of a pod's first image, without digest: `v2.11.1`. */
export function imageTag(pod: LabKubeObject): string | undefined {
  const image = textAt(listAt(pod, "spec", "containers")[0], "image")?.split("@")[0];
  return image === undefined ? undefined : /:([^/:]+)$/.exec(image)?.[1];
}

/** Whether a version is at least `major.minor`; one that cannot be read counts as newest. */
export function isAtLeast(version: string | undefined, major: number, minor: number): boolean {
  const match = /^v?(\d+)\.(\d+)/.exec(version ?? "");
  if (match === null) return true;
  const [ownMajor, ownMinor] = [Number(match[1]), Number(match[2])];
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** Prefixes of the families. */
export function ofFamilies(prefixes: readonly string[], families: readonly Family[]): string[] {
  return prefixes.filter((prefix) => families.some((family) => family === familyOf(prefix)));
}
