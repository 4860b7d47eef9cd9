import { Type } from "#typebox";
import { absentMo, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { L3OutName, Name, State, Tenant } from "./arguments.ts";
import { l3outDn, routedDomainDn } from "./names.ts";
import { existing, existingVrf, neverMoved } from "./objects.ts";

const THEIRS = "the L3Out carries somebody else's traffic: take a name of your own (l3out.name)";

/** White paper step 3: the L3Out, its VRF, its routed domain, and BGP as its protocol. */
export const l3out = declareTask({
  name: "aci.l3out",
  summary: "L3Out with its VRF and routed domain, BGP enabled",
  steps: [3],
  on: "apic",
  args: Type.Object(
    {
      tenant: Tenant,
      name: L3OutName,
      vrf: Name("VRF, in the same tenant or in common, which must exist (l3extRsEctx.tnFvCtxName)"),
      domain: Name("Routed domain of the leaves' node ports, which must exist (l3extRsL3DomAtt.tDn uni/l3dom-NAME)"),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "Tenant, VRF and routed domain belong to the fabric's owner and are not made here; without them nothing is written.",
    "absent removes the L3Out with everything that underlay put below it. It fails, and writes nothing, when somebody else configured something there.",
    "An L3Out that was there before underlay stays, with a warning; what underlay put into it goes.",
    "VRF and domain that somebody else gave an L3Out are never replaced: that is a failure.",
    "Route control enforcement is left alone: aci.route_control sets it.",
  ],
  example: `
- name: Step 3 - L3Out with VRF, routed domain and BGP
  aci.l3out:
    tenant: k8s
    name: calico
    vrf: calico
    domain: k8s-l3dom
`,
  desired: ({ args }) => {
    const dn = l3outDn(args.tenant, args.name);
    if (args.state === "absent") return [absentMo("l3extOut", dn)];
    return [
      existingVrf(args.tenant, args.vrf),
      existing("l3extDomP", routedDomainDn(args.domain)),
      mo("l3extOut", dn),
      neverMoved(mo("l3extRsEctx", `${dn}/rsectx`, { tnFvCtxName: args.vrf }), "tnFvCtxName", THEIRS),
      neverMoved(mo("l3extRsL3DomAtt", `${dn}/rsl3DomAtt`, { tDn: routedDomainDn(args.domain) }), "tDn", THEIRS),
      mo("bgpExtP", `${dn}/bgpExtP`),
    ];
  },
});
