import { suite } from "uvu";
import * as assert from "uvu/assert";
import { workplace } from "../support/command.ts";
import { PLAYS, RUN, waitingRuns } from "./waiting-runs.ts";

/** `underlay resume`, through the real command: what it goes on with. */
const test = suite("resume");
const place = workplace();
test.after(() => place.remove());
const { begin, killed, newest } = waitingRuns(place);

test("goes on after SIGKILL: finished batches do not run again, what they learned is known", async () => {
  begin(PLAYS);
  const id = await killed();
  const again = await place.underlay(["resume", "--yes", "--output", "json", "-e", "wait=no"]);
  assert.is(again.code, 0, again.stdout + again.stderr);
  const messages = again.events.filter(({ event }) => event === "message").map(({ text }) => text);
  assert.equal(messages, ["n2 is light blue", "third", "third"]);
  assert.is(again.events.find(({ event }) => event === "run")?.id, newest());
  const list = JSON.parse((await place.underlay(["runs", "list", "--output", "json"])).stdout);
  assert.equal(
    list.map((row: Record<string, unknown>) => [row.id, row.state, row.settledBy]),
    [
      [newest(), "done", null],
      [id, "killed", newest()],
    ],
  );
});

test("a resumed run that is killed can be resumed", async () => {
  begin(PLAYS);
  await killed(["-e", "shade=dark"]);
  await killed([], ["resume", "--yes"]);
  const again = await place.underlay(["resume", "--yes", "-e", "wait=no"]);
  assert.is(again.code, 0, again.stdout + again.stderr);
  assert.match(again.stdout, "n2 is dark blue");
  assert.not.match(again.stdout, "message n1: first");
  assert.not.match(again.stdout, "n1 is dark");
});

test("a secret -e is asked for again, and then works", async () => {
  begin(PLAYS);
  await killed(["-e", "token=Kanarie-8Zq", "-e", "shade=dark"]);
  const refused = await place.underlay(["resume", "--yes"]);
  assert.is(refused.code, 4);
  assert.match(refused.stderr, "give token again");
  assert.match(refused.stderr, "-e token=");
  const again = await place.underlay(["resume", "--yes", "-e", "wait=no", "-e", "token=Kanarie-8Zq"]);
  assert.is(again.code, 0, again.stderr);
  assert.match(again.stdout, "n2 is dark blue");
});

test("a run that failed is resumed by name, and runs again where it failed", async () => {
  begin(PLAYS.replace("debug: { msg: third }", "assert: { that: [\"{{ holds | default('no') == 'surely' }}\"] }"));
  const failed = await place.underlay([...RUN, "-e", "wait=no"]);
  assert.is(failed.code, 2, failed.stdout);
  const nameless = await place.underlay(["resume", "--yes"]);
  assert.match(nameless.stderr, `the last one that failed is ${newest()}`);
  const again = await place.underlay(["resume", newest(), "--yes", "-e", "holds=surely"]);
  assert.is(again.code, 0, again.stdout + again.stderr);
  assert.not.match(again.stdout, "is light blue");
  assert.match(again.stdout, "task Last");
});

test("a check keeps nothing", async () => {
  begin(PLAYS);
  await place.underlay(["run", "site.yaml", "-i", "hosts.yaml", "--check", "-e", "wait=no"]);
  const list = await place.underlay(["runs", "list"]);
  assert.match(list.stdout, "no runs");
});

test.run();
