import { Type } from "#typebox";
import { absentUnlessUsed, mo } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { Name, State, Vlan } from "./arguments.ts";
import { vlanPoolDn } from "./names.ts";
import { usedByDn } from "./uses.ts";

/** What the paper's steps 4 and 5 assume: a static VLAN pool for both domains of the cluster. */
export const vlanPool = declareTask({
  name: "aci.vlan_pool",
  summary: "Static VLAN pool with its ranges",
  steps: [],
  on: "apic",
  args: Type.Object(
    {
      name: Name("Pool (fvnsVlanInstP.name)"),
      ranges: Type.Array(Type.Object({ from: Vlan, to: Vlan }, { additionalProperties: false }), {
        minItems: 1,
        description: "VLANs of the cluster's SVIs, both ends included (fvnsEncapBlk)",
      }),
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "Other ranges of the pool stay. The controller refuses a range that overlaps another one of the pool.",
    "One pool for the physical and the routed domain: overlapping pools give one VLAN different encapsulations in the fabric.",
    "absent leaves the pool, with a warning, while a domain uses it or it holds ranges of somebody else. In a pool that was there before, only those of the listed ranges go that underlay added.",
  ],
  example: `
- name: VLAN pool
  aci.vlan_pool:
    name: k8s
    ranges:
      - { from: 310, to: 339 }
`,
  warn: ({ ranges }) =>
    ranges.filter(({ from, to }) => from > to).map(({ from, to }) => `VLAN range ${from} to ${to} ends before it begins`),
  desired: ({ args }) => {
    const dn = vlanPoolDn(args.name);
    const blocks = args.ranges.map(({ from, to }) => `${dn}/from-[vlan-${from}]-to-[vlan-${to}]`);
    if (args.state === "absent") return [absentUnlessUsed("fvnsVlanInstP", dn, [usedByDn("infraRsVlanNs", dn)], blocks)];
    return [mo("fvnsVlanInstP", dn), ...blocks.map((block) => mo("fvnsEncapBlk", block, { allocMode: "static" }))];
  },
});
