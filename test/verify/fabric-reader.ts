import type { Connections, ConnectionTo, Place } from "../../runner/connect/connections.ts";
import type { ApicReader, FoundObject } from "../../runner/connect/managed-object.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import type { Observation } from "../../runner/task.ts";
import type { TaskType } from "../../runner/task-type.ts";
import { reported } from "../support/leaf-reader.ts";

/** A leaf's part of the tree. */
const sys = (leaf: number) => `topology/pod-1/node-${leaf}/sys`;
const rib = (text: string) => (text.includes(":") ? "uribv6" : "uribv4");

/** A route of VRF k8s:calico on a leaf, over these next hops; `owner` is who put it into the table. */
export function routeOn(leaf: number, prefix: string, hops: readonly string[], owner = "bgp-65002"): FoundObject {
  const family = rib(prefix);
  const dn = `${sys(leaf)}/${family}/dom-k8s:calico/db-rt/rt-[${prefix}]`;
  const children = hops.map((hop) => {
    const addr = `${hop}/${hop.includes(":") ? 128 : 32}`;
    return reported(`${family}Nexthop`, `${dn}/nh-[${owner}]-[${addr}]-[unspecified]-[k8s:calico]`, { addr, owner });
  });
  return reported(`${family}Route`, dn, { prefix }, children);
}

/** The leaf's peer for a subnet, with sessions by address and state. */
export function peersOn(leaf: number, subnet: string, sessions: Readonly<Record<string, string>>): FoundObject[] {
  const dn = `${sys(leaf)}/bgp/inst/dom-k8s:calico/peer-[${subnet}]`;
  const entries = Object.entries(sessions).map(([addr, operSt]) =>
    reported("bgpPeerEntry", `${dn}/ent-[${addr}]`, { addr, operSt }),
  );
  const flags = reported("bgpPeerAf", `${dn}/af-[ipv4-ucast]`, { ctrl: "as-override,dis-peer-as-check" });
  return [reported("bgpPeer", dn, { addr: subnet, asn: "65003" }, [flags, ...entries]), ...entries];
}

/** What a probe sees on a fabric with these objects: class queries are those of one leaf (`topology/pod-1/node-201/uribv4Route`). */
export async function observeOnFabric(
  task: TaskType,
  args: Readonly<Record<string, unknown>>,
  objects: readonly FoundObject[],
): Promise<Observation> {
  const reader: ApicReader = {
    class: async (path) => {
      const at = path.lastIndexOf("/");
      const [node, className] = [path.slice(0, at), path.slice(at + 1)];
      return ok(objects.filter((object) => object.className === className && object.dn.startsWith(`${node}/`)));
    },
    object: async (dn) => ok(objects.find((object) => object.dn === dn)),
  };
  const connection: ConnectionTo<"apic"> = {
    reader,
    writer: undefined,
    plan: async () => ok({ changes: [], unknown: [], project: () => {}, apply: async () => ok(undefined) }),
  };
  const none = (): Result<never> => failed({ kind: "failed", doing: "open", message: "not in this test" });
  const places: { readonly [P in Place]: () => Result<ConnectionTo<P>> } = {
    apic: () => ok(connection),
    leaf: none,
    node: none,
    localhost: none,
  };
  const connections: Connections = {
    open: async <P extends Place>(place: P): Promise<Result<ConnectionTo<P>>> => places[place](),
    counts: () => ({}),
    close: async () => {},
  };
  const prepared = task.prepare({ ...args }, "apic1", false);
  if (!prepared.ok || prepared.value.form !== "probe") throw new Error(`bad arguments: ${JSON.stringify(prepared)}`);
  const seen = await prepared.value.observe(connections);
  if (!seen.ok) throw new Error(seen.failure.message);
  return seen.value;
}

/** Argument `leaves`. */
export function leaves(...ids: readonly number[]) {
  return ids.map((id) => ({ name: `leaf${id}`, node_id: id, pod: 1 }));
}
