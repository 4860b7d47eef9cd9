import type { NodeState } from "../k8s/node-state.ts";
import { sameAddress } from "./cluster-rules.ts";
import { error, type Finding, warning } from "./finding.ts";
import type { JoiningEvidence } from "./joining-evidence.ts";

/** Who is to join, and what the inventory plans for everybody. */
export interface JoiningWish {
  /** Planned nodes, with an address for each family, with prefix length. */
  readonly nodes: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  /** Names of those that this run is about. */
  readonly joining: readonly string[];
  /** Whether nodes that are not in the cluster are to join it now. */
  readonly join: boolean;
}

type Rule = (wish: JoiningWish, found: JoiningEvidence) => readonly Finding[];

/** A Node's name is a DNS subdomain (Kubernetes documentation, Object Names and IDs). */
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const names: Rule = ({ joining }) =>
  joining
    .filter((name) => !SUBDOMAIN.test(name))
    .map((name) =>
      error(
        `${name} cannot be a Node's name: small letters, digits, - and ., at most 253 (Kubernetes documentation, Object Names and IDs): rename the host in group nodes`,
      ),
    );

/** Addresses that are computed follow the order of the inventory: a host put in between moves those behind it. */
const moved: Rule = ({ nodes, joining }, found) => {
  const wrong = nodes.flatMap(({ name, addresses }) => {
    const node = found.nodes.find((one) => one.name === name);
    if (node === undefined || bare(addresses).every((address) => has(node, address))) return [];
    return [
      { name, text: `${name} has ${node.addresses.join(", ") || "no InternalIP"}, planned is ${bare(addresses).join(", ")}` },
    ];
  });
  const others = wrong.filter(({ name }) => !joining.includes(name));
  const own = wrong.filter(({ name }) => joining.includes(name));
  return [
    ...(others.length > 0
      ? [
          error(
            `nodes in the cluster would have other addresses: ${others.map(({ text }) => text).join("; ")}. Computed addresses follow the order of the inventory: put new hosts behind the others, or pin what the others have with underlay addresses plan --output yaml of the inventory as it was (paper, IP allocation)`,
          ),
        ]
      : []),
    ...own.map(({ text }) =>
      error(
        `${text}: its sessions would not come from where they are expected (paper, step 14): correct its address, or kubelet's --node-ip`,
      ),
    ),
  ];
};

/** Two nodes with one address take turns in being reachable. */
const taken: Rule = ({ nodes, joining }, found) =>
  nodes
    .filter(({ name }) => joining.includes(name))
    .flatMap(({ name, addresses }) =>
      bare(addresses).flatMap((address) =>
        found.nodes
          .filter((node) => node.name !== name && has(node, address))
          .map((node) =>
            error(
              `${address}, planned for ${name}, is the InternalIP of ${node.name}: give ${name} another address (paper, IP allocation)`,
            ),
          ),
      ),
    );

/** Labels, peers and sessions go to Nodes: without joining nothing of it can be done. */
const absent: Rule = (wish, found) => {
  const newcomers = newcomersOf(wish, found);
  if (newcomers.length === 0 || wish.join) return [];
  return [
    error(
      `not in the cluster: ${newcomers.join(", ")}: let kubeadm join run with -e join=true, or join first in your own way (facts, section 4.4)`,
    ),
  ];
};

/** What kubeadm join needs of the cluster (kubeadm documentation, Implementation details, kubeadm join phases). */
const joinable: Rule = (wish, found) => {
  if (!wish.join || newcomersOf(wish, found).length === 0) return [];
  const { lacking, nodes } = found;
  const ready = nodes.some((node) => node.controlPlane && node.ready);
  return [
    ...(lacking.length > 0
      ? [
          error(
            `no ConfigMap ${lacking.join(" and ")}: kubeadm did not make this cluster, or they were deleted, and kubeadm join would fail (kubeadm documentation, Implementation details): join the nodes in the cluster's own way, without join=true`,
          ),
        ]
      : []),
    ...(ready
      ? []
      : [
          error(
            "no control plane node is Ready: nobody would sign the new nodes' certificates (kubeadm documentation, TLS bootstrap): bring one up first",
          ),
        ]),
  ];
};

/** What a node without a share of the pod addresses means, by CNI. */
const WITHOUT_SHARE = {
  Calico: "their pods would borrow addresses from blocks of other nodes, each announced by itself (facts, Calico section 1.6)",
  "kube-router": "kube-router has nothing to announce without a podCIDR (paper, Kube-Router routing and BGP configuration)",
  Cilium: "without a share of the cluster-pool no pod starts there (facts, Cilium section 3.1)",
} as const;

const room: Rule = (wish, found) => {
  const needed = newcomersOf(wish, found).length;
  return found.shares.flatMap(({ of, family, total, used }) => {
    const free = Math.max(total - used, 0);
    if (free >= needed) return [];
    const message = `${free} of ${total} ${family} prefixes of nodes are free for ${needed} that ${needed === 1 ? "joins" : "join"}: ${WITHOUT_SHARE[of]}`;
    return [of === "Calico" ? warning(message) : error(message)];
  });
};

const rules: readonly Rule[] = [names, moved, taken, absent, joinable, room];

/** Everything in the cluster that speaks against these nodes joining. */
export function judgeJoining(wish: JoiningWish, found: JoiningEvidence): readonly Finding[] {
  return rules.flatMap((rule) => rule(wish, found));
}

/** Those to join that are not in the cluster yet. */
export function newcomersOf({ joining }: JoiningWish, { nodes }: JoiningEvidence): readonly string[] {
  return joining.filter((name) => !nodes.some((node) => node.name === name));
}

/** Without prefix lengths. */
function bare(addresses: readonly string[]): readonly string[] {
  return addresses.map((address) => address.split("/", 1)[0] ?? address);
}

function has(node: NodeState, address: string): boolean {
  return node.addresses.some((own) => sameAddress(own, address));
}
