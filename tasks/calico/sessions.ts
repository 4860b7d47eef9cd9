import { type Static, Type } from "#typebox";

/** A session of the address plan (`underlay.sessions`), as far as Calico's task types need it; other keys are ignored. */
export const Session = Type.Object({
  node: Type.String({ minLength: 1, description: "Name of the node, as the cluster knows it" }),
  rack_id: Type.Union([Type.Integer(), Type.String({ minLength: 1 }), Type.Null()], { description: "null: no rack" }),
  leaf: Type.String({ minLength: 1, description: "Inventory name of the leaf" }),
  leaf_id: Type.Integer({ minimum: 1, maximum: 4000, description: "The leaf's node ID" }),
  family: Type.Enum(["ipv4", "ipv6"]),
  peer_address: Type.String({ format: "ip", description: "The leaf's address" }),
});

export type Session = Static<typeof Session>;

/** Every session that should come up: one for each node, leaf of its rack and family. The first one's family is the main one. */
export const Sessions = Type.Array(Session, {
  minItems: 1,
  description: "Sessions that should come up, one for each node, leaf and family: `underlay.sessions`",
});
