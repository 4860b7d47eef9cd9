import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../../lab/kube/objects/kube-object.ts";
import { fieldSelector, labelSelector } from "../../../lab/kube/objects/selectors.ts";

const node: KubeObject = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "worker-1", labels: { rack_id: "1", "kubernetes.io/os": "linux", empty: "" } },
  spec: { unschedulable: true },
};

const test = suite("selectors");

const labels: readonly (readonly [selector: string, chosen: boolean])[] = [
  ["", true],
  ["rack_id=1", true],
  ["rack_id==1", true],
  ["rack_id = 1", true],
  ["rack_id=2", false],
  ["rack_id!=2", true],
  ["absent!=2", true],
  ["rack_id in (1, 2)", true],
  ["rack_id in (2,3)", false],
  ["rack_id notin (2,3)", true],
  ["absent notin (2)", true],
  ["absent in (2)", false],
  ["rack_id", true],
  ["absent", false],
  ["!absent", true],
  ["!rack_id", false],
  ["empty=", true],
  ["kubernetes.io/os=linux,rack_id in (1),!absent", true],
  ["kubernetes.io/os=linux,rack_id=9", false],
];

for (const [selector, chosen] of labels) {
  test(`label selector '${selector}'`, () => assert.is(labelSelector(selector)?.(node), chosen));
}

for (const selector of ["a b", "a in 1", "=x", "a=b=c", "a in (1", "!"]) {
  test(`label selector '${selector}' is malformed`, () => assert.is(labelSelector(selector), undefined));
}

const fields: readonly (readonly [selector: string, chosen: boolean])[] = [
  ["metadata.name=worker-1", true],
  ["metadata.name!=worker-1", false],
  ["spec.unschedulable=true", true],
  ["spec.nodeName=", true],
  ["metadata.name=worker-1,spec.unschedulable!=false", true],
];

for (const [selector, chosen] of fields) {
  test(`field selector '${selector}'`, () => assert.is(fieldSelector(selector)?.(node), chosen));
}

test("a malformed field selector", () => assert.is(fieldSelector("metadata.name"), undefined));

test.run();
