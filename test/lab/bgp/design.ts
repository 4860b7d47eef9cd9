import type { RoutingInput } from "../../../lab/bgp/attempts.ts";
import type { Family } from "../../../lab/bgp/prefix.ts";
import { computeRouting, type Routing } from "../../../lab/bgp/routing.ts";
import type { LabKubeObject, LabNodeState } from "../../../lab/parts.ts";
import type { LabNode } from "../../../lab/spec.ts";
import { leafAddresses, nodeAddress, vlanOf } from "./design-addresses.ts";
import { type Design, LEAVES, PAPER } from "./design-choices.ts";
import { kubeObjects } from "./design-cluster.ts";
import { fabricObjects } from "./design-fabric.ts";

/** `n0` of rack 1, `n1` of rack 2, `n2` of rack 1 … with addresses from 192.168.2.1 on, past the leaves' in a /23; or the /29s from 192.168.4.0 on. */
export function nodesOf(design: Design): LabNode[] {
  return Array.from({ length: design.nodesPerRack * 2 }, (_, index) => ({
    name: `n${index}`,
    rack: index % 2 === 0 ? "1" : "2",
    interfaces: ["eno1", "eno2"],
    leaves: index % 2 === 0 ? [201, 202] : [203, 204],
    ports: [`eth1/${index + 1}`, `eth1/${index + 1}`],
    policyGroup: `n${index}`,
    addresses: design.families.map((family) => nodeAddress(design, family, index)),
    gateways: design.families.map((family) => gatewayOf(design, family, index)),
    vlan: design.nodeVlan === PAPER.nodeVlan ? vlanOf(design, index) : design.nodeVlan,
    user: "underlay",
    sudoPassword: undefined,
    controlPlane: index < 2,
  }));
}

/** A node's kernel after `node.network`: bond, VLAN link, default route. */
export function stateOfNode(node: LabNode): LabNodeState {
  const bare = { mtu: 9000, master: undefined, mode: undefined, vlan: undefined, addresses: [] };
  const top = node.vlan === undefined ? "bond0" : `bond0.${node.vlan}`;
  return {
    name: node.name,
    poweredOn: true,
    bootId: "1",
    kubelet: true,
    containers: true,
    links: [
      ...node.interfaces.map((name) => ({ ...bare, name, kind: "ethernet" as const, up: true, master: "bond0" })),
      {
        ...bare,
        name: "bond0",
        kind: "bond" as const,
        up: true,
        mode: "802.3ad",
        addresses: node.vlan === undefined ? node.addresses : [],
      },
      ...(node.vlan === undefined
        ? []
        : [
            {
              ...bare,
              name: top,
              kind: "vlan" as const,
              up: true,
              vlan: { id: node.vlan, parent: "bond0" },
              addresses: node.addresses,
            },
          ]),
    ],
    routes: node.gateways.map((gateway) => ({ destination: "default", gateway, device: top })),
  };
}

function gatewayOf(design: Design, family: Family, index: number): string {
  if (design.svi === "floating") return family === "ipv4" ? design.gateway : "fd00:2::fe";
  return leafAddresses(design, family, index).secondary.split("/")[0] ?? "";
}

/** The input of a design, before or after a test changed its parts. */
export function inputOf(change: Partial<Design> = {}): RoutingInput & { readonly kube: readonly LabKubeObject[] } {
  const design: Design = { ...PAPER, ...change };
  const cabling = nodesOf(design);
  const kube = kubeObjects(design, cabling);
  return {
    asn: 65002,
    objects: fabricObjects(design, cabling),
    leaves: LEAVES,
    cabling,
    nodes: cabling.map(stateOfNode),
    kube,
    cluster: clusterOf(kube),
    outside: { tenant: "k8s", vrf: "calico", l3out: "wan", externalEpg: "wan" },
  };
}

/** A cluster that lists these objects. */
export function clusterOf(kube: readonly LabKubeObject[]): RoutingInput["cluster"] {
  return { list: (kind) => kube.filter((item) => item.kind === kind) };
}

/** The routing of the paper's example with some changes. */
export function route(change: Partial<Design> = {}): Routing {
  return computeRouting(inputOf(change));
}

/** Prefixes of a routing's node that it learned. */
export function learnedBy(routing: Routing, node: string): string[] {
  return routing.nodeRoutes.filter((item) => item.node === node).map((item) => item.prefix);
}

/** BGP prefixes of a leaf. */
export function onLeaf(routing: Routing, leafId: number): string[] {
  return routing.routes
    .filter((item) => item.leafId === leafId && item.nextHops.some((hop) => hop.owner.startsWith("bgp")))
    .map((item) => item.prefix);
}
