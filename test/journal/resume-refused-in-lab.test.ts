import { suite } from "uvu";
import * as assert from "uvu/assert";
import { workplace } from "../support/command.ts";
import { PLAYS, waitingRuns } from "./waiting-runs.ts";

/** `underlay resume`, through the real command: what it refuses. */
const test = suite("resume refused");
const place = workplace();
test.after(() => place.remove());
const { begin, plays, waiting, killed, newest } = waitingRuns(place);

/** A play that would write: what only looks asks nobody. */
const WRITES = `- name: Writes
  hosts: localhost
  tasks:
    - name: Label
      k8s.node_label: { label: rack_id, values: { worker-1: 1 } }
`;

test("refuses a run that is done, one that was gone on with, and one that is not there", async () => {
  begin(PLAYS);
  const id = await killed();
  const again = await place.underlay(["resume", id.slice(-4), "--yes", "-e", "wait=no"]);
  assert.is(again.code, 0, again.stderr);
  const done = await place.underlay(["resume", newest(), "--yes"]);
  assert.is(done.code, 4);
  assert.match(done.stderr, "is done");
  const settled = await place.underlay(["resume", id, "--yes"]);
  assert.is(settled.code, 4);
  assert.match(settled.stderr, `run ${newest()} has gone on with run ${id}`);
  const nowhere = await place.underlay(["resume", "2001", "--yes"]);
  assert.is(nowhere.code, 4);
  assert.match(nowhere.stderr, "there is no run 2001");
  const none = await place.underlay(["resume", "--yes"]);
  assert.is(none.code, 4);
  assert.match(none.stderr, "was interrupted or killed");
});

test("refuses a run that is still going on", async () => {
  begin(PLAYS);
  const run = await waiting();
  const refused = await place.underlay(["resume", newest(), "--yes"]);
  run.signal("SIGKILL");
  await run.ended();
  assert.is(refused.code, 4);
  assert.match(refused.stderr, "is still going on (process ");
});

test("refuses when a play that was finished is another now; what comes later may be put right", async () => {
  begin(PLAYS);
  await killed();
  plays(PLAYS.replace("name: Once", "name: Twice"));
  const refused = await place.underlay(["resume", "--yes"]);
  assert.is(refused.code, 4);
  assert.match(refused.stderr, 'play 1 "First" has other tasks');
  plays(PLAYS.replace("msg: third", "msg: put right").replace("name: Last", "name: The last"));
  const again = await place.underlay(["resume", "--yes", "-e", "wait=no"]);
  assert.is(again.code, 0, again.stderr);
  assert.match(again.stdout, "put right");
});

test("does not write to a real inventory without being told to", async () => {
  begin(`${PLAYS.trimEnd()}\n${WRITES}`);
  await killed();
  const refused = await place.underlay(["resume"]);
  assert.is(refused.code, 4);
  assert.match(refused.stderr, "--yes");
});

test.run();
