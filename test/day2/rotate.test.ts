import { writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isObject } from "../../runner/json.ts";
import { packageRoot } from "../../runner/package-root.ts";
import { designArguments } from "../designs/lab.ts";
import { changesIn, failures, type Outcome, textOf, workplace } from "../support/command.ts";

/** Password rotation through the real command (issue 4, Show 4): sessions back, outage per session, second run and design unchanged. */
const test = suite("rotate-bgp-password");

const playbook = path.join(packageRoot, "playbooks", "day2", "rotate-bgp-password.yaml");
const OLD = "lab-only-bgp-password";
const NEW = "canary-new-bgp-password";

/** Changes: a peer on each of four anchors, then the Secret, or six nodes' annotations and six pods. */
const designs = [
  { design: "floating-svi-calico", hold: 6, changes: 5 },
  { design: "floating-svi-cilium", hold: 3, changes: 5 },
  { design: "floating-svi-kube-router", hold: 3, changes: 16 },
] as const;

for (const { design, hold, changes } of designs) {
  test(`${design}: as checked, sessions back, and nothing left to do`, async () => {
    const place = workplace();
    const { playbook: designPlaybook, inventory } = designArguments(design);
    const variables = (name: string, passwords: object): readonly string[] => {
      const file = path.join(place.directory, name);
      const bgp = { ...passwords, keepalive: hold / 3, hold, ecmp: 64, max_prefixes: 500 };
      writeFileSync(file, JSON.stringify({ bgp }));
      return ["-e", `@${file}`];
    };
    const during = variables("during.json", { password: OLD, new_password: NEW });
    const after = variables("after.json", { password: NEW });
    const run = (file: string, ...flags: readonly string[]) =>
      place.underlay(["run", file, ...inventory, "--output", "json", ...flags]);
    const lab = await place.labUp(inventory);
    try {
      assert.is((await run(designPlaybook)).code, 0, "the design");
      const check = await run(playbook, ...during, "--check");
      assert.is(check.code, 0, failures(check));
      assert.is(told(check, "change").length, changes);

      const done = await run(playbook, ...during);
      assert.is(done.code, 0, failures(done) + done.stderr);
      assert.equal(told(done, "change"), told(check, "change"), "as checked");
      const outages = done.events.flatMap(({ event, text }) => {
        const seconds = event === "progress" ? /: ([0-9.]+) s without a session$/.exec(String(text))?.[1] : undefined;
        return seconds === undefined ? [] : [Number(seconds)];
      });
      assert.is(outages.length, 12, "one outage for each session");
      assert.equal(
        outages,
        [...outages].sort((one, other) => other - one),
        "longest first",
      );
      assert.ok(
        outages.every((seconds) => seconds > 0 && seconds < 60),
        outages.join(),
      );

      assert.is(changesIn(await run(playbook, ...during)), 0, "second run");
      assert.is(changesIn(await run(designPlaybook, ...after)), 0, "the design with the new password");
      for (const secret of [OLD, NEW]) assert.not.match(textOf(check) + textOf(done), secret);
    } finally {
      await lab.stop();
      place.remove();
    }
  });
}

/** Events of one kind, without what differs between two runs. */
function told(outcome: Outcome, kind: string): readonly unknown[] {
  return outcome.events
    .filter((event) => isObject(event) && event.event === kind)
    .map(({ target, action, before, after }) => ({ target, action, before, after }));
}

test.run();
