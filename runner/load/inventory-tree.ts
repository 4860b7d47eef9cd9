import { errorAt, type SourceRange } from "../diagnostic.ts";
import { hintFor } from "../nearest.ts";
import { entriesOf, isNull, keyAt, kindName, textOf } from "../value.ts";
import type { Intake } from "./intake.ts";
import type { Value, Variable } from "./model.ts";
import { expandRange } from "./ranges.ts";

/** A group as the inventory files describe it together. */
export interface GroupNode {
  readonly name: string;
  readonly at: SourceRange;
  /** Hosts named directly in it, in inventory order. */
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  readonly vars: Map<string, Variable>;
}

/** A host with its own variables. */
export interface HostNode {
  readonly name: string;
  readonly at: SourceRange;
  readonly vars: Map<string, Variable>;
}

/** Everything that inventory files, `group_vars/` and `host_vars/` say; filled file by file. */
export interface InventoryTree {
  readonly groups: Map<string, GroupNode>;
  readonly hosts: Map<string, HostNode>;
}

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
const GROUP_KEYS = ["hosts", "children", "vars"];

/** The group of this name, made when it is new. */
export function groupNode(tree: InventoryTree, name: string, at: SourceRange): GroupNode {
  const known = tree.groups.get(name);
  const group = known ?? { name, at, hosts: new Set<string>(), children: new Set<string>(), vars: new Map<string, Variable>() };
  tree.groups.set(name, group);
  return group;
}

/** Adds one inventory file, in Ansible's YAML layout: top-level keys are groups. */
export function addInventoryFile(intake: Intake, tree: InventoryTree, root: Value): void {
  if (isNull(root)) return;
  if (root.kind !== "map") {
    const hint = "start with all: and below it hosts:, children:, vars:";
    intake.problems.report(errorAt(root.at, "inventory-layout", `an inventory is a map of groups, not ${kindName(root)}`, hint));
    return;
  }
  if (root.entries.has("plugin")) {
    const hint = "save its result with ansible-inventory --list --yaml";
    intake.problems.report(errorAt(keyAt(root, "plugin"), "unsupported-keyword", "inventory plugins are not run", hint));
    return;
  }
  for (const [name, body] of root.entries) addGroup(intake, tree, name, body, keyAt(root, name));
}

function addGroup(intake: Intake, tree: InventoryTree, name: string, body: Value, at: SourceRange): void {
  const { problems } = intake;
  if (!NAME.test(name)) problems.report(errorAt(at, "bad-name", `${name} is not a name for a group`));
  const group = groupNode(tree, name, at);
  if (isNull(body)) return;
  if (body.kind !== "map") {
    const hint = `a group has ${GROUP_KEYS.join(", ")}`;
    problems.report(errorAt(body.at, "inventory-layout", `group ${name} is a map, not ${kindName(body)}`, hint));
    return;
  }
  for (const [key, value] of body.entries) {
    if (!GROUP_KEYS.includes(key)) {
      const hint = hintFor(key, GROUP_KEYS) ?? "put variables below vars:";
      problems.report(errorAt(keyAt(body, key), "unknown-key", `group ${name} has no key ${key}`, hint));
    } else if (!isNull(value) && value.kind !== "map") {
      const hint = key === "vars" ? undefined : `write each one as a key: ${name}: { ${key}: { first: {}, second: {} } }`;
      problems.report(errorAt(value.at, "inventory-layout", `${key} of group ${name} is a map, not ${kindName(value)}`, hint));
    }
  }
  const hosts = body.entries.get("hosts");
  for (const [pattern, vars] of entriesOf(hosts)) addHosts(intake, tree, group, pattern, vars, keyAt(hosts ?? body, pattern));
  const children = body.entries.get("children");
  for (const [child, value] of entriesOf(children)) {
    group.children.add(child);
    addGroup(intake, tree, child, value, keyAt(children ?? body, child));
  }
  for (const [variable, value] of entriesOf(body.entries.get("vars"))) {
    group.vars.set(variable, { value, origin: name === "all" ? "all" : "group", source: `group ${name}` });
  }
}

function addHosts(intake: Intake, tree: InventoryTree, group: GroupNode, pattern: string, vars: Value, at: SourceRange): void {
  const expanded = expandRange(pattern);
  if (!expanded.ok) {
    intake.problems.report(errorAt(at, "bad-range", expanded.message, "example: leaf[201:204]"));
    return;
  }
  if (!isNull(vars) && vars.kind !== "map") {
    intake.problems.report(errorAt(vars.at, "inventory-layout", `variables of host ${pattern} are a map, not ${kindName(vars)}`));
  }
  for (const name of expanded.names) {
    if (!NAME.test(name)) {
      intake.problems.report(errorAt(at, "bad-name", `${name} is not a name for a host`));
      continue;
    }
    const host = tree.hosts.get(name) ?? { name, at, vars: new Map<string, Variable>() };
    tree.hosts.set(name, host);
    group.hosts.add(name);
    for (const [variable, value] of entriesOf(vars)) host.vars.set(variable, { value, origin: "host", source: `host ${name}` });
  }
}

/** Whether a group's own variable says so: `lab: true` makes the whole inventory the lab's. */
export function saysLab(tree: InventoryTree): boolean {
  return [...tree.groups.values()].some(({ vars }) => {
    const value = vars.get("lab")?.value;
    return value?.kind === "literal" && value.value === true;
  });
}

/** Ansible's `ansible_group_priority`: decides between groups of the same depth; 1 when absent. */
export function priorityOf(group: GroupNode): number {
  const value = group.vars.get("ansible_group_priority")?.value;
  const text = textOf(value);
  if (text !== undefined && /^\d+$/.test(text)) return Number(text);
  return value?.kind === "literal" && typeof value.value === "number" ? value.value : 1;
}
