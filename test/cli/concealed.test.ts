import { writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { maskedError } from "../../runner/cli/masked-error.ts";
import { Secret } from "../../runner/secret.ts";
import { workplace } from "../support/command.ts";

/** The last line of defence: a text that is a known secret is masked wherever it came from. */
const test = suite("concealed output");
const place = workplace();
test.after(() => place.remove());

const CANARY = "canary-4f1d";
const inventory = path.join(place.directory, "hosts.yaml");
const playbook = path.join(place.directory, "site.yaml");
writeFileSync(inventory, `all:\n  vars:\n    token: "{{ env('CANARY') }}"\n  hosts:\n    localhost:\n`);
writeFileSync(
  playbook,
  `
- name: Local
  hosts: localhost
  tasks:
    - name: Know it
      debug: { msg: "the token is {{ token }}" }
    - name: As if a server had said it
      assert: { that: [false], fail_msg: "denied for ${CANARY}" }
`,
);

for (const output of ["plain", "json"]) {
  test(`${output}: in values built from it and in foreign text`, async () => {
    const { code, stdout, stderr } = await place.underlay(["run", playbook, "-i", inventory, "--yes", "--output", output], {
      CANARY,
    });
    assert.is(code, 2, stderr);
    assert.match(stdout, "denied for ‹secret›");
    assert.not.match(stdout + stderr, CANARY);
  });
}

test("a bug's message and stack", () => {
  const error = maskedError(new Error(`cannot read ${CANARY}`), [new Secret(CANARY)]);
  assert.is(error.message, "cannot read ‹secret›");
  assert.not.match(error.stack ?? "", CANARY);
});

test.run();
