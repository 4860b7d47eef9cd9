import { setTimeout as sleep } from "node:timers/promises";
import type { CommandOutput, NodeReader } from "../../runner/connect/node.ts";
import type { FoundFile } from "../../runner/connect/node-file.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import { listConfiguration, showDefaultRoutes, showGuard, showLinks } from "./commands.ts";
import { type FoundNetwork, type RoutesOutput, readNetwork } from "./found-network.ts";
import { CLOUD_INIT_FILE, OUR_FILE } from "./netplan-file.ts";

/** Everything node.network looks at before it decides. */
export interface FoundNode {
  readonly network: FoundNetwork;
  /** Files of netplan's by path, in netplan's order, ours included. */
  readonly netplan: ReadonlyMap<string, FoundFile>;
  /** Everything in the folders where a network's configuration can live, by path. */
  readonly places: readonly string[];
  readonly cloudInit: { readonly installed: boolean; readonly file: FoundFile | undefined };
}

/** What a failure was doing that time may heal: an unfinished change is confirmed or taken back by the node itself. */
const UNFINISHED = "looking for an unfinished change";
/** Milliseconds between two looks for its end. */
const PAUSE = 1000;

/** Reads a node; one whose last change is not finished, since its run was killed or goes on elsewhere, when that is over, `seconds` at most. */
export async function readQuietNode(
  reader: NodeReader,
  families: readonly (4 | 6)[],
  seconds: number,
): Promise<Result<FoundNode>> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const found = await readNode(reader, families);
    if (found.ok || found.failure.doing !== UNFINISHED || Date.now() >= until) return found;
    await sleep(PAUSE);
  }
}

/** Reads a node: one round trip when only our own files are there, else a second one for the other files. */
export async function readNode(reader: NodeReader, families: readonly (4 | 6)[]): Promise<Result<FoundNode>> {
  const [links, routes, listing, guard, ours, cloudInit] = await Promise.all([
    reader.run(showLinks),
    readDefaultRoutes(reader, families),
    reader.run(listConfiguration),
    reader.run(showGuard),
    reader.file(OUR_FILE),
    reader.file(CLOUD_INIT_FILE),
  ]);
  if (!links.ok) return links;
  if (!routes.ok) return routes;
  if (!listing.ok) return listing;
  if (!guard.ok) return guard;
  if (!ours.ok) return ours;
  if (!cloudInit.ok) return cloudInit;
  const idle = noUnfinishedChange(guard.value);
  if (!idle.ok) return idle;
  const places = listing.value.stdout.split("\n").filter((line) => line !== "");
  const renderer = isNetplan(places);
  if (!renderer.ok) return renderer;
  const network = readNetwork(links.value, routes.value);
  if (!network.ok) return network;

  const paths = places.filter((path) => /^\/(etc|run|usr\/lib)\/netplan\/[^/]+\.yaml$/.test(path)).sort(inNetplanOrder);
  const others = paths.filter((path) => path !== OUR_FILE);
  const read = await Promise.all(others.map(async (path) => ({ path, file: await reader.file(path) })));
  const files = new Map<string, FoundFile>();
  for (const { path, file } of read) {
    if (!file.ok) return file;
    if (file.value !== undefined) files.set(path, file.value);
  }
  if (ours.value !== undefined) files.set(OUR_FILE, ours.value);
  return ok({
    network: network.value,
    netplan: new Map(paths.flatMap((path) => pairIfThere(path, files.get(path)))),
    places,
    cloudInit: { installed: places.includes("/etc/cloud/cloud.cfg.d"), file: cloudInit.value },
  });
}

/** Default routes of these families, as `readNetwork` takes them. */
export async function readDefaultRoutes(
  reader: NodeReader,
  families: readonly (4 | 6)[],
): Promise<Result<readonly RoutesOutput[]>> {
  const read = await Promise.all(families.map(async (family) => ({ family, ran: await reader.run(showDefaultRoutes(family)) })));
  const outputs: RoutesOutput[] = [];
  for (const { family, ran } of read) {
    if (!ran.ok) return ran;
    outputs.push({ family, output: ran.value });
  }
  return ok(outputs);
}

/** States of rollback timer, rollback and apply, from `systemctl is-active`. */
export function guardStates(output: CommandOutput): {
  readonly timer: boolean;
  readonly rollback: boolean;
  readonly apply: boolean;
} {
  const [timer, rollback, apply] = output.stdout
    .split("\n")
    .map((line) => /^(active|activating|deactivating|reloading)$/.test(line));
  return { timer: timer === true, rollback: rollback === true, apply: apply === true };
}

function noUnfinishedChange(output: CommandOutput): Result<void> {
  const { timer, rollback, apply } = guardStates(output);
  if (!timer && !rollback && !apply) return ok(undefined);
  return failed({
    kind: "failed",
    doing: UNFINISHED,
    message: `active on the node: ${[timer ? "underlay-rollback.timer" : [], rollback ? "underlay-rollback.service" : [], apply ? "underlay-apply.service" : []].flat().join(", ")}`,
    meaning: "another run is changing this node's network, or one was broken off; the node takes the change back by itself",
    next: "wait until it is over (systemctl list-timers underlay-rollback.timer), then run again",
  });
}

/** Only netplan is spoken. Says what the node has instead. */
function isNetplan(places: readonly string[]): Result<void> {
  if (places.includes("/usr/sbin/netplan") && places.includes("/etc/netplan")) return ok(undefined);
  const others = [
    ["/etc/NetworkManager/system-connections", "NetworkManager (/etc/NetworkManager/system-connections)"],
    ["/etc/network/interfaces", "ifupdown (/etc/network/interfaces)"],
    ["/etc/sysconfig/network-scripts", "network-scripts (/etc/sysconfig/network-scripts)"],
  ].flatMap(([path, name]) => (path !== undefined && name !== undefined && places.includes(path) ? [name] : []));
  return failed({
    kind: "failed",
    doing: "finding out how the node's network is configured",
    message: `netplan is not there; found: ${others.length === 0 ? "nothing known" : others.join(", ")}`,
    meaning: "node.network writes netplan files only",
    next: "install netplan.io, or leave this task out for the node (--skip-tags nodes) and configure it by hand",
  });
}

/** Netplan sorts by file name, whatever folder a file is in. */
function inNetplanOrder(one: string, other: string): number {
  const name = (path: string) => path.slice(path.lastIndexOf("/") + 1);
  return name(one) < name(other) ? -1 : 1;
}

function pairIfThere(path: string, file: FoundFile | undefined): readonly (readonly [string, FoundFile])[] {
  return file === undefined ? [] : [[path, file]];
}
