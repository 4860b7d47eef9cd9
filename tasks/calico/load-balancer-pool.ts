import { Type } from "#typebox";
import type { Manifest } from "../../runner/connect/cluster.ts";
import { declareTask } from "../../runner/task-type.ts";
import { State } from "../k8s/state.ts";
import { MANAGED_BY } from "./managed-by.ts";
import { hasSince, refuseVersion } from "./version-argument.ts";

/** Calico's block sizes; a pool that is smaller is one block. */
const BLOCK = { ipv4: 26, ipv6: 122 } as const;

/** Addresses that Calico itself gives to services of type LoadBalancer (facts: Calico, section 1.9). */
export const loadBalancerPool = declareTask({
  name: "calico.load_balancer_pool",
  summary: "Address pools for services of type LoadBalancer",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      name: Type.String({
        pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
        description: "Names the pools: <name>-load-balancer-ipv4",
      }),
      prefixes: Type.Array(Type.String({ format: "network" }), {
        maxItems: 2,
        uniqueItems: true,
        description: "At most one for each family; none: no pool",
      }),
      version: Type.Optional(Type.String({ minLength: 1, description: "Calico's version: there are no such pools before 3.30" })),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "The same prefixes go into service_load_balancer_ips of calico.bgp_configuration: the pool gives addresses out, the configuration announces them.",
    "Before Calico 3.30 another controller must give them out (MetalLB's, without its speaker): with an older `version` no pool is made.",
    "Calico gives every service of type LoadBalancer an address, unless its KubeControllersConfiguration says RequestedServicesOnly.",
    "The prefix of a pool cannot change once made.",
  ],
  example: `- name: Addresses for services of type LoadBalancer
  calico.load_balancer_pool:
    name: calico
    version: v3.31.7
    prefixes: [192.168.13.0/24]`,
  warn: ({ version, prefixes }) =>
    prefixes.length > 0 && !givesOut(version)
      ? [`Calico ${version} does not give out load balancer addresses (3.30 does): another controller has to`]
      : [],
  refuse: ({ version }) => refuseVersion(version),
  desired: ({ args }) => (givesOut(args.version) ? args.prefixes.map((cidr) => manifestOf(args.name, cidr, args.state)) : []),
});

function givesOut(version: string | undefined): boolean {
  return hasSince(version, "3.30");
}

function manifestOf(name: string, cidr: string, state: Manifest["state"]): Manifest {
  const family = cidr.includes(":") ? "ipv6" : "ipv4";
  return {
    kind: "manifest",
    state,
    force: true,
    object: {
      apiVersion: "projectcalico.org/v3",
      kind: "IPPool",
      metadata: { name: `${name}-load-balancer-${family}`, labels: MANAGED_BY },
      spec: {
        cidr,
        blockSize: Math.max(BLOCK[family], Number(cidr.split("/")[1])),
        allowedUses: ["LoadBalancer"],
        assignmentMode: "Automatic",
        ipipMode: "Never",
        vxlanMode: "Never",
        natOutgoing: false,
        nodeSelector: "all()",
      },
    },
  };
}
