import { Address4, Address6 } from "ip-address";
import type { LabObject } from "../parts.ts";
import { type ApicError, refused } from "./answer.ts";
import { abstractClasses, classTable } from "./class-table.ts";
import { parentDn, resolveDn } from "./dn.ts";
import { outOfRange, type Place, unknownValue } from "./property-value.ts";
import type { ObjectChange, Tree } from "./tree.ts";

/** Rules between properties that a live APIC was seen to enforce (aci-objects 1.8, end). The first broken one refuses the request. */
export function semanticError(tree: Tree, changes: readonly ObjectChange[]): ApicError | undefined {
  for (const { dn } of changes) {
    const object = tree.get(dn);
    if (object === undefined) continue;
    const broken = checks[object.className]?.(object, tree) ?? relationTarget(object);
    if (broken !== undefined) return broken.error;
  }
  return undefined;
}

type Broken = ReturnType<typeof refused>;
type Check = (object: LabObject, tree: Tree) => Broken | undefined;

const checks: Readonly<Record<string, Check>> = {
  l3extOut(out) {
    if (words(out, "enforceRtctrl").includes("export")) return undefined;
    return refused("100", "Invalid Configuration Unenforced Route Control is not supported for Export direction.");
  },
  l3extSubnet(subnet) {
    const aggregates = words(subnet, "aggregate").filter((flag) => flag !== "shared-rtctrl");
    if (aggregates.length === 0 || ["0.0.0.0/0", "::/0"].includes(subnet.attributes.ip ?? "")) return undefined;
    return refused("100", "Invalid Configuration - Import/Export Subnet Aggregation Supported Only for 0.0.0.0/0 and ::/0");
  },
  l3extVirtualLIfP: (vlif) => vlanRange(vlif, "encap") ?? interfaceAddress(vlif, "addr"),
  l3extRsDynPathAtt: (path) => interfaceAddress(path, "floatingAddr"),
  l3extMember(member, tree) {
    const path = tree.get(parentDn(member.dn))?.attributes.tDn ?? "";
    if (path.includes("/protpaths-")) return interfaceAddress(member, "addr");
    return refused("100", `Validation failed: ${path} is no vPC, so it has no side ${member.attributes.side}`);
  },
  l3extRsPathL3OutAtt(path) {
    if (path.attributes.ifInstT !== "ext-svi") return undefined;
    return vlanRange(path, "encap") ?? interfaceAddress(path, "addr");
  },
  ospfExtP(protocol) {
    if (protocol.attributes.multipodInternal !== "yes" || protocol.dn.startsWith("uni/tn-infra/")) return undefined;
    return refused("100", "OSPF Multipod Internal can be set only under infra tenant.");
  },
  fabricNodePEp(node, tree) {
    const { id, podId } = node.attributes;
    const other = tree.ofClass("fabricNodePEp").find((one) => one !== node && one.attributes.id === id);
    if (other === undefined || other.attributes.podId !== podId) return undefined;
    return refused("100", `Validation failed: node ${id} is already in the vPC protection group ${parentDn(other.dn)}`);
  },
  bgpCtxPol(policy) {
    const { holdIntvl } = policy.attributes;
    return holdIntvl === "1" || holdIntvl === "2" ? outOfRange(placeOf(policy, "holdIntvl")) : undefined;
  },
  vzEntry(entry) {
    const { etherT, arpOpc, prot } = entry.attributes;
    if (arpOpc !== "unspecified" && etherT !== "arp") {
      return refused("100", "Validation failed: ArpOpcode cannot be combined with non arp Ethertype");
    }
    const ports = ["sFromPort", "sToPort", "dFromPort", "dToPort"].map((property) => entry.attributes[property]);
    const layer4 = [prot, ...ports].some((value) => value !== "unspecified");
    if (!layer4 || ["ip", "ipv4", "ipv6"].includes(etherT ?? "")) return undefined;
    return refused("100", "Validation failed: non-IP Ethertype cannot be combined with other l4 properties");
  },
  fvnsEncapBlk(block) {
    const from = vlanOf(block.attributes.from);
    const to = vlanOf(block.attributes.to);
    if (from <= to) return vlanRange(block, "from") ?? vlanRange(block, "to");
    return refused("100", `Validation failed: Range ${from}-${to} is invalid. From value cannot be larger than To value`);
  },
};

function words(object: LabObject, property: string): readonly string[] {
  return (object.attributes[property] ?? "").split(",").filter((word) => word !== "");
}

function placeOf(object: LabObject, property: string): Place {
  return { className: object.className, property, dn: object.dn, rn: object.attributes.rn ?? "" };
}

/** VLAN tag of `vlan-310`; NaN for anything else. */
export function vlanOf(encap: string | undefined): number {
  return Number(/^vlan-(\d+)$/.exec(encap ?? "")?.[1] ?? Number.NaN);
}

function vlanRange(object: LabObject, property: string): Broken | undefined {
  const value = object.attributes[property] ?? "";
  const tag = vlanOf(value);
  return tag >= 1 && tag <= 4094 ? undefined : unknownValue(placeOf(object, property), value);
}

/** An SVI needs a subnet: a host address, or one without prefix length, is refused. */
function interfaceAddress(object: LabObject, property: string): Broken | undefined {
  const value = object.attributes[property] ?? "";
  if (["", "0.0.0.0", "::"].includes(value)) return undefined;
  const host = Address4.isValid(value) ? new Address4(value).subnetMask === 32 : new Address6(value).subnetMask === 128;
  return host ? refused("100", "Invalid External Interface Address") : undefined;
}

/** An explicit relation may point at something that does not exist yet, but not at an object of the wrong class. */
function relationTarget(object: LabObject): Broken | undefined {
  const relation = classTable.get(object.className)?.relation;
  const dn = object.attributes.tDn ?? "";
  if (relation?.kind !== "explicit" || dn === "") return undefined;
  const steps = resolveDn(dn);
  const found = "position" in steps ? undefined : steps.at(-1)?.model.name;
  const wanted = abstractClasses.get(relation.target) ?? [relation.target];
  if (found === undefined || wanted.includes(found)) return undefined;
  return refused("107", `Invalid request. dn '${dn}' is not valid for class ${relation.target}`);
}
