import type { ClusterReader, KubeObject } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { ok, type Result } from "../../runner/result.ts";
import { foundCalico } from "../calico/found-calico.ts";
import { podNetworks } from "../calico/found-pools.ts";
import { listKept } from "../calico/list-kept.ts";
import { installedVersion } from "../cilium/installed-version.ts";
import { detectedVersion, versionText } from "../kube-router/release.ts";

/** A CNI that runs in the cluster. */
export interface RunningCni {
  /** `calico`, `kube-router`, `cilium`, or the name of one that this design cannot use. */
  readonly name: string;
  /** As it tells, `v3.31.7`; undefined: it does not. */
  readonly version: string | undefined;
}

/** A Node of the cluster. */
export interface FoundNode {
  readonly name: string;
  /** InternalIPs, without prefix length. */
  readonly addresses: readonly string[];
  /** `spec.podCIDRs`; empty: kube-controller-manager gives none. */
  readonly podCidrs: readonly string[];
  /** `v1.35.2` */
  readonly kubelet: string | undefined;
}

/** What the live cluster says before anything is changed. */
export interface ClusterEvidence {
  readonly nodes: readonly FoundNode[];
  readonly running: readonly RunningCni[];
  /** Pod prefixes the cluster was made with; empty: it does not say. */
  readonly podNetworks: readonly string[];
  /** Whether DaemonSet kube-proxy is there. */
  readonly kubeProxy: boolean;
}

/** Where kubeadm and OpenShift say which pod network the cluster was made with. */
const MADE_WITH = [
  { apiVersion: "v1", kind: "ConfigMap", namespace: "kube-system", name: "kubeadm-config" },
  { apiVersion: "config.openshift.io/v1", kind: "Network", name: "cluster" },
] as const;

/** CNIs by the DaemonSet that upstream's manifests and charts make. */
const DAEMON_SETS: Readonly<Record<string, string>> = {
  "calico-node": "calico",
  "kube-router": "kube-router",
  cilium: "cilium",
  "kube-flannel-ds": "flannel",
  canal: "canal",
  "weave-net": "weave",
  "antrea-agent": "antrea",
  "ovnkube-node": "ovn-kubernetes",
};

/** Reads nodes, DaemonSets and what the cluster was made with; and of each CNI that runs, its version. */
export async function gatherCluster(reader: ClusterReader): Promise<Result<ClusterEvidence>> {
  const [nodes, sets, made] = await Promise.all([
    reader.list("nodes"),
    reader.list("daemonsets.apps"),
    reader.objects(MADE_WITH),
  ]);
  if (!nodes.ok) return nodes;
  if (!sets.ok) return sets;
  if (!made.ok) return made;
  const running: RunningCni[] = [];
  for (const set of sets.value ?? []) {
    const name = Object.hasOwn(DAEMON_SETS, set.metadata.name) ? DAEMON_SETS[set.metadata.name] : undefined;
    if (name === undefined) continue;
    const version = await versionOf(name, set, reader);
    if (!version.ok) return version;
    running.push({ name, version: version.value });
  }
  return ok({
    nodes: (nodes.value ?? []).map(foundNode),
    running,
    podNetworks: podNetworks(made.value),
    kubeProxy: (sets.value ?? []).some(({ metadata }) => metadata.name === "kube-proxy"),
  });
}

async function versionOf(name: string, set: KubeObject, reader: ClusterReader): Promise<Result<string | undefined>> {
  if (name === "calico") return calicoVersion(set, reader);
  if (name === "cilium") {
    const installed = await installedVersion(reader, set.metadata.namespace ?? "kube-system");
    return installed.ok ? ok(installed.value?.text) : installed;
  }
  const version = name === "kube-router" ? detectedVersion(set) : undefined;
  return ok(version === undefined ? undefined : versionText(version));
}

async function calicoVersion(set: KubeObject, reader: ClusterReader): Promise<Result<string | undefined>> {
  const installation = await reader.objects([{ apiVersion: "operator.tigera.io/v1", kind: "Installation", name: "default" }]);
  if (!installation.ok) return installation;
  const information = await listKept(reader, "clusterinformations");
  if (!information.ok) return information;
  const template = isObject(set.spec) && isObject(set.spec.template) ? set.spec.template : {};
  const found = foundCalico({
    installation: installation.value[0],
    information: information.value?.find(({ metadata }) => metadata.name === "default"),
    // The DaemonSet's template in place of its pods: there may be none yet.
    pods: [{ ...set, spec: template.spec }],
  });
  return ok(found.version);
}

function foundNode({ metadata, spec, status }: KubeObject): FoundNode {
  const addresses = isObject(status) && Array.isArray(status.addresses) ? status.addresses.filter(isObject) : [];
  const info = isObject(status) && isObject(status.nodeInfo) ? status.nodeInfo : {};
  return {
    name: metadata.name,
    addresses: addresses.filter(({ type }) => type === "InternalIP").map(({ address }) => String(address)),
    podCidrs: isObject(spec) && Array.isArray(spec.podCIDRs) ? spec.podCIDRs.map(String) : [],
    kubelet: typeof info.kubeletVersion === "string" ? info.kubeletVersion : undefined,
  };
}
