import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../../runner/connect/cluster.ts";
import { isSettled } from "../../../runner/connect/kube/settled.ts";

/** When the API server need not be asked what an apply would do. */
const test = suite("certainly as wanted");

const API = "projectcalico.org/v3";

function peer(spec: Record<string, unknown>, more: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: API, kind: "BGPPeer", metadata: { name: "201", labels: { ours: "yes" }, ...more }, spec };
}

const OWNED = {
  "f:metadata": { "f:labels": { ".": {}, "f:ours": {} } },
  "f:spec": { "f:peerIP": {}, "f:filters": {}, "f:password": { "f:secretKeyRef": {} } },
};
const WANTED = { peerIP: "192.0.2.1", filters: ["a"], password: { secretKeyRef: { name: "s", key: "k" } } };

function entry(fieldsV1: unknown, more: Record<string, unknown> = {}) {
  return { manager: "underlay", operation: "Apply", apiVersion: API, fieldsType: "FieldsV1", fieldsV1, ...more };
}

/** What is found: spec, who manages what, more labels. */
function live(spec: Record<string, unknown>, managers: readonly unknown[], labels: Record<string, string> = {}): KubeObject {
  return peer(spec, { managedFields: managers, uid: "u", resourceVersion: "7", labels: { ours: "yes", ...labels } });
}

const { filters: _filters, ...WITHOUT_FILTERS } = WANTED;
const { "f:filters": _owned, ...NOT_FILTERS } = OWNED["f:spec"];
const cases: readonly (readonly [string, boolean, KubeObject])[] = [
  ["applied as wanted", true, live(WANTED, [entry(OWNED)])],
  ["somebody else's field and label beside ours", true, live({ ...WANTED, node: "x" }, [entry(OWNED)], { theirs: "1" })],
  ["a field that somebody else owns, with the wanted value", true, live(WANTED, [entry({ ...OWNED, "f:spec": NOT_FILTERS })])],
  ["another value", false, live({ ...WANTED, peerIP: "192.0.2.9" }, [entry(OWNED)])],
  ["a wanted field is missing", false, live(WITHOUT_FILTERS, [entry(OWNED)])],
  ["a longer list", false, live({ ...WANTED, filters: ["a", "b"] }, [entry(OWNED)])],
  [
    "a value that we own as a whole has one more field",
    false,
    live({ ...WANTED, password: { secretKeyRef: { name: "s", key: "k", optional: true } } }, [entry(OWNED)]),
  ],
  [
    "a field that we applied and no longer want",
    false,
    live({ ...WANTED, asNumber: 1 }, [entry({ ...OWNED, "f:spec": { ...OWNED["f:spec"], "f:asNumber": {} } })]),
  ],
  [
    "items of a list are owned one by one",
    false,
    live(WANTED, [entry({ ...OWNED, "f:spec": { ...OWNED["f:spec"], "f:filters": { 'v:"a"': {} } } })]),
  ],
  ["never applied by us", false, live(WANTED, [entry(OWNED, { manager: "kubectl" })])],
  ["written by us, but not applied", false, live(WANTED, [entry(OWNED, { operation: "Update" })])],
  ["applied in another version", false, live(WANTED, [entry(OWNED, { apiVersion: "projectcalico.org/v4" })])],
  ["the server keeps no managers", false, live(WANTED, [])],
];
for (const [name, expected, found] of cases) {
  test(name, () => assert.is(isSettled(peer(WANTED), found, "underlay"), expected));
}

test.run();
