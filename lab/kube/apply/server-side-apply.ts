import type { Json } from "../../../runner/json.ts";
import { isJsonObject, isKubeObject, isList, type KubeObject, timestamp } from "../objects/kube-object.ts";
import { compareFields, type FieldSet, fieldsOf, isFilled, pathText, subtract, withParents } from "./field-set.ts";
import { isEntryOf, type Manager, managersOf, type Writer, withFields, withManagers } from "./managers.ts";
import { mergeValue, prune } from "./merge.ts";
import type { Shape } from "./shape.ts";

/** A field that another manager owns with another value. */
export interface Conflict {
  /** As messages name a manager: `"helm" using apps/v1`. */
  readonly manager: string;
  /** `.metadata.labels.rack_id`. */
  readonly field: string;
}

/** Outcome of an apply. */
export type Applied =
  | { readonly ok: true; readonly object: KubeObject }
  | { readonly ok: false; readonly conflicts: readonly Conflict[] };

/** What to apply and how. */
export interface ApplyRequest {
  readonly live: KubeObject | undefined;
  readonly config: KubeObject;
  readonly writer: Writer;
  readonly force: boolean;
  readonly shape: Shape;
  /** Field that this request may not touch: `status` on an object with a status subresource, unless that is what is written. */
  readonly leave?: string;
}

/**
 * Server-side apply (Kubernetes docs, Server-Side Apply): merges the configuration, removes what this manager applied before and no
 * longer does, and refuses to change what others own unless forced, when they lose it.
 */
export function serverSideApply(request: ApplyRequest): Applied {
  const { live, writer, shape } = request;
  const config = withoutNulls(request.config);
  const options = {
    ...(request.leave === undefined ? {} : { leave: request.leave }),
    ...(writer.subresource === "" ? {} : { only: writer.subresource }),
  };
  const next = new Set(fieldsOf(config, shape, options).keys());
  const entries = knownManagers(live, shape);
  const mine = entries.find((entry) => isEntryOf(entry, writer, "Apply"));
  const others = entries.filter((entry) => entry !== mine);

  const merged = live === undefined ? config : mergeApplied(live, config, shape, options);
  const pruned = prune(merged, shape, {
    last: withParents(mine?.fields ?? []),
    next: withParents(next),
    others: withParents(others.flatMap((entry) => [...entry.fields])),
  });
  if (!isKubeObject(pruned)) throw new Error("an apply took away the object's identity");

  const before = fieldsOf(live, shape);
  const { changed, removed } = compareFields(before, fieldsOf(pruned, shape));
  // A field is also disturbed when something else takes its place.
  const disturbed = new Set([...changed, ...[...removed].filter((field) => !isFilled(field, before.get(field), changed))]);
  const conflicts = live === undefined ? [] : others.flatMap((entry) => conflictsWith(entry, disturbed));
  if (conflicts.length > 0 && !request.force) return { ok: false, conflicts };

  const own: Manager = {
    name: writer.manager,
    operation: "Apply",
    apiVersion: writer.apiVersion,
    subresource: writer.subresource,
    time: mine?.time ?? timestamp(),
    fields: mine?.fields ?? new Set(),
  };
  const left = others.map((entry) => withFields(entry, subtract(entry.fields, changed, removed)));
  return { ok: true, object: withManagers(pruned, [...left, withFields({ ...own, apiVersion: writer.apiVersion }, next)]) };
}

/** An object from before field management belongs to `before-first-apply` as a whole, so that nobody takes it unawares. */
function knownManagers(live: KubeObject | undefined, shape: Shape): readonly Manager[] {
  const entries = managersOf(live);
  if (live === undefined || entries.length > 0) return entries;
  const fields: FieldSet = new Set(fieldsOf(live, shape).keys());
  const { apiVersion } = live;
  return [{ name: "before-first-apply", operation: "Update", apiVersion, subresource: "", time: timestamp(), fields }];
}

function mergeApplied(
  live: KubeObject,
  config: KubeObject,
  shape: Shape,
  options: { only?: string; leave?: string },
): KubeObject {
  const fields = Object.entries(config).filter(
    ([name]) => name !== "metadata" && name !== options.leave && (options.only === undefined || name === options.only),
  );
  const metadata = options.only === undefined ? config.metadata : { name: live.metadata.name };
  const merged = mergeValue(live, { ...Object.fromEntries(fields), metadata }, shape);
  if (!isKubeObject(merged)) throw new Error("an apply took away the object's identity");
  return { ...merged, metadata: { ...merged.metadata, ...identity(live) } };
}

function identity(live: KubeObject): Record<string, Json> {
  const names = ["uid", "resourceVersion", "creationTimestamp", "generation", "managedFields"];
  return Object.fromEntries(names.flatMap((name) => (live.metadata[name] === undefined ? [] : [[name, live.metadata[name]]])));
}

function conflictsWith(entry: Manager, disturbed: FieldSet): readonly Conflict[] {
  const sub = entry.subresource === "" ? "" : ` with subresource ${JSON.stringify(entry.subresource)}`;
  const using = entry.operation === "Update" ? ` using ${entry.apiVersion}` : "";
  const manager = `${JSON.stringify(entry.name)}${sub}${using}`;
  return [...entry.fields].filter((field) => disturbed.has(field)).map((field) => ({ manager, field: pathText(field) }));
}

/** `null` in a configuration says "not set". */
function withoutNulls(config: KubeObject): KubeObject {
  const clean = (value: Json): Json => {
    if (isList(value)) return value.map(clean);
    if (!isJsonObject(value)) return value;
    const entries = Object.entries(value).filter(([, entry]) => entry !== null);
    return Object.fromEntries(entries.map(([name, entry]) => [name, clean(entry)]));
  };
  const cleaned = clean(config);
  if (!isKubeObject(cleaned)) throw new Error("a configuration lost its identity");
  return cleaned;
}
