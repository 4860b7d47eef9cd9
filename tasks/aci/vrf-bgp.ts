import { Type } from "#typebox";
import { absentMo, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { Name, State } from "./arguments.ts";
import { vrfDn } from "./names.ts";
import { existing } from "./objects.ts";

/** White paper step 12: the VRF uses the address family policy of step 11. */
export const vrfBgp = declareTask({
  name: "aci.vrf_bgp",
  summary: "BGP address family policy of a VRF",
  steps: [12],
  on: "apic",
  args: Type.Object(
    {
      tenant: Name("Tenant that holds the VRF (fvTenant.name)"),
      vrf: Name("VRF, which must exist (fvCtx.name)"),
      policy: Name("Address family policy, in the VRF's tenant or in common (fvRsCtxToBgpCtxAfPol.tnBgpCtxAfPolName)"),
      families: Type.Array(Type.Enum(["ipv4", "ipv6"]), {
        minItems: 1,
        uniqueItems: true,
        default: ["ipv4"],
        description: "Address families, unicast (fvRsCtxToBgpCtxAfPol.af)",
      }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "It counts for every L3Out of the VRF.",
    "A family has one policy: another one that the VRF uses for a listed family is replaced. Families that are not listed are left alone.",
    "The VRF itself is never made, changed or removed.",
  ],
  example: `
- name: Step 12 - ECMP policy on the VRF
  aci.vrf_bgp:
    tenant: k8s
    vrf: calico
    policy: calico-ecmp
    families: [ipv4]
`,
  desired: ({ args }) => {
    const vrf = vrfDn(args.tenant, args.vrf);
    const className = "fvRsCtxToBgpCtxAfPol";
    const relations = args.families.map((family) => {
      const af = `${family}-ucast`;
      return { dn: `${vrf}/rsctxToBgpCtxAfPol-[${args.policy}]-${af}`, af };
    });
    if (args.state === "absent") return relations.map(({ dn }) => absentMo(className, dn));
    const onlyOne = relations.map(({ af }) => ({ className, property: "af", value: af }));
    return [
      existing("fvCtx", vrf, {}, onlyOne),
      ...relations.map(({ dn, af }) => mo(className, dn, { tnBgpCtxAfPolName: args.policy, af })),
    ];
  },
});
