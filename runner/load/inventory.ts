import { readdirSync } from "node:fs";
import path from "node:path";
import { errorAt } from "../diagnostic.ts";
import { packageRoot } from "../package-root.ts";
import { displayName, type Intake, isDirectory } from "./intake.ts";
import { addInventoryFile, type GroupNode, groupNode, type InventoryTree, priorityOf, saysLab } from "./inventory-tree.ts";
import type { Host, HostKind, Inventory, Variable } from "./model.ts";
import { readYaml } from "./read-yaml.ts";
import { addVariableFiles } from "./variable-files.ts";

/** Groups that decide a host's kind (design section 2). */
const KINDS: readonly (readonly [group: string, kind: HostKind])[] = [
  ["apics", "apic"],
  ["leaves", "leaf"],
  ["nodes", "node"],
];

/** An inventory and whether its own text says `lab: true` (as opposed to `--lab`), which allows secrets in plain text. */
export interface ReadInventory {
  readonly inventory: Inventory;
  readonly plainSecrets: boolean;
}

/** Reads all inventory files together; none given: the package's lab inventory. Mistakes are reported to the intake. */
export function readInventory(intake: Intake, given: readonly string[], lab: boolean): ReadInventory {
  const sources = given.length > 0 ? given : [path.join(packageRoot, "inventory", "lab.yaml")];
  const tree: InventoryTree = { groups: new Map(), hosts: new Map() };
  const folders = new Set<string>();
  for (const file of sources.flatMap((source) => inventoryFiles(intake, source))) {
    const root = readYaml(intake, file, "missing-inventory");
    if (root !== undefined) addInventoryFile(intake, tree, root);
    folders.add(path.dirname(file));
  }
  const top = { file: displayName(sources[0] ?? "."), line: 1, column: 1, length: 1 };
  const all = groupNode(tree, "all", top);
  for (const folder of folders) addVariableFiles(intake, tree, folder);
  const implied = !tree.hosts.has("localhost");
  if (implied) tree.hosts.set("localhost", { name: "localhost", at: top, vars: new Map() });

  const childNames = new Set([...tree.groups.values()].flatMap((group) => [...group.children]));
  for (const group of tree.groups.values()) if (group.name !== "all" && !childNames.has(group.name)) all.children.add(group.name);
  const depths = groupDepths(intake, tree);
  const members = groupMembers(tree);
  const hosts = new Map<string, Host>();
  for (const node of tree.hosts.values()) {
    const groups = [...tree.groups.values()].filter(({ name }) => name === "all" || members.get(name)?.has(node.name) === true);
    const ordered = groups.sort(
      (a, b) =>
        (depths.get(a.name) ?? 0) - (depths.get(b.name) ?? 0) || priorityOf(a) - priorityOf(b) || (a.name < b.name ? -1 : 1),
    );
    const vars = new Map<string, Variable>();
    for (const layer of [...ordered.map((group) => group.vars), node.vars]) {
      for (const [name, variable] of layer) vars.set(name, variable);
    }
    const names = groups.map(({ name }) => name).sort();
    hosts.set(node.name, { name: node.name, kind: kindOf(intake, node.name, node.at, names), groups: names, vars, at: node.at });
  }
  const listed = [...hosts.keys()].filter((name) => !(implied && name === "localhost"));
  const groups = new Map<string, readonly string[]>();
  for (const name of tree.groups.keys()) {
    groups.set(name, name === "all" ? listed : listed.filter((host) => members.get(name)?.has(host)));
  }
  const children = new Map([...tree.groups.values()].map((group) => [group.name, [...group.children].sort()]));
  const plainSecrets = saysLab(tree);
  return { inventory: { sources, hosts, groups, children, lab: lab || plainSecrets }, plainSecrets };
}

function inventoryFiles(intake: Intake, source: string): readonly string[] {
  const directory = isDirectory(source);
  if (directory !== true) return [source];
  const files = readdirSync(source)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => path.join(source, name));
  if (files.length === 0) {
    intake.problems.report(errorAt(undefined, "missing-inventory", `${displayName(source)} holds no .yaml or .yml file`));
  }
  return files;
}

function kindOf(intake: Intake, name: string, at: Host["at"], groups: readonly string[]): HostKind {
  const found = KINDS.filter(([group]) => groups.includes(group));
  if (found.length > 1) {
    const list = found.map(([group]) => group).join(" and ");
    const hint = "a host is a controller, a leaf or a node: keep it in one of these groups";
    intake.problems.report(errorAt(at, "two-kinds", `${name} is in groups ${list}`, hint));
  }
  return found[0]?.[1] ?? (name === "localhost" ? "localhost" : "other");
}

/** Longest way from `all` to each group: Ansible's order of precedence. A group that is its own descendant is reported. */
function groupDepths(intake: Intake, tree: InventoryTree): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  const visit = (group: GroupNode, depth: number, chain: readonly string[]): void => {
    if (chain.includes(group.name)) {
      const cycle = [...chain.slice(chain.indexOf(group.name)), group.name].join(" → ");
      intake.problems.report(errorAt(group.at, "cyclic-group", `group ${group.name} contains itself: ${cycle}`));
      return;
    }
    if ((depths.get(group.name) ?? -1) < depth) depths.set(group.name, depth);
    for (const child of group.children) {
      const node = tree.groups.get(child);
      if (node) visit(node, depth + 1, [...chain, group.name]);
    }
  };
  for (const group of tree.groups.values())
    if (!depths.has(group.name) || group.name === "all") visit(group, group.name === "all" ? 0 : 1, []);
  return depths;
}

function groupMembers(tree: InventoryTree): ReadonlyMap<string, ReadonlySet<string>> {
  const collect = (name: string, seen: Set<string>): readonly string[] => {
    const group = tree.groups.get(name);
    if (group === undefined || seen.has(name)) return [];
    seen.add(name);
    return [...group.hosts, ...[...group.children].flatMap((child) => collect(child, seen))];
  };
  return new Map([...tree.groups.keys()].map((name) => [name, new Set(collect(name, new Set()))]));
}
