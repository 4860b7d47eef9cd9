import { createHash } from "node:crypto";
import type { ClusterReader } from "../../runner/connect/cluster.ts";
import { isObject } from "../../runner/json.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import { bareAddress } from "../calico/bare-address.ts";
import { NAMESPACE, type RouterPod } from "./pods.ts";

/** Words for `state.session_state`, which GoBGP prints as a number (facts 2.5). */
const STATES = ["unknown", "Idle", "Connect", "Active", "OpenSent", "OpenConfirm", "Established"] as const;
const ADMIN_STATES = ["up", "down", "prefix limit"] as const;

/** A neighbour of the GoBGP inside kube-router. The password itself is not kept: `gobgp neighbor` prints it in clear. */
export interface Neighbor {
  readonly address: string;
  readonly asn: number | undefined;
  /** The node's own AS; undefined when GoBGP left it out. */
  readonly localAsn: number | undefined;
  readonly state: (typeof STATES)[number];
  readonly admin: (typeof ADMIN_STATES)[number];
  /** Prefixes, all families together. */
  readonly received: number;
  readonly accepted: number;
  /** Address it connects from, when GoBGP says so. */
  readonly localAddress: string | undefined;
  /** digestOf its password; undefined: none. */
  readonly password: string | undefined;
}

/** Asks a pod for its neighbours. Nothing of what it answers is in the failure. */
export async function readNeighbors(reader: ClusterReader, pod: RouterPod): Promise<Result<readonly Neighbor[]>> {
  const asked = await ask(reader, pod, ["gobgp", "neighbor", "-j"]);
  if (!asked.ok) return asked;
  return Array.isArray(asked.value) ? ok(asked.value.flatMap(neighborOf)) : unreadable(pod, "gobgp neighbor -j");
}

/** Prefixes that a pod has from a neighbour and whose AS path holds this AS: dropped as loops (facts 4.1). */
export async function readLoops(
  reader: ClusterReader,
  pod: RouterPod,
  address: string,
  asn: number,
): Promise<Result<readonly string[]>> {
  const asked = await ask(reader, pod, ["gobgp", "neighbor", address, "adj-in", "-j"]);
  if (!asked.ok) return asked;
  if (!isObject(asked.value)) return ok([]);
  return ok(
    Object.entries(asked.value).flatMap(([prefix, paths]) =>
      Array.isArray(paths) && paths.some((path: unknown) => asPath(path).includes(asn)) ? [prefix] : [],
    ),
  );
}

/** Stands for a password where two are compared: nothing that reads it back, and never shown either. */
export function digestOf(password: string): string {
  return createHash("sha256").update(password).digest("hex");
}

async function ask(reader: ClusterReader, pod: RouterPod, command: readonly [string, ...string[]]): Promise<Result<unknown>> {
  const ran = await reader.exec({ namespace: NAMESPACE, pod: pod.name, container: pod.container }, command);
  if (!ran.ok) return ran;
  // Nothing at all: no neighbours, no routes.
  if (ran.value.trim() === "") return ok([]);
  try {
    const answer: unknown = JSON.parse(ran.value);
    return ok(answer ?? []);
  } catch {
    // Not the parser's own words: they quote the text.
    return unreadable(pod, command.join(" "));
  }
}

function unreadable(pod: RouterPod, command: string): Result<never> {
  return failed({
    kind: "failed",
    doing: `${command} in pod ${NAMESPACE}/${pod.name}`,
    message: "the answer is not the JSON that was expected",
    next: "look at it by hand; it holds the BGP password in clear",
  });
}

/** GoBGP leaves out what is zero and prints enums as numbers. */
function neighborOf(entry: unknown): readonly Neighbor[] {
  if (!isObject(entry) || !isObject(entry.conf)) return [];
  const { conf } = entry;
  const state = isObject(entry.state) ? entry.state : {};
  const transport = isObject(entry.transport) ? entry.transport : {};
  const address = conf.neighbor_address ?? state.neighbor_address;
  if (typeof address !== "string") return [];
  const counts = (Array.isArray(entry.afi_safis) ? entry.afi_safis : []).flatMap((family: unknown) =>
    isObject(family) && isObject(family.state) ? [family.state] : [],
  );
  const sum = (name: "received" | "accepted") => counts.reduce((total, count) => total + (numberOf(count[name]) ?? 0), 0);
  const local = transport.local_address;
  const password = conf.auth_password;
  return [
    {
      address: bareAddress(address),
      // peer_as and local_as: GoBGP 2, in kube-router 1.5.
      asn: numberOf(conf.peer_asn ?? conf.peer_as),
      localAsn: numberOf(conf.local_asn ?? conf.local_as),
      state: STATES[numberOf(state.session_state) ?? 0] ?? "unknown",
      admin: ADMIN_STATES[numberOf(state.admin_state) ?? 0] ?? "up",
      received: sum("received"),
      accepted: sum("accepted"),
      localAddress: typeof local === "string" && local !== "" ? bareAddress(local) : undefined,
      password: typeof password === "string" && password !== "" ? digestOf(password) : undefined,
    },
  ];
}

/** AS_PATH is attribute type 2. */
function asPath(path: unknown): readonly unknown[] {
  const attributes = isObject(path) && Array.isArray(path.attrs) ? path.attrs.filter(isObject) : [];
  const segments = attributes.flatMap(({ type, as_paths: found }) => (type === 2 && Array.isArray(found) ? found : []));
  return segments.flatMap((segment: unknown) => (isObject(segment) && Array.isArray(segment.asns) ? segment.asns : []));
}

/** Numbers of 64 bits are texts in protobuf's JSON. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
