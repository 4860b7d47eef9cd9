import { readdirSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { changesIn, mainPlaybook, type Outcome, workplace } from "../support/command.ts";
import { start } from "../support/started.ts";

/** The main job in the lab, killed with SIGKILL at boundaries between its tasks, then resumed: as if nothing had happened. */
const test = suite("killed and resumed");
const place = workplace();

const newest = () =>
  readdirSync(path.join(place.directory, ".underlay", "runs"))
    .sort()
    .at(-1) ?? "";
const played = (outcome: Outcome) =>
  outcome.events.filter(({ event }) => event === "play").map(({ play, done }) => `${done === true ? "done" : "run"} ${play}`);

/** Runs until a task of a play begins, and kills it there. Gives the plays that were finished. */
async function killAt(args: readonly string[], play: string, nth: number): Promise<readonly string[]> {
  const run = start([...args, "--output", "json"], place.directory);
  await run.says(`{"event":"play","play":"${play}"`);
  const tasks = () =>
    run
      .output()
      .split(`{"event":"play","play":"${play}"`)[1]
      ?.match(/\{"event":"task"/g)?.length ?? 0;
  while (tasks() < nth) await run.says(`${'{"event":"task"'}`).then(() => new Promise((resolve) => setTimeout(resolve, 5)));
  run.signal("SIGKILL");
  await run.ended();
  const plays = [...run.output().matchAll(/\{"event":"play","play":"([^"]*)"/g)].map(([, name = ""]) => name);
  return plays.slice(0, -1);
}

let stop: () => Promise<void>;
test.before(async () => {
  ({ stop } = await place.labUp());
});
test.after(async () => {
  await stop();
  place.remove();
});

test("twice on the way: the same end, finished plays are not run again", async () => {
  const listed = JSON.parse((await place.underlay(["list", "tasks", mainPlaybook, "--output", "json"])).stdout);
  const names: readonly string[] = listed.map(({ play }: { readonly play: string }) => play);
  const before = await killAt(["run", mainPlaybook], names[1] ?? "", 2);
  assert.equal(before, names.slice(0, before.length));
  const later = await killAt(["resume"], names[before.length + 1] ?? "", 1);
  assert.equal(later, names.slice(0, later.length));
  assert.ok(before.length > 0 && later.length > before.length, "it was killed further on");

  const resumed = await place.underlay(["resume", "--output", "json"]);
  assert.is(resumed.code, 0, resumed.stdout.slice(-3000) + resumed.stderr);
  const done = played(resumed).filter((play) => play.startsWith("done ")).length;
  // The play in which it was killed may have come to its end before the signal did.
  assert.ok(done === later.length || done === later.length + 1, played(resumed).join("\n"));
  assert.equal(
    played(resumed),
    names.map((name, index) => `${index < done ? "done" : "run"} ${name}`),
  );
  const shown = JSON.parse((await place.underlay(["runs", "show", newest(), "--output", "json"])).stdout);
  assert.is(shown.state, "done");
  assert.is(shown.changes.length, changesIn(resumed));
  assert.is(shown.plays[0].state, "earlier");

  const check = await place.underlay(["drift", mainPlaybook]);
  assert.is(check.code, 0, check.stdout.slice(-3000));
  assert.is(check.stdout.trim().split("\n").at(-1), "no drift");
});

test.run();
