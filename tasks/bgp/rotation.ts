import type { ClusterReader, ClusterWriter } from "../../runner/connect/cluster.ts";
import type { ApicWriter } from "../../runner/connect/managed-object.ts";
import type { During, Side } from "../../runner/task.ts";
import type { RotatedSession, RotationArguments } from "./arguments.ts";
import { clusterPasswords } from "./cluster-passwords.ts";
import { fabricPeers, hasOwnPeers } from "./fabric-peers.ts";
import type { PasswordSide, Passwords } from "./password-side.ts";
import type { WatchPlace } from "./session-watch.ts";

/** Both ends of the sessions of some nodes. */
export interface Ends {
  readonly fabric: PasswordSide<ApicWriter>;
  readonly cluster: PasswordSide<ClusterWriter>;
}

/** Nodes whose password changes at the same time. */
export interface Batch {
  readonly nodes: ReadonlySet<string>;
  readonly sessions: readonly RotatedSession[];
}

/** A change of the password, as planned: where both ends are and how they are read. */
export interface Rotation {
  readonly args: RotationArguments;
  readonly passwords: Passwords;
  readonly reader: ClusterReader;
  readonly place: WatchPlace;
  ends(nodes: ReadonlySet<string>): Ends;
}

/** What writes a rotation. */
export interface RotationWriters {
  readonly fabric: ApicWriter;
  readonly cluster: ClusterWriter;
  /** Writes to the cluster that were given up on and may still arrive. */
  readonly unfinished: Set<Promise<unknown>>;
}

/** How a rotation tells what it does, and hears that it shall stop. */
export type Voice = Pick<During, "tell" | "signal">;

/** The two ends, through the run's connections. */
export function rotationOf(
  args: RotationArguments,
  sides: { readonly fabric: Side<"apic">; readonly cluster: Side<"localhost"> },
  leaves: WatchPlace["leaves"],
): Rotation {
  const { from, to, tenant, vrf } = args;
  return {
    args,
    passwords: { from, to },
    reader: sides.cluster.reader,
    place: { tenant, vrf, leaves },
    ends: (nodes) => ({
      fabric: { name: "the fabric", plan: (password) => sides.fabric.plan(fabricPeers(args, nodes, password)) },
      cluster: { name: "the cluster", plan: (password) => sides.cluster.plan(clusterPasswords(args, nodes, password)) },
    }),
  };
}

/** All nodes of the plan. */
export function everyNode({ sessions }: Pick<RotationArguments, "sessions">): ReadonlySet<string> {
  return new Set(sessions.map(({ node }) => node));
}

/**
 * Who changes together. A prefix of a floating SVI is one peer for all nodes, and a Secret is read by all agents at once: then all do. Only
 * kube-router with a standard SVI has both its ends for each node.
 */
export function batchesOf(args: RotationArguments): readonly Batch[] {
  const { cni, sessions, batch } = args;
  if (cni !== "kube-router" || !hasOwnPeers(args)) return [{ nodes: everyNode(args), sessions }];
  const groups = new Map<string, RotatedSession[]>();
  for (const session of sessions) {
    const group = batch === "rack" && session.rack_id !== null ? `rack ${session.rack_id}` : `node ${session.node}`;
    groups.set(group, [...(groups.get(group) ?? []), session]);
  }
  return [...groups.values()].map((own) => ({ nodes: new Set(own.map(({ node }) => node)), sessions: own }));
}
