import type { ClusterReader, KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { ok, type Result } from "../../runner/result.ts";
import { podNetworks } from "../calico/found-pools.ts";
import { listKept } from "../calico/list-kept.ts";
import { type NodeState, nodeState } from "../k8s/node-state.ts";

/** Addresses of which every node that joins gets a share, and how many shares there are. */
export interface Shares {
  /** `pools of Calico`, `podCIDRs of kube-controller-manager`, `cluster-pool of Cilium` */
  readonly of: "Calico" | "kube-router" | "Cilium";
  readonly family: "IPv4" | "IPv6";
  readonly total: number;
  readonly used: number;
}

/** What the live cluster says before nodes join it. */
export interface JoiningEvidence {
  readonly nodes: readonly NodeState[];
  /** What kubeadm join asks the cluster for and is not there, by name. */
  readonly lacking: readonly string[];
  readonly shares: readonly Shares[];
}

const configMap = (namespace: string, name: string) => ({ apiVersion: "v1", kind: "ConfigMap", namespace, name }) as const;
const daemonSet = (namespace: string, name: string) => ({ apiVersion: "apps/v1", kind: "DaemonSet", namespace, name }) as const;

/** What kubeadm join reads: how the cluster was made, and how it is reached (kubeadm documentation, Implementation details). */
const KUBEADM = [configMap("kube-system", "kubeadm-config"), configMap("kube-public", "cluster-info")] as const;

/** What tells which CNI gives addresses out, and for Cilium from where. */
const CNI = [
  configMap("kube-system", "cilium-config"),
  daemonSet("kube-system", "kube-router"),
  daemonSet("kube-system", "calico-node"),
  daemonSet("calico-system", "calico-node"),
] as const;

const FAMILIES = ["IPv4", "IPv6"] as const;

/** Reads nodes, what kubeadm left in the cluster, and how many shares of pod addresses there are. */
export async function gatherJoining(reader: ClusterReader): Promise<Result<JoiningEvidence>> {
  const [nodes, objects] = await Promise.all([reader.list("nodes"), reader.objects([...KUBEADM, ...CNI])]);
  if (!nodes.ok) return nodes;
  if (!objects.ok) return objects;
  const found = nodes.value ?? [];
  const named = (name: string) => objects.value.find(({ metadata }) => metadata.name === name);
  const shares = await sharesOf(reader, found, named);
  if (!shares.ok) return shares;
  return ok({
    nodes: found.map(nodeState),
    lacking: KUBEADM.filter(({ name }) => named(name) === undefined).map(({ namespace, name }) => `${namespace}/${name}`),
    shares: shares.value,
  });
}

async function sharesOf(
  reader: ClusterReader,
  nodes: readonly KubeObject[],
  named: (name: string) => KubeObject | undefined,
): Promise<Result<readonly Shares[]>> {
  if (named("calico-node") !== undefined) return calicoShares(reader);
  if (named("kube-router") !== undefined) return ok(podCidrShares(nodes, named("kubeadm-config")));
  const cilium = named("cilium-config");
  if (cilium === undefined) return ok([]);
  const listed = await reader.list("ciliumnodes.cilium.io");
  return listed.ok ? ok(ciliumShares(cilium, (listed.value ?? []).length)) : listed;
}

/** Blocks of the enabled pools, and those that nodes have. */
async function calicoShares(reader: ClusterReader): Promise<Result<readonly Shares[]>> {
  const pools = await listKept(reader, "ippools");
  if (!pools.ok) return pools;
  const blocks = await listKept(reader, "blockaffinities");
  if (!blocks.ok) return blocks;
  const enabled = (pools.value ?? []).flatMap(({ spec }) => (isObject(spec) && spec.disabled !== true ? [spec] : []));
  const cidrs = (blocks.value ?? []).map(({ spec }) => (isObject(spec) ? String(spec.cidr) : ""));
  return ok(
    FAMILIES.flatMap((family) => {
      const own = enabled.filter(({ cidr }) => familyOf(String(cidr)) === family);
      const usual = family === "IPv4" ? 26 : 122;
      const total = own.reduce((sum, { cidr, blockSize = usual }) => sum + parts(String(cidr), Number(blockSize)), 0);
      const used = cidrs.filter((cidr) => familyOf(cidr) === family).length;
      return own.length === 0 ? [] : [{ of: "Calico", family, total, used } as const];
    }),
  );
}

/** kube-controller-manager cuts the cluster's pod network into one share for each node, of the length that the nodes' own have. */
function podCidrShares(nodes: readonly KubeObject[], kubeadm: KubeObject | undefined): readonly Shares[] {
  const networks = podNetworks(kubeadm === undefined ? [] : [kubeadm]);
  const cidrs = nodes.flatMap(({ spec }) => (isObject(spec) && Array.isArray(spec.podCIDRs) ? spec.podCIDRs.map(String) : []));
  return FAMILIES.flatMap((family) => {
    const [network] = networks.filter((one) => familyOf(one) === family);
    const own = cidrs.filter((cidr) => familyOf(cidr) === family);
    const [example] = own;
    if (network === undefined || example === undefined) return [];
    return [{ of: "kube-router", family, total: parts(network, lengthOf(example)), used: own.length } as const];
  });
}

/** Cilium's cluster-pool: one share for each CiliumNode (facts, Cilium section 3.1). */
function ciliumShares({ data }: KubeObject, used: number): readonly Shares[] {
  if (!isObject(data) || data.ipam !== "cluster-pool") return [];
  return FAMILIES.flatMap((family) => {
    const key = `cluster-pool-${family.toLowerCase()}`;
    const cidrs = String(data[`${key}-cidr`] ?? "")
      .split(/[\s,]+/)
      .filter((cidr) => cidr !== "");
    const total = cidrs.reduce((sum, cidr) => sum + parts(cidr, Number(data[`${key}-mask-size`])), 0);
    return cidrs.length === 0 || !(total > 0) ? [] : [{ of: "Cilium", family, total, used } as const];
  });
}

/** How many prefixes of a length there are in a network. */
function parts(network: string, length: number): number {
  return 2 ** (length - lengthOf(network));
}

const lengthOf = (prefix: string): number => Number(prefix.split("/")[1]);
const familyOf = (prefix: string): Shares["family"] => (prefix.includes(":") ? "IPv6" : "IPv4");
