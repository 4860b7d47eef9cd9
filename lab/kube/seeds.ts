import type { LabNode, LabSpec } from "../spec.ts";
import type { World } from "./controllers/world.ts";
import { builtinOf } from "./objects/builtin-resources.ts";

/** What the cluster is made of. */
export interface ClusterSpec {
  readonly cluster: LabSpec["cluster"];
  readonly cni: LabSpec["cni"];
  readonly nodes: readonly LabNode[];
}

/**
 * Puts what kubeadm leaves behind into the store: namespaces, nodes, the first services, its own configuration. Nodes that were put there
 * by an earlier start are left alone: one that was deleted since stays deleted.
 */
export function seed(world: World, spec: ClusterSpec, earlier: readonly string[]): void {
  for (const name of ["default", "kube-system", "kube-public", "kube-node-lease"]) {
    world.ensure(builtinOf("Namespace"), { name }, {}, "kube-apiserver");
  }
  for (const node of spec.nodes) if (!earlier.includes(node.name)) seedNode(world, spec, node);
  const [network = ""] = (spec.cluster.serviceSubnets[0] ?? "").split("/");
  const service = (name: string, namespace: string, last: number, port: number, protocol: string) =>
    world.ensure(
      builtinOf("Service"),
      { name, namespace },
      {
        spec: {
          type: "ClusterIP",
          clusterIP: hostOf(network, last),
          ports: [{ name: name === "kubernetes" ? "https" : "dns", port, protocol }],
        },
      },
      "kube-apiserver",
    );
  service("kubernetes", "default", 1, 443, "TCP");
  service("kube-dns", "kube-system", 10, 53, "UDP");
  world.ensure(
    builtinOf("ConfigMap"),
    { name: "kubeadm-config", namespace: "kube-system" },
    { data: { ClusterConfiguration: kubeadmConfig(spec) } },
    "kubeadm",
  );
}

function seedNode(world: World, spec: ClusterSpec, node: LabNode): void {
  const resource = builtinOf("Node");
  const role: Record<string, string> = node.controlPlane ? { "node-role.kubernetes.io/control-plane": "" } : {};
  const platform = Object.fromEntries(
    ["kubernetes.io", "beta.kubernetes.io"].flatMap((domain) => [
      [`${domain}/os`, "linux"],
      [`${domain}/arch`, "amd64"],
    ]),
  );
  const nodeInfo = {
    architecture: "amd64",
    operatingSystem: "linux",
    kubeletVersion: spec.cluster.kubernetesVersion,
    containerRuntimeVersion: "containerd://2.1.4",
    osImage: "Ubuntu 24.04 LTS",
    kernelVersion: "6.8.0-60-generic",
  };
  const addresses = [
    ...node.addresses.map((address) => ({ type: "InternalIP", address: address.split("/", 1)[0] ?? "" })),
    { type: "Hostname", address: node.name },
  ];
  world.ensure(
    resource,
    { name: node.name },
    {
      metadata: { labels: { ...platform, ...role, "kubernetes.io/hostname": node.name } },
      ...(node.controlPlane
        ? { spec: { taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] } }
        : {}),
      status: { addresses, nodeInfo },
    },
    "kubelet",
  );
}

/** The address `last` places after the network's. */
function hostOf(network: string, last: number): string {
  if (network.includes(":")) return `${network}${last.toString(16)}`;
  return network.replace(/\d+$/, (octet) => String(Number(octet) + last));
}

function kubeadmConfig({ cluster }: ClusterSpec): string {
  return [
    "apiVersion: kubeadm.k8s.io/v1beta4",
    "kind: ClusterConfiguration",
    `clusterName: ${cluster.name}`,
    `kubernetesVersion: ${cluster.kubernetesVersion}`,
    "networking:",
    "  dnsDomain: cluster.local",
    `  podSubnet: ${cluster.podSubnets.join(",")}`,
    `  serviceSubnet: ${cluster.serviceSubnets.join(",")}`,
    "",
  ].join("\n");
}
