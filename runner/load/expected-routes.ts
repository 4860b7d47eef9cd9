import type { FamilyPlan } from "../address-plan/plan.ts";
import { bitsOf, readAddress } from "../subnet.ts";
import type { KnownVariables } from "./variables.ts";

type CniName = NonNullable<NonNullable<KnownVariables["cni"]>["name"]>;

/** Pods that kubelet starts on a node when it is told nothing else (`maxPods`). */
export const PODS_OF_NODE = 110;

/** Services that a cluster is made for (Kubernetes, SIG Scalability, thresholds): larger service subnets are never full. */
const SERVICES_OF_CLUSTER = 10_000;

/** How many prefixes of one family nodes announce (paper, Kubernetes node ingress routing; facts cni, section 0). */
export interface ExpectedRoutes {
  /** Shares of the pod subnet of one node: one, and with Calico as many as it takes for `PODS_OF_NODE`, on demand. Borrowed addresses come on top. */
  readonly blocksOfNode: number;
  /** Shares of all nodes; never more than the pod subnet has. */
  readonly blocks: number;
  /** Whole service subnets, which only Calico announces, from every node. */
  readonly serviceSubnets: number;
  /** Most host routes of services: addresses outside of the cluster's own service subnet, and never more than a cluster's services. */
  readonly hostRoutes: number;
}

/** Estimates what the nodes of a plan announce in one family. */
export function expectedRoutes(family: FamilyPlan, nodes: number, cni: CniName): ExpectedRoutes {
  const { pod_subnet: pods, block_size: size, service_subnet, external_service_subnet, load_balancer_subnet } = family;
  const perBlock = 2 ** (bitsOf(family.family) - size);
  const blocksOfNode = cni === "calico" ? Math.ceil(PODS_OF_NODE / perBlock) : 1;
  const inSubnet = 2 ** (size - (readAddress(pods)?.subnet.length ?? size));
  const addresses = [external_service_subnet, load_balancer_subnet].reduce((sum, subnet) => sum + sizeOf(subnet), 0);
  return {
    blocksOfNode: Math.min(blocksOfNode, inSubnet),
    blocks: Math.min(blocksOfNode * nodes, inSubnet),
    serviceSubnets:
      cni === "calico"
        ? [service_subnet, external_service_subnet, load_balancer_subnet].filter((subnet) => subnet !== undefined).length
        : 0,
    hostRoutes: Math.min(addresses, SERVICES_OF_CLUSTER),
  };
}

function sizeOf(subnet: string | undefined): number {
  return subnet === undefined ? 0 : Number(readAddress(subnet)?.subnet.size ?? 0n);
}
