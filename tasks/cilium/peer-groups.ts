import { type Static, Type } from "#typebox";
import type { Refusal } from "../../runner/task.ts";
import { bareAddress } from "../calico/bare-address.ts";
import { WITHDRAWN } from "../cni/withdrawn.ts";

/** An item of argument `sessions`: the parts of a planned session (`underlay.sessions`) that matter here. */
export const Session = Type.Object(
  {
    node: Type.String({ minLength: 1 }),
    rack_id: Type.Union([Type.Integer(), Type.String({ minLength: 1 }), Type.Null()]),
    leaf: Type.String({ minLength: 1 }),
    leaf_id: Type.Integer({ minimum: 1, maximum: 4000 }),
    family: Type.Enum(["ipv4", "ipv6"]),
    peer_address: Type.String({ format: "ip", description: "The leaf's address" }),
  },
  { description: "A planned session; what else is in it is not looked at" },
);

type Session = Static<typeof Session>;

/** A leaf's address as the peer of a group of nodes. */
export interface Peer {
  /** `leaf-201`, of the second family `leaf-201-ipv6`. */
  readonly name: string;
  readonly family: Session["family"];
  readonly address: string;
}

/** Nodes that have the same peers, chosen by a label, but for those that were withdrawn. */
export interface PeerGroup {
  /** Name of the object for them: `rack-1`, or the node's name. */
  readonly name: string;
  readonly nodeSelector: {
    readonly matchLabels: Readonly<Record<string, string>>;
    readonly matchExpressions: readonly { readonly key: string; readonly operator: "DoesNotExist" }[];
  };
  readonly peers: readonly Peer[];
}

/** How nodes are grouped: `rack` with a floating SVI, where all of a rack see the same leaf addresses; `node` with a standard SVI. */
export type Grouping = "rack" | "node";

/** Groups the planned sessions, each group with its peers in the order of the plan. */
export function peerGroups(sessions: readonly Session[], by: Grouping, rackLabel: string): readonly PeerGroup[] {
  const groups = grouped(sessions, (session) => groupOf(session, by));
  return [...groups].map(([group, own]) => ({
    name: by === "rack" ? `rack-${group}` : group,
    nodeSelector: {
      matchLabels: { [by === "rack" ? rackLabel : "kubernetes.io/hostname"]: group },
      // cilium.withdraw takes the peers from a node by this label.
      matchExpressions: [{ key: WITHDRAWN, operator: "DoesNotExist" }],
    },
    peers: [...new Map(own.map((session) => [peerKey(session), peerOf(session)])).values()],
  }));
}

/** Plans that cannot be grouped by rack: a node without one, or nodes of one rack with different leaves. */
export function refuseGroups(sessions: readonly Session[], by: Grouping): readonly Refusal[] {
  const argument = ["sessions"];
  if (by === "node") return [];
  const homeless = new Set(sessions.filter(({ rack_id: rack }) => rack === null).map(({ node }) => node));
  if (homeless.size > 0) {
    const message = `has nodes without rack_id: ${[...homeless].join(", ")}`;
    return [{ argument, message, hint: "give them a rack_id, or say by: node" }];
  }
  return [...grouped(sessions, (session) => groupOf(session, by))].flatMap(([rack, own]): readonly Refusal[] => {
    if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(rack)) {
      const message = `has the rack ${rack}, which cannot name a Kubernetes object`;
      return [{ argument, message, hint: "lower-case letters, digits, dots and hyphens" }];
    }
    const all = new Set(own.map(peerKey));
    const odd = [...grouped(own, ({ node }) => node)].find(([, theirs]) => new Set(theirs.map(peerKey)).size < all.size);
    if (odd === undefined) return [];
    const message = `gives node ${odd[0]} other leaves than the rest of rack ${rack}`;
    return [{ argument, message, hint: "say by: node" }];
  });
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function groupOf({ node, rack_id: rack }: Session, by: Grouping): string {
  return by === "rack" ? String(rack) : node;
}

function peerKey({ leaf_id: leaf, family, peer_address: address }: Session): string {
  return `${leaf} ${family} ${bareAddress(address)}`;
}

function peerOf({ leaf_id: leaf, family, peer_address: address }: Session): Peer {
  return { name: `leaf-${leaf}${family === "ipv6" ? "-ipv6" : ""}`, family, address: bareAddress(address) };
}
