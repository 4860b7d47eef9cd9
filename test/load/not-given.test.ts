import { suite } from "uvu";
import * as assert from "uvu/assert";
import { withKnownHint } from "../../runner/load/not-given.ts";

const test = suite("known variables that the inventory does not give");

const undefinedAt = (path: string) =>
  withKnownHint({
    severity: "error",
    rule: "undefined-variable",
    message: `${path} is not defined (host a)`,
    hint: "did you mean password?",
  }).hint;

test("a known variable is asked for, with what it is for", () => {
  assert.match(undefinedAt("bgp.new_password") ?? "", /^set bgp\.new_password in the inventory: .*rotate-bgp-password/);
  assert.match(undefinedAt("l3out") ?? "", /^set l3out in the inventory/);
});

test("any other name keeps its hint", () => {
  assert.is(undefinedAt("bgp.passwort"), "did you mean password?");
  assert.is(undefinedAt("nobody.knows"), "did you mean password?");
});

test.run();
