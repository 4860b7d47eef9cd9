import type { ServerResponse } from "node:http";
import type { JsonObject } from "../../../runner/json.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { asServed, groupVersion } from "../objects/resource-type.ts";
import type { StoreEvent } from "../objects/store.ts";
import { selectorOf } from "./read.ts";
import type { Api, ApiRequest, Target } from "./request.ts";
import { type Outcome, refuse } from "./status.ts";

/** Seconds a watch lasts when the client does not say. */
const TIMEOUT = 300;

/**
 * GET with `watch`: one JSON event a line. Starts with everything (`sendInitialEvents`, or no resourceVersion) or after a version.
 * An object that a change moves out of the selection is told as DELETED, one that moves in as ADDED.
 */
export function watch(api: Api, target: Target, request: ApiRequest, response: ServerResponse): Outcome<void> {
  const selector = selectorOf(request);
  if (!selector.ok) return selector;
  const { resource, namespace, name } = target;
  const chosen = (object: KubeObject) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (name === undefined || object.metadata.name === name) &&
    selector.value(object);

  const from = Number(request.query.get("resourceVersion") ?? 0);
  const initial = request.query.get("sendInitialEvents") === "true";
  const missed = initial || from === 0 ? [] : api.store.since(from);
  if (missed === undefined) return refuse(410, "Expired", `too old resource version: ${from} (${api.store.version})`);

  response.writeHead(200, { "content-type": "application/json" });
  response.flushHeaders();
  const send = (type: string, object: JsonObject) => response.write(`${JSON.stringify({ type, object })}\n`);
  const shown = new Set<string>();
  const tell = (event: StoreEvent): void => {
    if (event.storage !== resource.storage) return;
    const key = event.object.metadata.uid ?? "";
    const visible = event.type !== "DELETED" && chosen(event.object);
    if (!visible && !shown.has(key) && !(event.type === "DELETED" && chosen(event.object))) return;
    send(visible ? (shown.has(key) ? "MODIFIED" : "ADDED") : "DELETED", asServed(resource, event.object));
    if (visible) shown.add(key);
    else shown.delete(key);
  };

  const present = api.store.list(resource.storage).filter(chosen);
  if (initial || from === 0) for (const object of present) send("ADDED", asServed(resource, object));
  // What was there before a resumed watch counts as shown: its next change is MODIFIED.
  const known = missed.length === 0 ? present : present.filter((object) => Number(object.metadata.resourceVersion) <= from);
  for (const object of known) shown.add(object.metadata.uid ?? "");
  if (initial) send("BOOKMARK", bookmark(target, api.store.version));
  for (const event of missed) tell(event);

  const stop = api.store.subscribe(tell);
  const timer = setTimeout(() => response.end(), 1000 * Number(request.query.get("timeoutSeconds") ?? TIMEOUT));
  timer.unref();
  // Not the request's close: that one fires as soon as its body was read.
  response.on("close", () => {
    stop();
    clearTimeout(timer);
  });
  return { ok: true, value: undefined };
}

function bookmark({ resource }: Target, version: number): JsonObject {
  const metadata = { resourceVersion: String(version), annotations: { "k8s.io/initial-events-end": "true" } };
  return { kind: resource.kind, apiVersion: groupVersion(resource), metadata };
}
