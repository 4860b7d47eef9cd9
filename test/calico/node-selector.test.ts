import { suite } from "uvu";
import * as assert from "uvu/assert";
import { nodeSelector } from "../../tasks/calico/node-selector.ts";

const test = suite("Calico's selectors");

const labels = { rack_id: "1", "kubernetes.io/hostname": "worker-1", zone: "east-1" };

const cases: readonly (readonly [string, boolean | undefined])[] = [
  ["", true],
  ["all()", true],
  ["global()", true],
  ['rack_id == "1"', true],
  ["rack_id == '2'", false],
  ['rack_id != "2" && missing != "x"', true],
  ['kubernetes.io/hostname == "worker-1" && !has(underlay/withdrawn)', true],
  ["!has(rack_id) || has(zone)", true],
  ["!(has(rack_id) || has(zone))", false],
  ["!has(zone) && has(rack_id) || all()", true],
  ['rack_id in { "1", "2" }', true],
  ['rack_id not in {"1"}', false],
  ['missing not in {"1"}', true],
  ['zone contains "st" && zone starts with "ea" && zone ends with "-1"', true],
  ['zone starts with "we"', false],
  ["rack_id = 1", undefined],
  ['rack_id == "1" has(zone)', undefined],
  ["(all()", undefined],
  ["rack_id ==", undefined],
];
for (const [text, expected] of cases) {
  test(`${text === "" ? "empty" : text}: ${expected ?? "cannot be read"}`, () => {
    assert.is(nodeSelector(text)?.(labels), expected);
  });
}

test.run();
