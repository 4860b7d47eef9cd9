import { readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Outcome, workplace } from "../support/command.ts";
import { start } from "../support/started.ts";

/** Handlers that were notified before a run ended too early: the next one runs them, although nothing notifies them any more. */
const test = suite("handlers left by an earlier run");
const place = workplace();

const PLAY = `
- name: Tune
  hosts: apics
  tasks:
    - name: A pool
      aci.vlan_pool: { name: handlers-NUMBER, ranges: [{ from: 3900, to: 3900 }] }
      notify: Tell
    - name: Wait
      pause: { seconds: "{{ wait | default(600) }}" }
  handlers:
    - name: Tell
      debug: { msg: the handler has run }
`;
let number = 0;

/** Begins anew with a pool that is not there yet, runs until it is, and ends the run there. */
async function left(signal: NodeJS.Signals, more: readonly string[] = []): Promise<string> {
  number += 1;
  rmSync(path.join(place.directory, ".underlay", "runs"), { recursive: true, force: true });
  writeFileSync(path.join(place.directory, "site.yaml"), PLAY.replaceAll("NUMBER", String(number)));
  const run = start(["run", "site.yaml", "--output", "plain", ...more], place.directory);
  await run.says("task Wait");
  run.signal(signal);
  await run.ended();
  assert.match(run.output(), "2 changes");
  return newest();
}

const newest = () =>
  readdirSync(path.join(place.directory, ".underlay", "runs"))
    .sort()
    .at(-1) ?? "";
const again = (...more: string[]): Promise<Outcome> =>
  place.underlay(["run", "site.yaml", "--output", "plain", "-e", "wait=0", ...more]);

let stop: () => Promise<void>;
test.before(async () => {
  ({ stop } = await place.labUp());
});
test.after(async () => {
  await stop();
  place.remove();
});

for (const signal of ["SIGKILL", "SIGINT"] as const) {
  test(`after ${signal} a plain run runs them, once, and says so`, async () => {
    const id = await left(signal);
    const checked = await again("--check");
    assert.match(checked.stdout, "handler Tell", "check mode says so too");
    const second = await again();
    assert.is(second.code, 0, second.stdout + second.stderr);
    assert.match(second.stdout, `warning: run ${id} ended before the handler "Tell" had run: it runs now, on apic1`);
    assert.match(second.stdout, "the handler has run");
    assert.match(second.stdout, "0 changes");
    const shown = await place.underlay(["runs", "show", id]);
    assert.match(shown.stdout, `by ${newest()}`);
    const third = await again();
    assert.not.match(third.stdout, "the handler has run");
    assert.not.match(third.stdout, "warning");
  });
}

test("resume runs them too", async () => {
  await left("SIGKILL");
  const resumed = await place.underlay(["resume", "--output", "plain", "-e", "wait=0"]);
  assert.is(resumed.code, 0, resumed.stdout + resumed.stderr);
  assert.match(resumed.stdout, "the handler has run");
});

test("a run of other hosts or tasks leaves them; the next one of the same takes them over", async () => {
  await left("SIGKILL");
  const other = await again("--limit", "apic2");
  assert.not.match(other.stdout, "the handler has run");
  const same = await again();
  assert.match(same.stdout, "the handler has run", other.stdout + same.stdout + same.stderr);
});

test("one that the playbook no longer has is told", async () => {
  const id = await left("SIGKILL");
  const renamed = PLAY.replaceAll("NUMBER", String(number))
    .replace("name: Tell", "name: Shout")
    .replace("notify: Tell", "notify: Shout");
  writeFileSync(path.join(place.directory, "site.yaml"), renamed);
  const second = await again();
  assert.match(second.stdout, `run ${id} ended before the handler "Tell" had run on apic1`);
  assert.match(second.stdout, "do by hand what it was for");
});

test.run();
