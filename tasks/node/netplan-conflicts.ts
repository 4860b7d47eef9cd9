import picomatch from "picomatch";
import { type Document, isMap, isScalar, parseDocument, type YAMLMap } from "yaml";
import { failed, ok, type Result } from "../../runner/result.ts";
import type { FoundLink } from "./found-network.ts";
import { lowerLink, type WantedNetwork } from "./wanted-network.ts";

/** What becomes of a netplan file that somebody else wrote. */
export interface Cleared {
  /** New text; undefined: nothing but our links was configured there, so the file goes. */
  readonly content: string | undefined;
  /** Ids under which this file defines our physical links and goes on doing so, by link name. */
  readonly ids: ReadonlyMap<string, string>;
}

/**
 * Keys of an `ethernets` entry that say which card it is and how its driver is set, not what its network is (netplan's reference, "Common
 * properties for physical device types"). They stay, because an interface may have its very name from `set-name`.
 */
const CARD_KEYS = new Set([
  "match",
  "set-name",
  "wakeonlan",
  "emit-lldp",
  "macaddress",
  "auth",
  "receive-checksum-offload",
  "transmit-checksum-offload",
  "tcp-segmentation-offload",
  "tcp6-segmentation-offload",
  "generic-segmentation-offload",
  "generic-receive-offload",
  "large-receive-offload",
  "virtual-function-count",
  "embedded-switch-mode",
  "delay-virtual-functions-rebind",
]);

/**
 * Takes our links out of a file of netplan's that somebody else wrote: netplan merges all files, so addresses and routes left there would
 * stay on the node. What concerns other links is kept as it was written. Text that needs no change comes back unchanged.
 */
export function clearFile(path: string, content: string, wanted: WantedNetwork, links: readonly FoundLink[]): Result<Cleared> {
  const document = parseDocument(content);
  const [error] = document.errors;
  if (error !== undefined) return refuse(path, error.message, "correct the file: netplan itself cannot read it either");
  const ids = new Map<string, string>();
  let touched = false;
  for (const [id, entry] of entries(document, "ethernets")) {
    const matched = matchedLinks(id, entry, links);
    const ours = matched.filter((name) => wanted.members.includes(name));
    if (ours.length === 0) continue;
    const others = matched.filter((name) => !wanted.members.includes(name));
    if (others.length > 0) {
      const message = `ethernets.${id} matches ${others.join(", ")} as well as ${ours.join(", ")}`;
      return refuse(path, message, "split this entry by hand, so that each interface has its own");
    }
    for (const key of keysOf(entry)) {
      if (CARD_KEYS.has(key)) continue;
      entry.delete(key);
      touched = true;
    }
    const [only] = ours;
    if (entry.items.length > 0 && ours.length === 1 && only !== undefined) ids.set(only, id);
    else touched = drop(document, "ethernets", id);
  }
  const byId = new Set([...wanted.members, ...ids.values()]);
  const isMember = (id: string) => byId.has(id);
  for (const [id, entry] of entries(document, "bridges")) {
    const ports = names(entry, "interfaces").filter((port) => isMember(port) || port === wanted.bond);
    if (ports.length === 0) continue;
    return refuse(
      path,
      `bridge ${id} uses ${ports.join(", ")}`,
      "underlay takes no bridge apart: remove the bridge or name other interfaces",
    );
  }
  for (const [id, entry] of entries(document, "bonds")) {
    const takes = names(entry, "interfaces").some(isMember);
    if (id === wanted.bond || takes) touched = drop(document, "bonds", id);
  }
  for (const [id, entry] of entries(document, "vlans")) {
    const parent = text(entry, "link");
    const onMember = wanted.bond !== undefined && parent !== undefined && isMember(parent);
    const rides = parent !== undefined && (parent === lowerLink(wanted) || (wanted.bond === undefined && isMember(parent)));
    const same = rides && wanted.vlan !== undefined && entry.get("id") === wanted.vlan.id;
    if (id === wanted.vlan?.name || onMember || same) touched = drop(document, "vlans", id);
  }
  if (!touched) return ok({ content, ids });
  return ok({ content: saysNothing(document) ? undefined : document.toString(), ids });
}

/** Links that an `ethernets` entry is about: by `match`, or the one it is named for (netplan's reference, "match"). */
function matchedLinks(id: string, entry: YAMLMap, links: readonly FoundLink[]): readonly string[] {
  const rename = text(entry, "set-name");
  const match = entry.get("match");
  if (!isMap(match)) return [id];
  const glob = text(match, "name");
  const mac = text(match, "macaddress")?.toLowerCase();
  return links
    .filter((link) => link.kind === undefined)
    .filter((link) => {
      if (rename !== undefined && link.name === rename) return true;
      if (mac !== undefined && !link.macs.includes(mac)) return false;
      if (glob !== undefined && !picomatch.isMatch(link.name, glob)) return false;
      return mac !== undefined || glob !== undefined || link.name === id;
    })
    .map((link) => link.name);
}

/** The definitions of one kind, as (id, map) pairs; an empty definition (`eno1:`) counts as an empty map. */
function entries(document: Document, kind: string): readonly (readonly [string, YAMLMap])[] {
  const definitions = document.getIn(["network", kind]);
  if (!isMap(definitions)) return [];
  return definitions.items.flatMap((item) => {
    const id = isScalar(item.key) ? String(item.key.value) : String(item.key);
    if (isMap(item.value)) return [[id, item.value] as const];
    const empty = document.createNode({});
    return isMap(empty) ? [[id, empty] as const] : [];
  });
}

function drop(document: Document, kind: string, id: string): true {
  document.deleteIn(["network", kind, id]);
  const left = document.getIn(["network", kind]);
  if (isMap(left) && left.items.length === 0) document.deleteIn(["network", kind]);
  return true;
}

/** Only a version is left: the file configures nothing. A `renderer` counts as something, because other files depend on it. */
function saysNothing(document: Document): boolean {
  const network = document.get("network");
  return !isMap(network) || keysOf(network).every((key) => key === "version");
}

function keysOf(map: YAMLMap): readonly string[] {
  return map.items.map((item) => (isScalar(item.key) ? String(item.key.value) : String(item.key)));
}

function text(map: YAMLMap, key: string): string | undefined {
  const value = map.get(key);
  return typeof value === "string" ? value : undefined;
}

function names(map: YAMLMap, key: string): readonly string[] {
  const plain: unknown = map.toJSON();
  const list =
    typeof plain === "object" && plain !== null && key in plain ? Object.entries(plain).find(([name]) => name === key)?.[1] : [];
  return Array.isArray(list) ? list.map(String) : [];
}

function refuse(path: string, message: string, next: string): Result<never> {
  return failed({ kind: "failed", doing: `reading ${path}`, message, next });
}
