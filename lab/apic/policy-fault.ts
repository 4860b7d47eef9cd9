import type { LabObject } from "../parts.ts";
import { type ConfigFault, refusedByLeaf } from "./config-fault.ts";
import { deploymentFaults } from "./deployment-fault.ts";
import { type LeafInterface, nodeTimers, vrfOf } from "./l3out-view.ts";
import type { PortView } from "./port-view.ts";
import { normalAddress } from "./property-value.ts";
import { ancestor, relationClasses } from "./relation.ts";
import type { Tree } from "./tree.ts";

/** Every fault that the configuration alone calls for (aci-objects 9.12, 6.5). Where two objects collide, the later one is at fault. */
export function configFaults(tree: Tree, interfaces: readonly LeafInterface[], ports: PortView): readonly ConfigFault[] {
  return [
    ...unresolved(tree),
    ...prefixesInUse(tree, interfaces),
    ...timersInUse(tree, interfaces),
    ...deploymentFaults(tree, interfaces, ports),
  ];
}

function unresolved(tree: Tree): readonly ConfigFault[] {
  const faults: ConfigFault[] = [];
  for (const { name, relation } of relationClasses) {
    const code = relation?.fault;
    if (code === undefined) continue;
    for (const policy of tree.ofClass(name)) {
      if (policy.attributes.state !== "missing-target") continue;
      const target = policy.attributes[relation?.property ?? ""] ?? "";
      const message = `Failed to form relation to MO ${target} of class ${relation?.target}`;
      faults.push({ policy, nodeDn: undefined, code, severity: "warning", qualifier: "resolution-failed", message });
    }
  }
  return faults;
}

/** The same prefix classifies into two external EPGs of one VRF (aci-objects 3.4). */
function prefixesInUse(tree: Tree, interfaces: readonly LeafInterface[]): readonly ConfigFault[] {
  const owners = new Map<string, LabObject>();
  const faults: ConfigFault[] = [];
  for (const subnet of tree.ofClass("l3extSubnet")) {
    const epg = ancestor(tree, subnet.dn, "l3extInstP");
    const out = ancestor(tree, subnet.dn, "l3extOut");
    const vrf = out === undefined ? undefined : vrfOf(tree, out);
    if (epg === undefined || vrf === undefined || !subnet.attributes.scope?.split(",").includes("import-security")) continue;
    const key = `${vrf.dn} ${normalAddress(subnet.attributes.ip ?? "")}`;
    const owner = owners.get(key);
    if (owner === undefined) owners.set(key, epg);
    else if (owner !== epg) {
      const nodes = new Set(interfaces.filter((one) => one.out.dn === out?.dn).map((one) => one.nodeDn));
      const message = `Prefix Entry ${subnet.attributes.ip} Already Used in Another EPG ${owner.dn}`;
      for (const nodeDn of nodes) faults.push(refusedByLeaf(epg, nodeDn, "prefix-entry-already-in-use", message));
    }
  }
  return faults;
}

/** BGP timers are one set per VRF and leaf (aci-objects 3.7). */
function timersInUse(tree: Tree, interfaces: readonly LeafInterface[]): readonly ConfigFault[] {
  const owners = new Map<string, LabObject>();
  const faults: ConfigFault[] = [];
  for (const { nodeProfile, nodeDn, vrf } of interfaces) {
    const policy = nodeProfile === undefined ? undefined : nodeTimers(tree, nodeProfile);
    if (nodeProfile === undefined || policy === undefined || vrf === undefined) continue;
    const key = `${nodeDn} ${vrf.dn}`;
    const owner = owners.get(key);
    if (owner === undefined) owners.set(key, policy);
    else if (owner.dn !== policy.dn) {
      const message = `BGP timers of ${owner.dn} are already in force for ${vrf.dn}`;
      faults.push(refusedByLeaf(nodeProfile, nodeDn, "bgpProt-policy-already-existing", message));
    }
  }
  return faults;
}
