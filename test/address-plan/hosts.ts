import { type ComputedPlan, computePlan } from "../../runner/address-plan/compute.ts";
import type { CheckedHost } from "../../runner/load/inventory-rule.ts";
import type { HostKind } from "../../runner/load/model.ts";
import type { KnownVariables } from "../../runner/load/variables.ts";

/** What a fabric for a plan is made of; everything else is like the paper's first example. */
export interface Fabric {
  readonly l3out?: KnownVariables["l3out"];
  readonly cluster?: KnownVariables["cluster"];
  readonly ipv6?: KnownVariables["ipv6"];
  readonly cni?: KnownVariables["cni"];
  readonly leaves?: readonly KnownVariables[];
  readonly nodes?: readonly KnownVariables[];
}

/** A host; its place tells the variable: line 1, file `name` or `name.variable.key`. */
function host(name: string, kind: HostKind, known: KnownVariables): CheckedHost {
  const at = (file: string) => ({ file, line: 1, column: 1, length: 1 });
  return { name, kind, known, at: at(name), place: (variable, key) => at([name, variable, ...(key ? [key] : [])].join(".")) };
}

/** Hosts of an inventory: leaf201, leaf202 … and node1, node2 …, all in rack 1 unless they say otherwise. */
export function hostsOf(fabric: Fabric): CheckedHost[] {
  const wide: KnownVariables = {
    l3out: { interface_profile: "svi", vlan: 310, vlans: { from: 1000, to: 3000 }, ...fabric.l3out },
    cluster: { node_subnet: "192.168.1.0/24", pod_subnet: "10.1.0.0/16", service_subnet: "10.2.0.0/16", ...fabric.cluster },
    ...(fabric.ipv6 === undefined ? {} : { ipv6: fabric.ipv6 }),
    ...(fabric.cni === undefined ? {} : { cni: fabric.cni }),
  };
  const leaves = fabric.leaves ?? [{}, {}];
  const nodes = fabric.nodes ?? [{}];
  return [
    host("localhost", "localhost", wide),
    ...leaves.map((known, index) =>
      host(`leaf${201 + index}`, "leaf", {
        ...wide,
        rack_id: 1,
        node_id: 201 + index,
        router_id: `1.1.1.${index + 1}`,
        ...known,
      }),
    ),
    ...nodes.map((known, index) => host(`node${index + 1}`, "node", { ...wide, rack_id: 1, ...known })),
  ];
}

/** The plan of such a fabric. */
export function planOf(fabric: Fabric): ComputedPlan {
  return computePlan(hostsOf(fabric));
}

/** So many nodes or leaves that say nothing of their own. */
export function many(count: number): KnownVariables[] {
  return Array.from({ length: count }, () => ({}));
}
