import { suite } from "uvu";
import * as assert from "uvu/assert";
import { matchesSelector } from "../../../lab/bgp/label-selector.ts";
import { selectorTest } from "../../../lab/bgp/selector.ts";

const test = suite("Calico's selectors");
const LABELS = { rack_id: "1", "kubernetes.io/hostname": "worker-1", role: "edge", "underlay/marked": "true" };

for (const [selector, expected] of [
  ["all()", true],
  ['rack_id == "1"', true],
  ["rack_id == '2'", false],
  ["rack_id == 1", false],
  ['rack_id != "2"', true],
  ['absent != "2"', true],
  ["has(rack_id)", true],
  ["has( rack_id ) && !has(absent)", true],
  ["!has(rack_id)", false],
  ['rack_id in {"1", "2"}', true],
  ["rack_id in {}", false],
  ['rack_id not in {"1"}', false],
  ['absent not in {"1"}', true],
  ['rack_id == "2" || role == "edge" && has(rack_id)', true],
  ['(rack_id == "2" || role == "edge") && !has(rack_id)', false],
  ['kubernetes.io/hostname starts with "worker"', true],
  ['kubernetes.io/hostname ends with "-2"', false],
  ['kubernetes.io/hostname contains "rker"', true],
  ['rack_id == "1" &&', false],
  ['rack_id = "1"', false],
  ['rack_id == "1" garbage', false],
  ["", false],
  ['rack_id == "1" && !has(underlay/withdrawn)', true],
  ['rack_id == "1" && underlay/withdrawn == "true"', false],
  ["has(underlay/marked)", true],
  ["!has(underlay/marked)", false],
  ['underlay/marked == "true" && rack_id == "1"', true],
] as const) {
  test(`${selector} is ${expected}`, () => assert.is(selectorTest(selector)(LABELS), expected));
}

test("Kubernetes' selector: DoesNotExist takes what has no such label", () => {
  const without = (key: string) => ({ matchLabels: { rack_id: "1" }, matchExpressions: [{ key, operator: "DoesNotExist" }] });
  assert.is(matchesSelector(without("underlay/withdrawn"), LABELS), true);
  assert.is(matchesSelector(without("underlay/marked"), LABELS), false);
});

test.run();
