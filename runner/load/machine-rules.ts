import { type Diagnostic, errorAt } from "../diagnostic.ts";
import { counted } from "../report/counted.ts";
import type { CheckedHost, InventoryRule } from "./inventory-rule.ts";
import { speakerOf } from "./inventory-wide.ts";

/** Nodes that are virtual machines: those that name their hypervisor. */
function machines(hosts: readonly CheckedHost[]): readonly CheckedHost[] {
  return hosts.filter(({ kind, known }) => kind === "node" && known.hypervisor !== undefined);
}

/** A hypervisor that fails takes all its nodes down at once. */
const sharedHypervisor: InventoryRule = (hosts) => {
  const first = new Map<string, CheckedHost>();
  return machines(hosts).flatMap((host): Diagnostic[] => {
    const hypervisor = host.known.hypervisor ?? "";
    const other = first.get(hypervisor);
    if (other === undefined) {
      first.set(hypervisor, host);
      return [];
    }
    return [
      {
        severity: "warning",
        rule: "shared-hypervisor",
        message: `${host.name} and ${other.name} are both on hypervisor ${hypervisor}: when it fails, both do (paper, K8s node gateway)`,
        at: host.place("hypervisor"),
        hint: "one Kubernetes node on each hypervisor",
        related: [{ message: other.name, at: other.place("hypervisor") }],
      },
    ];
  });
};

/** With a standard SVI a node's subnet is on the two leaves of its path: elsewhere a moved machine has no gateway. */
const notPinned: InventoryRule = (hosts) => {
  if (speakerOf(hosts, "l3out")?.known.l3out?.svi !== "standard") return [];
  return machines(hosts)
    .filter(({ known }) => known.pinned !== true)
    .map((host) => {
      const message = `${host.name} is a virtual machine and not pinned: with a standard SVI it must not move to another hypervisor (paper, K8s node gateway)`;
      return errorAt(host.place("hypervisor"), "not-pinned", message, "pin it and say pinned: true, or take a floating SVI");
    });
};

/** What underlay cannot see or set: how the virtual switch spreads traffic over the links that the leaves bundle. */
const portGroup: InventoryRule = (hosts) => {
  const all = machines(hosts);
  const [first] = all;
  if (first === undefined) return [];
  const are = all.length === 1 ? "is a virtual machine" : `and ${counted(all.length - 1, "more node")} are virtual machines`;
  const message = `${first.name} ${are}: set the load balancing of their port group to "route based on IP hash", which underlay cannot see (paper, K8s node gateway)`;
  return [{ severity: "warning", rule: "port-group", message, at: first.place("hypervisor") }];
};

/** Rules about nodes that are virtual machines. */
export const machineRules: readonly InventoryRule[] = [sharedHypervisor, notPinned, portGroup];
