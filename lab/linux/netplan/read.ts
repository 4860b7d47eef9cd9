import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from "yaml";
import { isObject } from "../../../runner/json.ts";
import type { FileTree } from "../files.ts";
import { namesIn } from "../files.ts";
import { checkValue } from "./check.ts";
import { type Known, NETPLAN, ROUTE_KEYS } from "./keys.ts";

/** netplan's three folders; a later one hides files of the same name (netplan(5)). */
const FOLDERS = ["/usr/lib/netplan", "/etc/netplan", "/run/netplan"] as const;

/** Merged configuration of all files, or netplan's error text; warnings go to standard error in both cases. */
export type Merged = {
  readonly network: Readonly<Record<string, unknown>>;
  readonly warnings: string;
  readonly error: string | undefined;
};

/** Reads, checks and merges a node's netplan files in order of their names. */
export function readNetplan(tree: FileTree): Merged {
  const byName = new Map<string, string>();
  for (const folder of FOLDERS) {
    for (const name of namesIn(tree, folder)) if (name.endsWith(".yaml")) byName.set(name, `${folder}/${name}`);
  }
  let network: Record<string, unknown> = {};
  let warnings = "";
  for (const name of [...byName.keys()].sort()) {
    const path = byName.get(name) ?? "";
    const entry = tree.get(path);
    if (entry === undefined) continue;
    if ((entry.mode & 0o077) !== 0) {
      warnings += `\n** (generate:1): WARNING **: Permissions for ${path} are too open. Netplan configuration should NOT be accessible by others.\n`;
    }
    const read = readOne(path, entry.content);
    if (read.error !== undefined) return { network: {}, warnings, error: read.error };
    network = mergeMaps(network, read.network);
  }
  return { network, warnings, error: undefined };
}

type OneFile = { readonly network: Record<string, unknown>; readonly error: string | undefined };

function readOne(path: string, text: string): OneFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number, what: string): OneFile => {
    const { line, col } = lines.linePos(offset);
    const source = text.split("\n")[line - 1] ?? "";
    return { network: {}, error: `${path}:${line}:${col}: ${what}\n${source}\n${" ".repeat(Math.max(0, col - 1))}^\n` };
  };
  const [broken] = document.errors;
  if (broken !== undefined) return at(broken.pos[0], `Invalid YAML: ${broken.message.split("\n")[0]}:`);
  if (document.contents === null) return { network: {}, error: undefined };
  const wrong = checkNode(document.contents, NETPLAN, []);
  if (wrong !== undefined) return at(wrong.offset, `Error in network definition: ${wrong.what}`);
  const value: unknown = document.toJS();
  return { network: isObject(value) && isObject(value.network) ? value.network : {}, error: undefined };
}

type Wrong = { readonly offset: number; readonly what: string } | undefined;

function startOf(node: unknown): number {
  return isScalar(node) || isMap(node) || isSeq(node) ? (node.range?.[0] ?? 0) : 0;
}

function checkNode(node: Node, known: Known, path: readonly string[]): Wrong {
  if (known === true) return path.at(-1) === "routes" && isSeq(node) ? checkRoutes(node.items) : checkLeaf(node, path);
  if (isScalar(node) && node.value === null) return undefined;
  if (!isMap(node)) return { offset: startOf(node), what: "expected mapping (check indentation)" };
  return checkPairs(node.items, known, path);
}

function checkPairs(pairs: readonly Pair[], known: Exclude<Known, true>, path: readonly string[]): Wrong {
  for (const { key, value } of pairs) {
    const name = isScalar(key) ? String(key.value) : "";
    const below = "each" in known ? known.each : known.keys[name];
    if (below === undefined) return { offset: startOf(key), what: `unknown key '${name}'` };
    if (!isScalar(value) && !isMap(value) && !isSeq(value)) continue;
    const wrong = checkNode(value, below, [...path, name]);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function checkRoutes(routes: readonly unknown[]): Wrong {
  for (const route of routes) {
    if (!isMap(route)) return { offset: startOf(route), what: "expected mapping (check indentation)" };
    for (const { key, value } of route.items) {
      const name = isScalar(key) ? String(key.value) : "";
      if (!ROUTE_KEYS.has(name)) return { offset: startOf(key), what: `unknown key '${name}'` };
      const what = isScalar(value) ? checkValue(["routes", name], value.value) : undefined;
      if (what !== undefined) return { offset: startOf(value), what };
    }
    if (!route.has("to")) return { offset: startOf(route), what: "unicast route must include both a 'to' and 'via' IP" };
  }
  return undefined;
}

function checkLeaf(node: Node, path: readonly string[]): Wrong {
  for (const item of isSeq(node) ? node.items : [node]) {
    const what = isScalar(item) ? checkValue(path, item.value) : undefined;
    if (what !== undefined) return { offset: startOf(item), what };
  }
  return undefined;
}

/** netplan's merge: mappings by key, lists joined without doubles, scalars of the later file. */
function mergeMaps(below: Record<string, unknown>, above: Record<string, unknown>): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const old = merged[key];
    if (isObject(old) && isObject(value)) merged[key] = mergeMaps(old, value);
    else if (Array.isArray(old) && Array.isArray(value)) merged[key] = joined(old, value);
    else if (!(isObject(old) && value === null)) merged[key] = value;
  }
  return merged;
}

function joined(first: readonly unknown[], second: readonly unknown[]): unknown[] {
  const seen = new Set(first.map((item) => JSON.stringify(item)));
  return [...first, ...second.filter((item) => !seen.has(JSON.stringify(item)))];
}
