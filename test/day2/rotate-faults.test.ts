import { writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { packageRoot } from "../../runner/package-root.ts";
import { changesIn, failures, mainPlaybook, type Workplace, workplace } from "../support/command.ts";

/** Faults in the middle of a rotation end on one password on both sides (issue 4, Show 4). */
const test = suite("rotate-bgp-password with faults");

const playbook = path.join(packageRoot, "playbooks", "day2", "rotate-bgp-password.yaml");
const OLD = "lab-only-bgp-password";
const NEW = "canary-new-bgp-password";

/** A lab of its own with the design on it, kept between runs; each run starts it anew, and so may give it faults. */
async function designed(use: (run: Run) => Promise<void>): Promise<void> {
  const place = workplace();
  const run: Run = (file, passwords, ...flags) =>
    place.underlay(["run", file, "--output", "json", "-e", `@${variables(place, passwords)}`, ...flags]);
  try {
    const first = await run(mainPlaybook, { password: OLD });
    assert.is(first.code, 0, failures(first));
    await use(run);
  } finally {
    place.remove();
  }
}

type Run = (file: string, passwords: object, ...flags: readonly string[]) => ReturnType<Workplace["underlay"]>;

function variables({ directory }: Workplace, passwords: object): string {
  const file = path.join(directory, "bgp.json");
  writeFileSync(file, JSON.stringify({ bgp: { ...passwords, keepalive: 2, hold: 6, ecmp: 64, max_prefixes: 500 } }));
  return file;
}

const both = { password: OLD, new_password: NEW };

test("the controllers give 503 for 30 s right after the POST: the cluster follows, and both have the new one", () =>
  designed(async (run) => {
    const done = await run(playbook, both, "--fault", "apic.503_after=1:30");
    assert.is(done.code, 0, failures(done));
    assert.is(changesIn(await run(mainPlaybook, { password: NEW }, "--check")), 0);
  }));

test("the controllers give 503 for 30 s from the POST on: it is repeated, and both have the new one", () =>
  designed(async (run) => {
    const done = await run(playbook, both, "--fault", "apic.503_after=0:30");
    assert.is(done.code, 0, failures(done));
    assert.is(changesIn(await run(mainPlaybook, { password: NEW }, "--check")), 0);
  }));

test("kubectl is refused when the Secret is due: both have the old one again, and the sessions are back", () =>
  designed(async (run) => {
    const failed = await run(playbook, both, "--fault", "kube.refuse_after=0:20");
    assert.is(failed.code, 2, failures(failed));
    assert.match(failures(failed), "the fabric has the old one, the cluster has the old one");
    assert.match(failures(failed), "all 12 sessions are Established");
    assert.is(changesIn(await run(mainPlaybook, { password: OLD }, "--check")), 0);
    const again = await run(playbook, both);
    assert.is(again.code, 0, failures(again));
  }));

test.run();
