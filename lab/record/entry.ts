/**
 * The record of a lab, `record.jsonl` in its directory: one entry a line for every change that traffic could feel, in order of time.
 * Every `time` is ISO 8601 with milliseconds. Entries of the same time belong together: between two of them there was no moment.
 */
export type RecordEntry = StartEntry | StopEntry | NodeEntry | SessionEntry | RouteEntry | PodEntry;

/** A lab process begins: nothing before it is true any more, and what is true now follows at the same time. */
export interface StartEntry {
  readonly time: string;
  readonly what: "start";
}

/** A lab process ends in good order; no time passes until the next `start`. */
export interface StopEntry {
  readonly time: string;
  readonly what: "stop";
}

/** All of a node's condition, after one of its parts changed. */
export interface NodeEntry extends NodeCondition {
  readonly time: string;
  readonly what: "node";
  readonly node: string;
}

/** What a node can do for traffic. */
export interface NodeCondition {
  readonly poweredOn: boolean;
  /** Whether containers run on it: not after `kubeadm reset`, nor in a shutdown. */
  readonly containers: boolean;
  /** Its addresses on links that reach a leaf's interface, without length, in order. */
  readonly addresses: readonly string[];
  /** Whether its Node object is there. */
  readonly inCluster: boolean;
  readonly ready: boolean;
  readonly cordoned: boolean;
  /** Label `underlay/withdrawn`: it must not announce anything. */
  readonly withdrawn: boolean;
  /** Whether a BGP program runs on it. */
  readonly agent: boolean;
  /** Prefixes of pods that are the node's: Calico's blocks, or its pod CIDRs. */
  readonly podPrefixes: readonly string[];
}

/** A BGP session as its leaf has it. */
export interface SessionEntry {
  readonly time: string;
  readonly what: "session";
  /** Node ID of the leaf. */
  readonly leaf: number;
  readonly node: string;
  readonly leafAddress: string;
  readonly nodeAddress: string;
  readonly state: "up" | "down";
  /** Why it went down. */
  readonly reason?: string;
}

/** A route of a leaf by way of a node. */
export interface RouteEntry {
  readonly time: string;
  readonly what: "route";
  /** Node ID of the leaf. */
  readonly leaf: number;
  /** `T:V` */
  readonly vrf: string;
  readonly prefix: string;
  readonly nextHop: string;
  readonly node: string;
  /** Whether the prefix lies in a pod subnet of the cluster, so that one node alone can serve it. */
  readonly pods: boolean;
  /** stale: kept by graceful restart while its session is down. The leaf forwards to it all the same. */
  readonly state: "held" | "stale" | "gone";
}

/** A pod of a workload on a node; pods in the host's network are not recorded. */
export interface PodEntry {
  readonly time: string;
  readonly what: "pod";
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  /** Label `app`, `app.kubernetes.io/name` or `k8s-app`; undefined when it has none. */
  readonly app?: string;
  readonly state: "placed" | "gone";
}

/** An entry before its time is known. */
export type Untimed<T> = T extends RecordEntry ? Omit<T, "time"> : never;
