import type { LabCluster, LabFabric, LabObject } from "../parts.ts";
import type { LabSpec } from "../spec.ts";
import { reportCiliumStatuses } from "./cilium-status.ts";
import { arpObjects, bgpObjects, type Reported, ribObjects } from "./leaf-report.ts";
import { reportNodeStatuses } from "./node-status.ts";
import type { Routing } from "./routing.ts";
import { type SessionFault, sessionFaults } from "./session-faults.ts";
import type { SessionTimes } from "./session-times.ts";

/** Classes that only the BGP model reports: what is left over of them is withdrawn. */
const OWN: ReadonlySet<string> = new Set([
  "bgpPeerEntry",
  "bgpPeerAfEntry",
  "uribv4Dom",
  "uribv4Db",
  "uribv4Route",
  "uribv4Nexthop",
  "uribv6Dom",
  "uribv6Db",
  "uribv6Route",
  "uribv6Nexthop",
  "arpAdjEp",
]);
const FAULT_CODES: ReadonlySet<string> = new Set(["F0299", "F1214", "F1215"]);

/**
 * Writes the model's outcome where operators look: bgpPeerEntry, uribv4Route, uribv6Route and arpAdjEp of every leaf, session
 * faults, CalicoNodeStatus and CiliumBGPNodeConfig. Writes only what differs from what is there, so that it may be called after every change.
 */
export function reportRouting(
  routing: Routing,
  spec: LabSpec,
  fabric: LabFabric,
  cluster: LabCluster,
  { now, since }: SessionTimes,
): void {
  const present = ownObjects(fabric.objects());
  const faults: SessionFault[] = [];
  for (const leaf of spec.fabric.leaves) {
    const sys = `topology/pod-${leaf.pod}/node-${leaf.id}/sys`;
    const own = present.filter((object) => object.dn.startsWith(`${sys}/`));
    const bgp = bgpObjects(routing, leaf);
    faults.push(...sessionFaults(bgp));
    const parts: readonly (readonly [dn: string, objects: readonly Reported[]])[] = [
      [`${sys}/bgp`, bgp],
      ...ribObjects(routing, leaf, sys),
      [`${sys}/arp`, arpObjects(routing, leaf)],
    ];
    for (const [dn, objects] of parts) {
      const there = own.filter((object) => object.dn.startsWith(`${dn}/`));
      if (!isReported(there, objects, fabric.objects())) fabric.report(dn, objects);
    }
  }
  if (!areRaised(present, faults)) fabric.raise(faults);
  reportNodeStatuses(routing, cluster, now);
  reportCiliumStatuses(routing, cluster, { now, since });
}

function ownObjects(objects: ReadonlyMap<string, LabObject>): LabObject[] {
  const isOwn = (object: LabObject) =>
    OWN.has(object.className) || (object.className === "faultInst" && FAULT_CODES.has(object.attributes.code ?? ""));
  return [...objects.values()].filter((object) => object.dn.startsWith("topology/") && isOwn(object));
}

/** Whether the tree shows exactly this: nothing of our classes beside it, and every attribute as wanted. */
function isReported(there: readonly LabObject[], wanted: readonly Reported[], tree: ReadonlyMap<string, LabObject>): boolean {
  const dns = new Set(wanted.map((object) => object.dn));
  if (there.some((object) => object.className !== "faultInst" && !dns.has(object.dn))) return false;
  return wanted.every(({ dn, attributes }) => {
    const found = tree.get(dn);
    return found !== undefined && Object.entries(attributes).every(([name, value]) => found.attributes[name] === value);
  });
}

function areRaised(there: readonly LabObject[], wanted: readonly SessionFault[]): boolean {
  const raised = there.filter((object) => object.className === "faultInst").map((object) => object.dn);
  const expected = new Set(wanted.map((fault) => `${fault.dn}/fault-${fault.code}`));
  return raised.length === expected.size && raised.every((dn) => expected.has(dn));
}
