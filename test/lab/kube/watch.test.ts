import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Api, findTarget } from "../../../lab/kube/api/request.ts";
import { watch } from "../../../lab/kube/api/watch.ts";
import { builtinOf, builtinResources } from "../../../lab/kube/objects/builtin-resources.ts";
import { textAt } from "../../../lab/kube/objects/kube-object.ts";
import { ObjectStore } from "../../../lab/kube/objects/store.ts";
import type { Json } from "../../../runner/json.ts";

const nodes = builtinOf("Node");

function put(store: ObjectStore, name: string, rack: string): void {
  const found = store.get(nodes.storage, undefined, name);
  store.put(nodes, { apiVersion: "v1", kind: "Node", metadata: { ...found?.metadata, name, labels: { rack } } });
}

/** Starts a watch on nodes and gives the events it has told so far, as `TYPE name`. */
function follow(store: ObjectStore, query: string) {
  const lines: string[] = [];
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  response.write = (chunk: unknown) => {
    const event: Json = JSON.parse(String(chunk));
    const name = typeof event === "object" && event !== null && "object" in event ? textAt(event.object, "metadata", "name") : "";
    lines.push(`${textAt(event, "type")} ${name}`.trim());
    return true;
  };
  const schemaCheck = () => Promise.reject(new Error("a watch checks nothing"));
  const api: Api = { store, resources: () => builtinResources, schemaCheck, kubeletRuns: () => true, version: "v1.35.2" };
  const target = findTarget("/api/v1/nodes", builtinResources);
  if (target === undefined) throw new Error("nodes are not served");
  const request = { method: "GET", path: "", accept: "", contentType: "", userAgent: "", body: Buffer.alloc(0) };
  const started = watch(api, target, { ...request, query: new URLSearchParams(query) }, response);
  return { lines, refused: started.ok ? undefined : started.refusal, stop: () => response.emit("close") };
}

const test = suite("watch");

test("starts with everything and a bookmark, then tells changes", () => {
  const store = new ObjectStore();
  put(store, "a", "1");
  const seen = follow(store, "sendInitialEvents=true");
  put(store, "b", "1");
  put(store, "a", "2");
  const gone = store.get(nodes.storage, undefined, "b");
  if (gone !== undefined) store.remove(nodes.storage, gone);
  assert.equal(seen.lines, ["ADDED a", "BOOKMARK", "ADDED b", "MODIFIED a", "DELETED b"]);
  seen.stop();
  put(store, "c", "1");
  assert.is(seen.lines.length, 5);
});

test("a change into the selection is ADDED, one out of it DELETED, others are not told", () => {
  const store = new ObjectStore();
  put(store, "a", "1");
  const seen = follow(store, "sendInitialEvents=true&labelSelector=rack%3D1");
  put(store, "b", "2");
  put(store, "b", "1");
  put(store, "a", "2");
  put(store, "a", "3");
  assert.equal(seen.lines, ["ADDED a", "BOOKMARK", "ADDED b", "DELETED a"]);
  seen.stop();
});

test("goes on after a version", () => {
  const store = new ObjectStore();
  put(store, "a", "1");
  const from = store.version;
  put(store, "b", "1");
  const seen = follow(store, `resourceVersion=${from}`);
  put(store, "a", "2");
  assert.equal(seen.lines, ["ADDED b", "MODIFIED a"]);
  seen.stop();
});

test("a version that is forgotten is 410, so that the client lists again", () => {
  const store = new ObjectStore();
  put(store, "a", "1");
  const restored = new ObjectStore();
  restored.restore(JSON.parse(JSON.stringify(store.snapshot())));
  const seen = follow(restored, "resourceVersion=1");
  assert.is(seen.refused?.code, 410);
  assert.is(seen.refused?.reason, "Expired");
  const current = follow(restored, `resourceVersion=${restored.version}`);
  assert.is(current.refused, undefined);
  current.stop();
});

test.run();
