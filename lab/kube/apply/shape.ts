import type { Json } from "../../../runner/json.ts";
import { isJsonObject, isList, listAt, objectAt, textAt, valueAt } from "../objects/kube-object.ts";
import type { ResourceType } from "../objects/resource-type.ts";

/**
 * How a value merges: the markers `x-kubernetes-list-type`, `-list-map-keys` and `-map-type` (Kubernetes docs, Server-Side Apply, Merge
 * strategy). Lists without a marker and maps marked atomic are owned as a whole.
 */
export interface Shape {
  /** Keys of an associative list; undefined for other lists. */
  readonly keys: readonly string[] | undefined;
  /** Values that absent keys stand for: `protocol: TCP`. */
  readonly keyDefaults: Readonly<Record<string, Json>>;
  /** A list whose elements are their own keys. */
  readonly set: boolean;
  /** An object that is replaced as a whole. */
  readonly atomic: boolean;
  field(name: string): Shape;
  item(): Shape;
}

/** Associative lists of the built-in kinds, by `parent.field` or `field`. */
const LIST_KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  initContainers: ["name"],
  ephemeralContainers: ["name"],
  volumes: ["name"],
  env: ["name"],
  imagePullSecrets: ["name"],
  secrets: ["name"],
  volumeMounts: ["mountPath"],
  "containers.ports": ["containerPort", "protocol"],
  "initContainers.ports": ["containerPort", "protocol"],
  "spec.ports": ["port", "protocol"],
  hostAliases: ["ip"],
  topologySpreadConstraints: ["topologyKey", "whenUnsatisfiable"],
  conditions: ["type"],
  addresses: ["type"],
  ownerReferences: ["uid"],
};

const SETS: readonly string[] = ["metadata.finalizers"];

/** Objects that are atomic although they look like maps; `spec.selector` is a Service's or a workload's. */
const ATOMIC: readonly string[] = [
  "spec.selector",
  "nodeSelector",
  "secretKeyRef",
  "configMapKeyRef",
  "fieldRef",
  "roleRef",
  "labelSelector",
];

function builtinShape(parent: string, name: string): Shape {
  const qualified = `${parent}.${name}`;
  return {
    keys: LIST_KEYS[qualified] ?? LIST_KEYS[name],
    keyDefaults: { protocol: "TCP" },
    set: SETS.includes(qualified),
    atomic: ATOMIC.includes(qualified) || ATOMIC.includes(name),
    field: (child) => builtinShape(name, child),
    item: () => builtinShape(parent, name),
  };
}

function schemaShape(schema: Json | undefined): Shape {
  const keys = listAt(schema, "x-kubernetes-list-map-keys").filter((key) => typeof key === "string");
  const items = valueAt(schema, "items");
  const defaults = Object.entries(objectAt(items, "properties")).map(
    ([name, field]) => [name, valueAt(field, "default")] as const,
  );
  return {
    keys: textAt(schema, "x-kubernetes-list-type") === "map" ? keys : undefined,
    keyDefaults: Object.fromEntries(defaults.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    set: textAt(schema, "x-kubernetes-list-type") === "set",
    atomic: textAt(schema, "x-kubernetes-map-type") === "atomic",
    field: (name) => schemaShape(valueAt(schema, "properties", name) ?? valueAt(schema, "additionalProperties")),
    item: () => schemaShape(items),
  };
}

/** The shape of a resource's objects. Metadata is the same for all of them. */
export function shapeOf(resource: Pick<ResourceType, "schema">): Shape {
  if (resource.schema === undefined) return builtinShape("", "");
  const custom = schemaShape(resource.schema);
  return { ...custom, field: (name) => (name === "metadata" ? builtinShape("", "metadata") : custom.field(name)) };
}

/** One step of a field path, as managed fields spell it: `f:spec`, `k:{"name":"a"}`, `v:"x"`. */
export type PathElement = string;

/** A child of a value with its path element. */
export interface Child {
  readonly element: PathElement;
  readonly value: Json;
  readonly shape: Shape;
}

/**
 * The children that can be owned by themselves; undefined for a leaf: a scalar, an empty or atomic object, an atomic list. A list whose
 * elements lack their keys or repeat them is a leaf too.
 */
export function childrenOf(value: Json, shape: Shape): readonly Child[] | undefined {
  if (isList(value)) return listChildren(value, shape);
  if (!isJsonObject(value) || shape.atomic || Object.keys(value).length === 0) return undefined;
  return Object.entries(value).map(([name, child]) => ({ element: `f:${name}`, value: child, shape: shape.field(name) }));
}

function listChildren(list: readonly Json[], shape: Shape): readonly Child[] | undefined {
  if (list.length === 0 || (shape.keys === undefined && !shape.set)) return undefined;
  const children = list.map((value) => ({ element: itemElement(value, shape), value, shape: shape.item() }));
  const known = children.flatMap(({ element, ...rest }) => (element === undefined ? [] : [{ element, ...rest }]));
  const distinct = new Set(known.map((child) => child.element));
  return distinct.size === list.length ? known : undefined;
}

function itemElement(value: Json, shape: Shape): PathElement | undefined {
  if (shape.set) return `v:${JSON.stringify(value)}`;
  if (!isJsonObject(value)) return undefined;
  const keys = [...(shape.keys ?? [])].sort().map((key) => [key, value[key] ?? shape.keyDefaults[key]] as const);
  const known = keys.filter(([, found]) => found !== undefined);
  // A key may be left out, but not all of them.
  return known.length === 0 ? undefined : `k:${JSON.stringify(Object.fromEntries(known))}`;
}
