import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Outcome, workplace } from "../support/command.ts";
import { designArguments } from "./lab.ts";
import { watchedChildren } from "./watched-children.ts";

/**
 * A canary for the BGP password where other designs put it: kube-router's annotations (in base64), what gobgp prints, Cilium's Secret, the
 * peers of standard SVIs. Neither it nor its base64 may be in any output, any file left behind, or in the arguments or the environment
 * of a program that is started (issue Show 8 for issue 3).
 */
const test = suite("secrets of the designs");

const CANARY = "Kanarie-bgp-4Zt#2";
const forms = [
  CANARY,
  Buffer.from(CANARY).toString("base64").replace(/=+$/, ""),
  encodeURIComponent(CANARY),
  JSON.stringify(CANARY).slice(1, -1),
];

function assertClean(what: string, text: string): void {
  for (const form of forms) assert.not.ok(text.includes(form), `${what} shows the password: …${around(text, form)}…`);
}

function around(text: string, form: string): string {
  const at = text.indexOf(form);
  return `${text.slice(Math.max(0, at - 120), at)}‹here›`;
}

for (const design of ["standard-svi-kube-router", "standard-svi-cilium"]) {
  test(design, async () => {
    const place = workplace();
    const children = watchedChildren(place.directory);
    try {
      const { playbook, inventory } = designArguments(design, true);
      // Only the test itself and underlay, which reads it, may have it in their environment.
      const extra = path.join(place.directory, "bgp.yaml");
      writeFileSync(extra, `bgp: { password: ${JSON.stringify(CANARY)}, keepalive: 1, hold: 3, ecmp: 64, max_prefixes: 500 }\n`);
      const verb = async (...args: string[]): Promise<Outcome> => {
        const outcome = await place.underlay([...args, ...inventory, "-e", `@${extra}`]);
        assertClean(args.join(" "), outcome.stdout + outcome.stderr);
        return outcome;
      };
      const check = await verb("run", playbook, "--check", "--diff", "-v", "--debug");
      assert.is(check.code, 0, check.stdout.slice(-2000) + check.stderr);
      const run = await verb("run", playbook, "--output", "json", "--diff", "-v", "--debug");
      assert.is(run.code, 0, run.stdout.slice(-2000) + run.stderr);
      assert.match(run.stdout, "‹secret›");
      const again = await verb("run", playbook, "--check", "--output", "plain", "-v", "--debug");
      assert.is(again.code, 0, again.stdout.slice(-2000) + again.stderr);
      await verb("inventory", "show", "worker-1");
      await verb("validate", playbook);
      // What may quote what was sent or read: a refused API in the middle, a refused tree.
      const failing: readonly (readonly string[])[] = [
        ["--tags", "cni", "--fault", "kube.401=999"],
        ["--tags", "fabric", "--fault", "apic.503=99"],
        ["--tags", "proof", "-e", "proof_timeout=1", "--fault", "kube.503=99"],
      ];
      for (const flags of failing) {
        const outcome = await verb("run", playbook, "--debug", "-v", "--diff", ...flags);
        assert.ok(outcome.code !== 1, `${flags.join(" ")}: internal error ${outcome.stderr}`);
      }
      const folder = path.join(place.directory, ".underlay");
      const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
      for (const name of files) {
        const file = path.join(folder, name);
        if (statSync(file).isFile()) assertClean(name, readFileSync(file, "latin1"));
      }
      const seen = children.stop();
      assert.ok(seen.programs > 0, "programs were seen at work");
      assertClean("the arguments or the environment of a program", seen.text);
    } finally {
      children.stop();
      place.remove();
    }
  });
}

test.run();
