import type { LabObject } from "../parts.ts";
import { answerBody, good, type Outcome, refused, type WireAnswer, type WireObject } from "./answer.ts";
import { abstractClasses, classTable } from "./class-table.ts";
import { isWithin } from "./dn.ts";
import { compareValues, type Filter, parseFilter } from "./filter.ts";
import { isConfigurable, type PropInclude, renderAttributes } from "./render.ts";
import type { ApiTarget } from "./request-url.ts";
import { countFaults, isFault, readIncludes, type SubtreeInclude } from "./subtree-include.ts";
import type { Tree } from "./tree.ts";

/** Everything the query parameters of a GET ask for (aci-objects 1.4). */
interface Query {
  readonly target: "self" | "children" | "subtree";
  readonly targetClasses: ReadonlySet<string> | undefined;
  readonly filter: Filter;
  readonly subtree: "no" | "children" | "full";
  readonly subtreeClasses: ReadonlySet<string> | undefined;
  readonly subtreeFilter: Filter | undefined;
  readonly include: ReadonlySet<SubtreeInclude>;
  readonly properties: PropInclude;
  readonly order: readonly { readonly property: string; readonly descending: boolean }[];
  readonly page: { readonly number: number; readonly size: number } | undefined;
}

/** Answers a GET on a DN or a class. */
export function runQuery(
  tree: Tree,
  target: Exclude<ApiTarget, { kind: "method" }>,
  parameters: ReadonlyMap<string, string>,
): Outcome<WireAnswer> {
  const read = readQuery(parameters);
  if (!read.ok) return read;
  const query = read.value;
  let roots: readonly LabObject[];
  if (target.kind === "mo") roots = [tree.get(target.dn)].filter((object) => object !== undefined);
  else {
    const classes = concrete(target.className);
    if (classes === undefined) return refused("400", `Request failed, unresolved class for ${target.className}`);
    roots = classes.flatMap((name) => tree.ofClass(name)).filter((object) => isWithin(object.dn, target.scope));
  }
  const found = targets(tree, roots, query).filter(query.filter);
  if (query.include.has("count")) {
    return good(answerBody([{ moCount: { attributes: { childAction: "", count: String(found.length), dn: "", status: "" } } }]));
  }
  if (query.include.has("no-scoped")) {
    const faults = found.flatMap((object) => faultsOf(tree, object, query.include.has("subtree")));
    const rendered = faults.map(
      (fault): WireObject => ({ [fault.className]: { attributes: renderAttributes(fault, false, query.properties) } }),
    );
    return good(paged(rendered, query));
  }
  const required = found.filter((object) => !query.include.has("required") || selects(tree, object, query));
  const ordered = sorted(required, query);
  const { page } = query;
  const part = page === undefined ? ordered : ordered.slice(page.number * page.size, (page.number + 1) * page.size);
  return good(
    answerBody(
      part.map((object) => render(tree, object, query, false)),
      ordered.length,
    ),
  );
}

function paged(objects: readonly WireObject[], { page }: Query): WireAnswer {
  const part = page === undefined ? objects : objects.slice(page.number * page.size, (page.number + 1) * page.size);
  return answerBody(part, objects.length);
}

function concrete(className: string): readonly string[] | undefined {
  return abstractClasses.get(className) ?? (classTable.has(className) ? [className] : undefined);
}

function readClasses(text: string | undefined): Outcome<ReadonlySet<string> | undefined> {
  if (text === undefined || text === "") return good(undefined);
  const classes = new Set<string>();
  for (const name of text.split(",").map((one) => one.trim())) {
    const known = concrete(name);
    if (known === undefined) return refused("122", `unknown managed object class ${name}`);
    for (const one of known) classes.add(one);
  }
  return good(classes);
}

function word<T extends string>(parameters: ReadonlyMap<string, string>, name: string, words: readonly [T, ...T[]]): Outcome<T> {
  const value = parameters.get(name) ?? words[0];
  const known = words.find((one) => one === value);
  return known === undefined ? refused("400", `Request failed, invalid value '${value}' for ${name}`) : good(known);
}

function readQuery(parameters: ReadonlyMap<string, string>): Outcome<Query> {
  const target = word(parameters, "query-target", ["self", "children", "subtree"]);
  if (!target.ok) return target;
  const subtree = word(parameters, "rsp-subtree", ["no", "children", "full", "modified"]);
  if (!subtree.ok) return subtree;
  const properties = word(parameters, "rsp-prop-include", ["all", "naming-only", "config-only"]);
  if (!properties.ok) return properties;
  const targetClasses = readClasses(parameters.get("target-subtree-class"));
  if (!targetClasses.ok) return targetClasses;
  const subtreeClasses = readClasses(parameters.get("rsp-subtree-class"));
  if (!subtreeClasses.ok) return subtreeClasses;
  const filter = readFilter(parameters.get("query-target-filter"));
  if (!filter.ok) return filter;
  const subtreeFilter = readFilter(parameters.get("rsp-subtree-filter"));
  if (!subtreeFilter.ok) return subtreeFilter;
  const include = readIncludes(parameters.get("rsp-subtree-include"));
  if (!include.ok) return include;
  const size = Number(parameters.get("page-size") ?? Number.NaN);
  const order = (parameters.get("order-by") ?? "").split(",").flatMap((part) => {
    const match = /^\s*\w+\.(\w+)(?:\|(asc|desc))?\s*$/.exec(part);
    return match === null ? [] : [{ property: match[1] ?? "", descending: match[2] === "desc" }];
  });
  return good({
    target: target.value,
    targetClasses: targetClasses.value,
    filter: filter.value ?? (() => true),
    subtree: subtree.value === "modified" ? "no" : subtree.value,
    subtreeClasses: subtreeClasses.value,
    subtreeFilter: subtreeFilter.value,
    include: include.value,
    properties: properties.value,
    order,
    page: Number.isInteger(size) && size > 0 ? { number: Number(parameters.get("page") ?? 0), size } : undefined,
  });
}

function readFilter(text: string | undefined): Outcome<Filter | undefined> {
  return text === undefined || text === "" ? good(undefined) : parseFilter(text);
}

function targets(tree: Tree, roots: readonly LabObject[], query: Query): readonly LabObject[] {
  if (query.target === "self") return roots;
  const found = new Map<string, LabObject>();
  for (const root of roots) {
    const objects = query.target === "children" ? tree.children(root.dn) : tree.subtree(root.dn);
    for (const object of objects) {
      if (query.targetClasses?.has(object.className) ?? true) found.set(object.dn, object);
    }
  }
  return [...found.values()];
}

function sorted(objects: readonly LabObject[], { order }: Query): readonly LabObject[] {
  if (order.length === 0) return objects;
  return [...objects].sort((a, b) => {
    for (const { property, descending } of order) {
      const difference = compareValues(a.attributes[property] ?? "", b.attributes[property] ?? "");
      if (difference !== 0) return descending ? -difference : difference;
    }
    return 0;
  });
}

/** Whether a child itself belongs into the answer. */
function wanted(object: LabObject, query: Query): boolean {
  if (isFault(object)) return query.include.has("faults") || query.subtreeClasses?.has(object.className) === true;
  if (query.subtree === "no" || (query.subtreeClasses?.has(object.className) ?? true) === false) return false;
  if (query.properties === "config-only" && !isConfigurable(object)) return false;
  return query.subtreeFilter?.(object) ?? true;
}

/** Whether anything below an object belongs into the answer; in a full subtree the way to it is shown too. */
function selects(tree: Tree, object: LabObject, query: Query): boolean {
  const deep = query.subtree === "full" || query.include.has("subtree");
  return tree.children(object.dn).some((child) => wanted(child, query) || (deep && selects(tree, child, query)));
}

function render(tree: Tree, object: LabObject, query: Query, nested: boolean): WireObject {
  const attributes = renderAttributes(object, nested, query.properties);
  const deep = query.subtree === "full" || query.include.has("subtree");
  if (query.subtree === "no" && query.include.size === 0) return { [object.className]: { attributes } };
  const narrow = query.subtreeClasses !== undefined || query.subtreeFilter !== undefined || query.include.has("subtree");
  const children: WireObject[] = [];
  for (const child of nested && !deep ? [] : tree.children(object.dn)) {
    const show = wanted(child, query) || (deep && narrow && selects(tree, child, query));
    if (show) children.push(render(tree, child, query, true));
  }
  if (query.include.has("fault-count") && !nested) {
    children.push(countFaults(faultsOf(tree, object, query.include.has("subtree"))));
  }
  return { [object.className]: children.length === 0 ? { attributes } : { attributes, children } };
}

function faultsOf(tree: Tree, object: LabObject, deep: boolean): readonly LabObject[] {
  return [...(deep ? tree.subtree(object.dn) : tree.children(object.dn))].filter(isFault);
}
