import { type Static, Type } from "#typebox";
import { absentUnlessUsed, type ManagedObject, mo, type Use } from "../../runner/connect/managed-object.ts";
import { declareTask } from "../../runner/task-type.ts";
import { NodeId, Pod, State } from "./arguments.ts";
import { usedByPaths } from "./uses.ts";

const Pair = Type.Object(
  {
    leaves: Type.Array(NodeId, { minItems: 2, maxItems: 2, uniqueItems: true, description: "Node IDs of the two leaves" }),
    id: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        description:
          "Number of the vPC domain, unique in the fabric; the lower node ID, modulo 1000, when not given (fabricExplicitGEp.id)",
      }),
    ),
  },
  { additionalProperties: false },
);

/** vPC protection groups: two leaves that act as one switch for bonded nodes. */
export const vpcPair = declareTask({
  name: "aci.vpc_pair",
  summary: "vPC protection groups of leaves, found or made, never moved",
  steps: [],
  on: "apic",
  args: Type.Object(
    {
      pairs: Type.Array(Pair, { description: "Pairs of leaves, as underlay.vpc_pairs has them (fabricExplicitGEp)" }),
      pod: Pod,
      state: State,
    },
    { additionalProperties: false },
  ),
  notes: [
    "A group of the same two leaves is used as it is, whatever its name and number. A leaf that is paired with another one is a failure that names the group: pairs are never moved.",
    "absent removes a group that underlay made, unless an L3Out or EPG has a path on the pair or any vPC policy group is left in the fabric: its ports may be on these leaves.",
  ],
  example: `
- name: vPC protection group of each rack's leaves
  aci.vpc_pair:
    pairs:
      - { leaves: [101, 102] }
`,
  desired: ({ args }) => args.pairs.flatMap((pair) => group(pair, args.pod, args.state)),
});

function group(pair: Static<typeof Pair>, pod: number, state: "present" | "absent"): readonly ManagedObject[] {
  const [lower = 0, higher = 0] = [...pair.leaves].sort((one, other) => one - other);
  const dn = `uni/fabric/protpol/expgep-${lower}-${higher}`;
  const names = [lower, higher].map((leaf) => `nodepep-${leaf}`);
  const members = { className: "fabricNodePEp", names };
  if (state === "absent") {
    const bundles: Use = { className: "infraAccBndlGrp", property: "lagT", value: "node", match: "is" };
    const paths = usedByPaths("begins", `topology/pod-${pod}/protpaths-${lower}-${higher}/`);
    return [{ ...absentUnlessUsed("fabricExplicitGEp", dn, [...paths, bundles]), members }];
  }
  return [
    { ...mo("fabricExplicitGEp", dn, { id: pair.id ?? (lower % 1000 || 1000) }), members },
    ...names.map((name) => mo("fabricNodePEp", `${dn}/${name}`, { podId: pod })),
  ];
}
