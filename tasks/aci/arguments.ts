import { Type } from "#typebox";
import type { Form } from "../../runner/schema.ts";

/** Arguments that several ACI task types share. Descriptions name the property and unit, for `underlay doc` and the reference. */

/** Name of a policy object: 1 to 64 letters, digits and `_.:-` (facts 2.2). */
export function Name(description: string) {
  return Type.String({ pattern: "^[a-zA-Z0-9_.:-]{1,64}$", description });
}

/** Whether the objects of the task should be there. */
export const State = Type.Enum(["present", "absent"], {
  default: "present",
  description: "present: make it so; absent: take away what this task made",
});

/** For a task that lists members of something: what becomes of members that are not listed. */
export const Others = Type.Enum(["remove", "keep"], {
  default: "remove",
  description:
    "What is not listed: remove, the list is all there should be; keep, only what is listed is made, or with absent taken away",
});

export const Tenant = Name("Tenant that holds the L3Out, which must exist (fvTenant.name)");
export const L3OutName = Name("L3Out (l3extOut.name)");
export const NodeProfile = Name("Logical node profile of the L3Out (l3extLNodeP.name)");
export const InterfaceProfile = Name("Logical interface profile of the node profile (l3extLIfP.name)");

export const Pod = Type.Integer({ minimum: 1, maximum: 254, default: 1, description: "Pod of the leaves (topology/pod-N)" });

export const NodeId = Type.Integer({ minimum: 101, maximum: 4000, description: "Node ID of the leaf (topology/pod-N/node-ID)" });

export const Vlan = Type.Integer({
  minimum: 1,
  maximum: 4094,
  description: "VLAN of the SVI, from the static pool of its domain (encap of l3extVirtualLIfP or l3extRsPathL3OutAtt)",
});

/** Autonomous system, two or four bytes, plain number (RFC 5396 asplain). */
export const Asn = Type.Integer({ minimum: 1, maximum: 4_294_967_295, description: "AS of the cluster (bgpAsP.asn)" });

/** A prefix without host bits, either family. */
export const Prefix = Type.String({
  format: "network",
  description: "Prefix such as 10.1.0.0/16 or fd00:1::/64, without host bits",
});

/** Address with prefix length for an interface. A host length is refused, as the controller does (`Invalid External Interface Address`). */
export function InterfaceAddress(description: string) {
  return Type.String({ format: "interface-address", pattern: "^(?![0-9.]+/32$|.*:.*/128$)", description });
}

/** How a task says where SVIs are: anchors on one VLAN (floating) or paths (standard). `own` is the floating form's further argument. */
export function sviForms(own: string) {
  return [
    { name: "floating SVI", keys: ["anchors", "vlan", own] },
    { name: "standard SVI", keys: ["paths"] },
  ] satisfies readonly Form[];
}

/** Leaves by node ID, in any order. */
export const Anchors = Type.Array(NodeId, { minItems: 1, uniqueItems: true, description: "Node IDs of the anchor leaves" });

/** How a node is cabled, and with that the kind of its policy group. */
export const PortType = Type.Enum(["vpc", "port_channel", "port"], {
  description: "vpc: one bundle over two leaves; port_channel: one bundle on one leaf; port: a single port",
});

/** MTU (bytes) and tagging of an SVI, floating or standard (white paper, steps 4 and 5). `className` is the object that holds them. */
export function encapsulation(className: "l3extVirtualLIfP" | "l3extRsPathL3OutAtt") {
  return {
    mtu: Type.Integer({
      minimum: 576,
      maximum: 9216,
      default: 9000,
      description: `MTU in bytes; the paper recommends 9000 (${className}.mtu)`,
    }),
    mode: Type.Enum(["regular", "native", "untagged"], {
      default: "regular",
      description: `How the port tags the VLAN: regular (802.1Q), native (802.1P) or untagged (${className}.mode)`,
    }),
    encap_scope: Type.Enum(["local", "ctx"], {
      default: "local",
      description: `ctx: L3Outs of the VRF may share the VLAN (${className}.encapScope)`,
    }),
  };
}
