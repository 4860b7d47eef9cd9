import type { KubeObject } from "../../runner/connect/cluster.ts";
import type { Planned } from "../../runner/connect/connection.ts";
import type { FoundObject, LeafReader } from "../../runner/connect/managed-object.ts";
import { type Failure, failed, ok, type Result } from "../../runner/result.ts";
import { Secret } from "../../runner/secret.ts";
import type { RotationArguments } from "../../tasks/bgp/arguments.ts";
import type { PasswordSide } from "../../tasks/bgp/password-side.ts";
import type { Rotation, RotationWriters } from "../../tasks/bgp/rotation.ts";
import { fakeCluster } from "../k8s/fake-cluster.ts";

/** The passwords of these tests; neither may ever be seen. */
export const OLD = new Secret("canary-old-password");
export const NEW = new Secret("canary-new-password");

/** What happens at a write, by how many there were before on that side; undefined: it is carried out. */
export type Mishap = (write: number, password: Secret) => "refused" | "denied" | "lost answer" | "hangs" | undefined;

/** Two sides in memory: their sessions are Established while they have the same password, unless that is `useless`. */
export interface TwoSides {
  readonly rotation: Rotation;
  readonly writers: RotationWriters;
  /** Side and password of each write that was carried out: `fabric new`. */
  readonly written: string[];
  has(side: "fabric" | "cluster"): "old" | "new" | "none";
  give(side: "fabric" | "cluster", password: Secret): void;
  /** Writes that hang come back, with a failure. */
  letGo(): void;
}

const word = (password: Secret | undefined) => (password === OLD ? "old" : password === NEW ? "new" : "none");

/** Cilium with one node and two leaves. `mishaps` break writes; with `useless` no session comes up under that password. */
export function twoSides(
  options: { readonly fabric?: Mishap; readonly cluster?: Mishap; readonly useless?: Secret } = {},
): TwoSides {
  const passwords = { fabric: OLD, cluster: OLD };
  const tries = { fabric: 0, cluster: 0 };
  const written: string[] = [];
  let flaps = 0;
  let letGo = () => {};
  const hanging = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const isUp = () => passwords.fabric === passwords.cluster && passwords.fabric !== options.useless;

  const give = (side: "fabric" | "cluster", password: Secret) => {
    if (passwords[side] !== password) flaps += 1;
    passwords[side] = password;
  };
  const write = async (side: "fabric" | "cluster", password: Secret): Promise<Result<void>> => {
    const mishap = options[side]?.(tries[side]++, password);
    const failure = (kind: Failure["kind"], message: string): Failure => ({ kind, doing: `write ${side}`, message });
    if (mishap === "refused") return failed(failure("unreachable", "connection refused"));
    if (mishap === "denied") return failed(failure("failed", "forbidden"));
    if (mishap === "hangs") {
      await hanging;
      return failed(failure("unreachable", "timed out"));
    }
    give(side, password);
    written.push(`${side} ${word(password)}`);
    return ok(undefined);
  };
  const sideOf = <W>(
    side: "fabric" | "cluster",
    through: (writer: W, password: Secret) => Promise<Result<void>>,
  ): PasswordSide<W> => ({
    name: `the ${side}`,
    plan: async (password): Promise<Result<Planned<W>>> => {
      const change = { target: side, action: "modify", before: "‹secret›", after: "‹secret›" } as const;
      return ok({
        changes: passwords[side] === password ? [] : [change],
        unknown: [],
        project: () => undefined,
        apply: async (writer) => {
          const done = await through(writer, password);
          const lost = done.ok && options[side]?.(tries[side] - 1, password) === "lost answer";
          return lost ? failed({ kind: "unreachable", doing: `read back ${side}`, message: "503" }) : done;
        },
      });
    },
  });

  let wanted = OLD;
  const leaf: LeafReader = {
    nodeDn: "topology/pod-1/node-201",
    object: async () => ok(undefined),
    class: async () => {
      const attributes = { addr: "192.168.2.1", operSt: isUp() ? "established" : "active", connEst: String(flaps) };
      const entry: FoundObject = { className: "bgpPeerEntry", dn: "ent-[192.168.2.1]", attributes, children: [] };
      return ok([entry]);
    },
  };
  const cluster = fakeCluster({
    get "ciliumbgpnodeconfigs.cilium.io"(): readonly KubeObject[] {
      const peers = ["192.168.2.201", "192.168.2.202"].map((peerAddress) => {
        return { peerAddress, peerASN: 65002, peeringState: isUp() ? "established" : "active" };
      });
      const status = { bgpInstances: [{ name: "aci", localASN: 65003, peers }] };
      return [{ apiVersion: "cilium.io/v2", kind: "CiliumBGPNodeConfig", metadata: { name: "worker-1" }, status }];
    },
  });
  const { writer } = cluster.connection;
  if (writer === undefined) throw new Error("the fake cluster has a writer");
  const sessions = [201, 202].map((id) => ({
    ...{ node: "worker-1", rack_id: "1", leaf: `leaf${id}`, leaf_id: id, family: "ipv4" as const },
    ...{ peer_address: `192.168.2.${id}`, local_address: "192.168.2.1" },
  }));
  const args: RotationArguments = {
    ...{ cni: "cilium", apic: "apic1", tenant: "k8s", vrf: "v", l3out: "o", node_profile: "p", pod: 1, vlan: 310, families: [] },
    ...{ sessions, namespace: "kube-system", secret: "bgp-secrets", version: "1.19.6", asn: 65002, from: OLD, to: NEW },
    ...{ hold: 1, batch: "node", timeout: 3, patience: 2 },
  };
  return {
    written,
    give,
    letGo: () => letGo(),
    has: (side) => word(passwords[side]),
    rotation: {
      args,
      passwords: { from: OLD, to: NEW },
      reader: cluster.connection.reader,
      place: { tenant: "k8s", vrf: "v", leaves: new Map(sessions.map((session) => [session.leaf, leaf])) },
      ends: () => ({
        fabric: sideOf("fabric", (to, password) => {
          wanted = password;
          return to.post("uni", {});
        }),
        cluster: sideOf("cluster", (to, password) => {
          wanted = password;
          return to.apply([]);
        }),
      }),
    },
    writers: {
      fabric: { post: () => write("fabric", wanted) },
      cluster: { ...writer, apply: () => write("cluster", wanted) },
      unfinished: new Set(),
    },
  };
}
