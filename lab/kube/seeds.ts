import type { LabNode, LabSpec } from "../spec.ts";
import type { World } from "./controllers/world.ts";
import { writeKubeadmConfig } from "./joining/cluster-info.ts";
import { markControlPlane, type Registration, registerNode, registrationOf } from "./joining/registration.ts";
import { builtinOf } from "./objects/builtin-resources.ts";

/** What the cluster is made of. */
export interface ClusterSpec {
  readonly cluster: LabSpec["cluster"];
  readonly cni: LabSpec["cni"];
  readonly nodes: readonly LabNode[];
}

/** Puts what kubeadm leaves behind into the store: namespaces, the first services, its own configuration. */
export function seed(world: World, spec: ClusterSpec): void {
  for (const name of ["default", "kube-system", "kube-public", "kube-node-lease"]) {
    world.ensure(builtinOf("Namespace"), { name }, {}, "kube-apiserver");
  }
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
  writeKubeadmConfig(world, spec);
}

/**
 * The nodes that are in the cluster when the lab starts for the first time. One that comes into the inventory later has to join, and one
 * that was deleted since stays deleted.
 */
export function seedNodes(world: World, { nodes, cluster }: ClusterSpec): readonly Registration[] {
  return nodes.map((node) => {
    const registration = registrationOf(node);
    registerNode(world, registration, cluster.kubernetesVersion);
    if (node.controlPlane) markControlPlane(world, node.name);
    return registration;
  });
}

/** The address `last` places after the network's. */
function hostOf(network: string, last: number): string {
  if (network.includes(":")) return `${network}${last.toString(16)}`;
  return network.replace(/\d+$/, (octet) => String(Number(octet) + last));
}
