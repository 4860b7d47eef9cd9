/**
 * What is derived from an inventory (white paper, sections *Example floating SVI IP allocation* and *Example standard SVI IP allocation*).
 * Playbooks see it as the variable `underlay`, so every name here is part of the playbook language.
 */

export type Family = "ipv4" | "ipv6";

/** The path of one node with a standard SVI; the same shape as an item of `paths` of aci.svi, aci.secondary_address and aci.bgp_peer. */
export interface SviPath {
  /** Inventory name of the node. */
  readonly node: string;
  /** `vpc` and `port_channel`: interface is the policy group; `port`: it is the port, `eth1/11`. */
  readonly type: "vpc" | "port_channel" | "port";
  /** Node IDs of the leaves, the lower first: two for a vPC (side A, side B), else one. */
  readonly leaves: readonly number[];
  readonly interface: string;
  readonly vlan: number;
  /** Primary address of each leaf in `leaves`, with prefix length. */
  readonly addresses: readonly string[];
  /** With prefix length; the node's gateway. */
  readonly secondary_address: string;
  /** The node's address without length: the BGP peer. */
  readonly peer: string;
}

/** One address family of the cluster. The first is the main one; a second makes it dual stack. */
export interface FamilyPlan {
  readonly family: Family;
  /** `l3out.interface_profile`; of a second family with `-ipv6` (or `-ipv4`) behind it: an interface profile has one family. */
  readonly interface_profile: string;
  /** Floating: the nodes' subnet; standard: the supernet of all nodes' subnets. */
  readonly node_subnet: string;
  readonly pod_subnet: string;
  readonly service_subnet: string;
  /** Prefixes that the fabric accepts and classifies: node, pod, service, external service and load balancer subnets that are given. */
  readonly prefixes: readonly string[];
  /** A node's share of the pod subnet, prefix length: Calico's block, kube-router's and Cilium's pod CIDR. */
  readonly block_size: number;
  readonly external_service_subnet?: string;
  readonly load_balancer_subnet?: string;
  /** Floating only, with prefix length. */
  readonly floating_address?: string;
  /** Floating only: one for the whole cluster, with prefix length. */
  readonly secondary_address?: string;
  /** Floating: the anchor leaves; empty with a standard SVI. */
  readonly anchors: readonly { readonly node_id: number; readonly address: string }[];
  /** Standard: one for each node; empty with a floating SVI. */
  readonly paths: readonly SviPath[];
}

export interface NodePlan {
  readonly name: string;
  readonly rack_id: string | null;
  /** One for each family, with prefix length. */
  readonly addresses: readonly string[];
  /** One for each family: the secondary address of its SVI, without length. */
  readonly gateways: readonly string[];
  /** Tag the node uses; null: untagged. */
  readonly vlan: number | null;
  /** Inventory names of the leaves it is cabled to and peers with. */
  readonly leaves: readonly string[];
}

export interface LeafPlan {
  readonly name: string;
  readonly node_id: number;
  readonly rack_id: string | null;
  readonly router_id: string;
  readonly pod: number;
}

/** A BGP session that should come up: one for each node, leaf of its rack and family. */
export interface PlannedSession {
  readonly node: string;
  readonly rack_id: string | null;
  /** Inventory name of the leaf. */
  readonly leaf: string;
  readonly leaf_id: number;
  readonly family: Family;
  /** The leaf's address, without length. */
  readonly peer_address: string;
  /** The node's address, without length. */
  readonly local_address: string;
}

/** How a node is cabled, for the ports' access policies. */
export interface NodePort {
  readonly node: string;
  /** vPC or port channel policy group, or the access port's. */
  readonly policy_group: string;
  readonly type: SviPath["type"];
  /** Node IDs of the leaves. */
  readonly leaves: readonly number[];
  /** Port on each of them, `1/11`. */
  readonly ports: readonly string[];
}

export interface AddressPlan {
  readonly svi: "floating" | "standard";
  readonly families: readonly FamilyPlan[];
  /** In inventory order. */
  readonly nodes: readonly NodePlan[];
  readonly leaves: readonly LeafPlan[];
  readonly sessions: readonly PlannedSession[];
  /** Nodes whose `ports` the inventory names. */
  readonly ports: readonly NodePort[];
  /** Pairs of leaves that share a vPC to a node, lower node ID first. */
  readonly vpc_pairs: readonly { readonly leaves: readonly [number, number] }[];
  /** Prefixes of all families. */
  readonly prefixes: readonly string[];
}
