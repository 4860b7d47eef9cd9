import { type Static, Type } from "#typebox";

/** Arguments that several kube-router task types share. */

/** kube-router's release, as the inventory's `cni.version` has it. */
export const ReleaseVersion = Type.String({ minLength: 1, description: "Release of kube-router, v2.11.1; 1.5.1 or later" });

/**
 * What the address plan says about each family of the cluster (`underlay.families`); more keys than these are there and not looked at.
 * The first is the main one; a second makes it dual stack.
 */
export const Families = Type.Array(
  Type.Object({
    family: Type.Enum(["ipv4", "ipv6"]),
    service_subnet: Type.String({ format: "network", description: "Prefix of ClusterIPs" }),
    external_service_subnet: Type.Optional(
      Type.String({ format: "network", description: "Prefix of external service addresses" }),
    ),
    load_balancer_subnet: Type.Optional(Type.String({ format: "network", description: "Prefix of load balancer addresses" })),
  }),
  { minItems: 1, maxItems: 2, description: "underlay.families" },
);

/** The sessions of the address plan (`underlay.sessions`); more keys than these are there and not looked at. */
export const Sessions = Type.Array(
  Type.Object({
    node: Type.String({ minLength: 1, description: "Name of the node, as the cluster knows it" }),
    leaf: Type.String({ minLength: 1, description: "Name of the leaf" }),
    family: Type.Enum(["ipv4", "ipv6"]),
    peer_address: Type.String({ format: "ip", description: "The leaf's address" }),
    local_address: Type.String({ format: "ip", description: "The node's address" }),
  }),
  { minItems: 1, description: "underlay.sessions: one for each node, leaf of its rack and family" },
);

/** A session of the plan. */
export type Session = Static<typeof Sessions>[number];

/** The sessions of each node, in the plan's order. */
export function byNode(sessions: readonly Session[]): ReadonlyMap<string, readonly Session[]> {
  const found = new Map<string, Session[]>();
  for (const session of sessions) found.set(session.node, [...(found.get(session.node) ?? []), session]);
  return found;
}
