import { type Static, Type } from "#typebox";
import type { ApicReader, LeafReader } from "../../runner/connect/managed-object.ts";
import { Name } from "../aci/arguments.ts";

/** What the probes have in common that ask several leaves at once, through the controllers. */

/** Argument `leaves`. */
export const Leaves = Type.Array(
  Type.Object(
    {
      name: Name("Inventory name of the leaf"),
      node_id: Type.Integer({ minimum: 1, maximum: 16000, description: "Its node ID (fabricNode.id)" }),
      pod: Type.Integer({ minimum: 1, maximum: 254, description: "Its pod" }),
    },
    { additionalProperties: false },
  ),
  { minItems: 1, description: "The leaves to ask: `underlay.leaves | pick('name', 'node_id', 'pod')`" },
);

/** A leaf of the argument. */
export type Leaf = Static<typeof Leaves>[number];

/** Leaves that are asked at the same time: a controller answers for many, each answer may be large. */
export const AT_ONCE = 8;

/** Reads from one leaf, as a task on that leaf would. */
export function leafReader(reader: ApicReader, { pod, node_id: id }: Leaf): LeafReader {
  const nodeDn = `topology/pod-${pod}/node-${id}`;
  return {
    nodeDn,
    object: reader.object,
    class: (className, query) => reader.class(`${nodeDn}/${className}`, query),
  };
}
