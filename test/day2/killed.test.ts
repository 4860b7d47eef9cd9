import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pLimit from "p-limit";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { packageRoot } from "../../runner/package-root.ts";
import { failureOf } from "../designs/cell.ts";
import { workplaceIn } from "../support/command.ts";
import { endState, stateDifferences } from "./end-state.ts";
import { killAtTask } from "./killed-run.ts";
import { NEWCOMERS, site } from "./site.ts";

/**
 * A run is killed when a task begins, each task once, while the lab lives on; then `resume`, or the same command again: what is there at the end is
 * what an undisturbed run leaves. By default every third task; UNDERLAY_ALL_TASKS=1 takes them all.
 */
const test = suite("killed at a task boundary");

const STEP = process.env.UNDERLAY_ALL_TASKS === "1" ? 1 : 3;
const AT_ONCE = 3;
const LIMIT = NEWCOMERS.map(({ name }) => name).join(",");

const home = site({ svi: "floating", cni: "calico" });
const copies: string[] = [];

test.after(() => {
  home.remove();
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});

const jobs = {
  "add-node": ["day2/add-node", "--limit", LIMIT, "-e", "join=true"],
  "remove-node": ["day2/remove-node", "--limit", LIMIT, "-e", "reset=true"],
} as const;

type Job = keyof typeof jobs;

/** What becomes of a job in a copy of the prepared lab: killed at its n-th task (0: not at all), then gone on with. */
async function disturbed(from: string, job: Job, n: number, how: "resume" | "again") {
  const directory = mkdtempSync(path.join(tmpdir(), "underlay-killed-"));
  copies.push(directory);
  cpSync(from, directory, { recursive: true });
  const place = workplaceIn(directory);
  const inventory = path.join(directory, "inventory", "lab.yaml");
  const [playbook, ...flags] = jobs[job];
  const args = ["run", path.join(packageRoot, "playbooks", `${playbook}.yaml`), "-i", inventory, ...flags];
  const { stop } = await place.labUp(["-i", inventory]);
  const killed = n > 0 ? await killAtTask(args, directory, n) : undefined;
  const last =
    killed !== undefined && !killed.killed
      ? undefined
      : await place.underlay(n > 0 && how === "resume" ? ["resume", "--output", "json"] : [...args, "--output", "json"]);
  await stop();
  return { directory, killed, last, state: endState(path.join(directory, ".underlay", "lab", "lab")) };
}

for (const job of ["add-node", "remove-node"] as const) {
  test(`${job}: resumed, or run again, it ends as if nothing had happened`, async () => {
    const from = await prepared(job);
    const whole = await disturbed(from, job, 0, "again");
    assert.is(whole.last?.code, 0, whole.last === undefined ? "" : failureOf(whole.last));
    const count = whole.last?.events.filter(({ event }) => event === "task").length ?? 0;
    assert.ok(count > 5, "the job has tasks");
    const limit = pLimit(AT_ONCE);
    const cases = (["resume", "again"] as const).flatMap((how, offset) =>
      Array.from({ length: count }, (_, index) => index + 1)
        .filter((n) => n % STEP === offset % STEP)
        .map((n) => ({ how, n })),
    );
    const wrong = await Promise.all(
      cases.map(({ how, n }) =>
        limit(async () => {
          const end = await disturbed(from, job, n, how);
          const task = `killed at task ${n}, ${end.killed?.tasks.at(-1)}; ${how}`;
          if (end.killed?.killed !== true) return [`${task}: was over before`];
          if (end.last?.code !== 0) return [`${task}: ${end.last === undefined ? "no end" : failureOf(end.last)}`];
          return stateDifferences(whole.state, end.state).map((line) => `${task}: ${line}`);
        }),
      ),
    );
    assert.equal(wrong.flat(), []);
    console.log(`| ${job}: ${count} tasks, killed ${cases.length} times, each time the same end |`);
  });
}

/** The folder with the lab as the job finds it. */
async function prepared(job: Job): Promise<string> {
  if (job === "add-node") {
    assert.is((await home.run("floating-svi-calico")).code, 0);
    home.addNodes(NEWCOMERS);
  } else {
    const [playbook, ...flags] = jobs["add-node"];
    const added = await home.run(playbook, ...flags);
    assert.is(added.code, 0, failureOf(added));
  }
  return home.place.directory;
}

test.run();
