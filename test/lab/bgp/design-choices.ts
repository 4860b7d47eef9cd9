import type { Family } from "../../../lab/bgp/prefix.ts";
import type { LabLeaf } from "../../../lab/spec.ts";

/** Everything that a test may want to be different from the paper's example. */
export interface Design {
  readonly nodesPerRack: number;
  readonly blocksPerNode: number;
  readonly leafPassword: string;
  readonly nodePassword: string;
  readonly passwordRole: boolean;
  readonly leafRemoteAs: string;
  readonly clusterAs: number;
  readonly peerAs: number;
  readonly peerControl: string;
  readonly peerAddress: string;
  readonly vlan: number;
  readonly vlanPool: readonly [from: number, to: number];
  readonly nodeVlan: number | undefined;
  readonly mode: string;
  readonly gateway: string;
  readonly enforce: string;
  readonly matched: readonly string[];
  readonly aggregate: string;
  readonly maxAsLimit: string;
  readonly maxEcmp: string;
  readonly maxPfx: string;
  readonly limitAction: string;
  readonly rogue: string | undefined;
  readonly filterRules: readonly unknown[];
  readonly services: boolean;
  readonly svi: "floating" | "standard";
  readonly cni: "calico" | "kube-router" | "cilium";
  readonly families: readonly Family[];
  /** Version of kube-router or Cilium. */
  readonly version: string;
  /** kube-router's arguments beyond those of every design. */
  readonly flags: readonly string[];
  /** Whether the domains are in the AAEP of the nodes' ports. */
  readonly inAaep: boolean;
  readonly vpcPairs: boolean;
  /** Timers of Cilium's peers, seconds. */
  readonly holdOffered: number;
  readonly keepaliveOffered: number;
  /** Calico's IPPools. */
  readonly pools: readonly string[];
  /** What somebody else's L3Out lets out: exact prefixes of its external EPG, or aggregates of its route map; undefined: no such L3Out. */
  readonly outsideExports: readonly (readonly [ip: string, aggregate: boolean])[] | undefined;
}

export const PAPER: Design = {
  nodesPerRack: 3,
  blocksPerNode: 1,
  leafPassword: "secret",
  nodePassword: "secret",
  passwordRole: true,
  leafRemoteAs: "65003",
  clusterAs: 65003,
  peerAs: 65002,
  peerControl: "as-override,dis-peer-as-check",
  peerAddress: "192.168.0.0/16",
  vlan: 310,
  vlanPool: [300, 399],
  nodeVlan: 310,
  mode: "regular",
  gateway: "192.168.2.254",
  enforce: "export,import",
  matched: ["10.1.0.0/16", "192.168.8.0/22"],
  aggregate: "yes",
  maxAsLimit: "1",
  maxEcmp: "64",
  maxPfx: "500",
  limitAction: "reject",
  rogue: undefined,
  filterRules: [],
  services: true,
  svi: "floating",
  cni: "calico",
  families: ["ipv4"],
  version: "",
  flags: [],
  inAaep: true,
  vpcPairs: true,
  holdOffered: 90,
  keepaliveOffered: 30,
  pools: [],
  outsideExports: undefined,
};

/** Leaves of two racks. */
export const LEAVES: readonly LabLeaf[] = [201, 202, 203, 204].map((id) => ({
  name: `leaf${id}`,
  id,
  pod: 1,
  rack: id < 203 ? "1" : "2",
}));
