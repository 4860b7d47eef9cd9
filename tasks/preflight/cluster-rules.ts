import { Address4, Address6 } from "ip-address";
import { isWithin } from "../calico/found-pools.ts";
import type { ClusterEvidence, FoundNode } from "./cluster-evidence.ts";
import type { ClusterWish } from "./cluster-wish.ts";
import { cniVersion, kubernetesVersion, whichCni } from "./cni-version-rules.ts";
import { error, type Finding, warning } from "./finding.ts";

type Rule = (wish: ClusterWish, found: ClusterEvidence) => readonly Finding[];

/** Rack labels and peers go to nodes by name: a name that is not there gets none. */
const nodesThere: Rule = ({ nodes: wanted }, { nodes }) => {
  const missing = wanted.filter(({ name }) => !nodes.some((node) => node.name === name)).map(({ name }) => name);
  const others = nodes.filter(({ name }) => !wanted.some((node) => node.name === name)).map(({ name }) => name);
  const plural = (list: readonly string[], one: string, more: string): string => (list.length === 1 ? one : more);
  return [
    ...(missing.length > 0
      ? [
          error(
            `${missing.join(", ")} of the inventory ${plural(missing, "is", "are")} not in the cluster, under ${plural(missing, "this name", "these names")} (kubectl get nodes): let ${plural(missing, "it", "them")} join first, or correct group nodes`,
          ),
        ]
      : []),
    ...(others.length > 0
      ? [
          warning(
            `${others.join(", ")} of the cluster ${plural(others, "is", "are")} not in group nodes: without peers ${plural(others, "its", "their")} pods reach nobody (paper, AS Per Cluster design)`,
          ),
        ]
      : []),
  ];
};

/** The session's address on the node's side is its InternalIP: the leaf takes it only from the node subnet (paper, step 14). */
const nodeAddresses: Rule = ({ nodes: wanted }, { nodes }) =>
  wanted.flatMap(({ name, addresses }) => {
    const node = nodes.find((one) => one.name === name);
    if (node === undefined) return [];
    const planned = addresses.map((address) => address.split("/", 1)[0] ?? address);
    if (planned.every((address) => node.addresses.some((own) => sameAddress(own, address)))) return [];
    return [
      error(
        `${name} has InternalIP ${node.addresses.join(", ") || "none"}, the inventory plans ${planned.join(", ")}: its sessions would not come from where they are expected (paper, step 14): correct address of ${name}, or kubelet's --node-ip`,
      ),
    ];
  });

/** Whether two texts are the same address. */
export function sameAddress(one: string, other: string): boolean {
  return canonical(one) === canonical(other);
}

/** An address in the shortest form of its family. */
function canonical(address: string): string {
  if (Address4.isValid(address)) return new Address4(address).correctForm();
  return Address6.isValid(address) ? new Address6(address).correctForm() : address;
}

/** Calico's operator takes no pool outside of the cluster's pod network (facts cni, section 1.2); kube-router takes what the cluster gives. */
const podNetwork: Rule = ({ cni, families }, { podNetworks: networks }) => {
  if (networks.length === 0) return [];
  return families
    .filter(({ pod_subnet: subnet }) => !networks.some((network) => isWithin(subnet, network)))
    .map(({ pod_subnet: subnet }) => {
      const message = `pod subnet ${subnet} is not within the cluster's pod network ${networks.join(", ")} (kubeadm's podSubnet, OpenShift's clusterNetwork)`;
      // Cilium's cluster-pool does not ask the cluster.
      if (cni.name === "cilium")
        return warning(`${message}: Cilium takes addresses of its own; other programs may rely on the cluster's`);
      return error(`${message}: the fabric accepts only the inventory's (paper, step 10): set cluster.pod_subnet to it`);
    });
};

/** kube-router announces what kube-controller-manager gave each node. */
const podCidrs: Rule = ({ cni, families }, { nodes }) => {
  if (cni.name !== "kube-router") return [];
  const without = nodes.filter((node) => node.podCidrs.length === 0).map(({ name }) => name);
  const findings = nodes.flatMap((node) => node.podCidrs.flatMap((cidr) => judgeCidr(node, cidr, families)));
  if (without.length === 0) return findings;
  const message = `${without.join(", ")} without podCIDR: kube-router has nothing to announce (paper, Kube-Router routing and BGP configuration)`;
  return [error(`${message}: start kube-controller-manager with --allocate-node-cidrs and --cluster-cidr`), ...findings];
};

function judgeCidr({ name }: FoundNode, cidr: string, families: ClusterWish["families"]): readonly Finding[] {
  const family = families.find(({ pod_subnet: subnet }) => isWithin(cidr, subnet));
  if (family === undefined) {
    const message = `podCIDR ${cidr} of ${name} is not in pod subnet ${families.map(({ pod_subnet }) => pod_subnet).join(", ")}`;
    return [error(`${message}: the fabric would not accept it (paper, step 10): set cluster.pod_subnet to the cluster's`)];
  }
  const length = Number(cidr.split("/")[1]);
  if (length === family.block_size) return [];
  const message = `podCIDR ${cidr} of ${name} is a /${length}, block_size says ${family.block_size}`;
  return [
    warning(
      `${message}: set it to --node-cidr-mask-size of kube-controller-manager (paper, Kube-Router routing and BGP configuration)`,
    ),
  ];
}

/** The design has Cilium do the work of kube-proxy: with both, two programs translate each service. */
const kubeProxy: Rule = ({ cni }, { kubeProxy: runs }) =>
  runs && cni.name === "cilium"
    ? [
        warning(
          "kube-proxy runs, which Cilium replaces (paper, Cilium routing and BGP configuration): delete its DaemonSet in kube-system, and its rules on the nodes with kube-proxy --cleanup",
        ),
      ]
    : [];

/** All rules, in the order people should read them. */
const rules: readonly Rule[] = [
  whichCni,
  cniVersion,
  nodesThere,
  nodeAddresses,
  podNetwork,
  podCidrs,
  kubernetesVersion,
  kubeProxy,
];

/** Everything in the cluster that speaks against the change. */
export function judgeCluster(wish: ClusterWish, found: ClusterEvidence): readonly Finding[] {
  return rules.flatMap((rule) => rule(wish, found));
}
