import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { blackHoles } from "../../lab/record/black-holes.ts";
import { readRecord } from "../../lab/record/read.ts";
import { packageRoot } from "../../runner/package-root.ts";
import { failureOf } from "../designs/cell.ts";
import { type ByHand, byHand } from "../support/by-hand.ts";
import { runs, type Started, start, startedBy } from "../support/started.ts";
import { atTerminal, hasTerminal } from "../support/terminal.ts";
import { tokensLeft } from "./end-state.ts";
import { NEWCOMERS, site } from "./site.ts";
import { deployWeb, protectWeb } from "./workload.ts";

/**
 * Ctrl-C once and twice, as a terminal sends it: to the whole process group, while nodes are added and removed in a lab that is a process of its own.
 * What the user sees, what is left, and that `resume` ends well.
 */
const test = suite("interrupted");
const at = site({ svi: "floating", cni: "calico" });
let stop = async () => {};
let hand: ByHand;

test.before(async () => {
  const built = await at.run("floating-svi-calico");
  assert.is(built.code, 0, failureOf(built));
  at.addNodes(NEWCOMERS);
  const lab = await at.place.labUp(["-i", at.inventory]);
  stop = lab.stop;
  hand = byHand(lab.endpoints, { username: "admin", password: "lab-only-apic-password" });
  await deployWeb(hand);
  await protectWeb(hand);
});
test.after(async () => {
  await stop();
  at.remove();
});

const job = (playbook: string, ...flags: readonly string[]) => [
  "run",
  path.join(packageRoot, "playbooks", "day2", `${playbook}.yaml`),
  ...["-i", at.inventory, ...flags],
];
const REMOVE = job("remove-node", "--limit", "worker-4", "-e", "reset=true", "-e", "drain_timeout=600");
const ADD = job("add-node", "--limit", "worker-5,worker-6", "-e", "join=true");
const CURSOR_HIDDEN = "\u001b[?25l";
const CURSOR_SHOWN = "\u001b[?25h";
const RESUME = /underlay resume (\d{8}-\d{6}-[0-9a-f]{4})/;

/** Interrupts a run so many times once it has said something, and waits for its end. Nothing that it started may outlive it. */
async function interrupt(run: Started, when: string, times: 1 | 2): Promise<{ readonly output: string; readonly id: string }> {
  await run.says(when);
  const programs = [...startedBy(run.pid)];
  run.signal("SIGINT");
  await run.says("interrupted: running tasks are finished first; Ctrl-C again ends at once");
  if (times === 2) {
    programs.push(...startedBy(run.pid));
    const since = performance.now();
    run.signal("SIGINT");
    await run.ended();
    assert.ok(performance.now() - since < 5000, "at once");
  }
  assert.is(await run.ended(), 130, run.output());
  for (let looks = 0; programs.some(runs) && looks < 50; looks += 1) await sleep(20);
  assert.equal(programs.filter(runs), [], "programs that outlive the run");
  const id = RESUME.exec(run.output().split("interrupted: running")[1] ?? "")?.[1] ?? "";
  assert.is.not(id, "", `no word about resume:\n${run.output()}`);
  return { output: run.output(), id };
}

/** `underlay runs list` and `show` of a run: what they say, at a terminal of 80 columns where there is one. */
async function listed(id: string): Promise<{ readonly row: string; readonly shown: string }> {
  const say = async (...args: readonly string[]) => {
    if (!hasTerminal) return (await at.place.underlay(["runs", ...args])).stdout;
    const terminal = atTerminal(["runs", ...args], at.place.directory, 80);
    await terminal.ended();
    for (const line of terminal.screen().split("\r\n")) assert.ok(line.length <= 80, line);
    return terminal.screen().replaceAll("\r\n", "\n");
  };
  const rows = (await say("list")).split("\n");
  return { row: rows.find((line) => line.startsWith(id)) ?? rows.join("\n"), shown: await say("show", id) };
}

const nodeIs = (name: string, field: string) =>
  hand.kubectl(["get", "node", name, "--ignore-not-found", "-o", `jsonpath={${field}}`]);
const plain = (args: readonly string[]) => start([...args, "--output", "plain"], at.place.directory);
let removing = "";

test("remove-node, twice while a budget holds the drain: ended at once, with what was being written", async () => {
  const { output, id } = await interrupt(plain(REMOVE), "left on worker-4: ", 2);
  const last = output.trim().split("\n").at(-1) ?? "";
  assert.match(last, /^underlay: ended at once: "Pods go elsewhere" was running on worker-4; it was writing pod default\/web-/);
  assert.match(last, `to go on: underlay resume ${id}`);
  const { row, shown } = await listed(id);
  assert.match(row, /remove-node\.yaml +worker-4 +interrupted /);
  assert.match(shown, /stopped in play "Remove nodes", task "Pods go elsewhere"/);
  assert.match(shown, "begun and not known to be made");
  assert.is(await nodeIs("worker-4", ".spec.unschedulable"), "true", "stays cordoned");
  removing = id;
});

test("resumed, and Ctrl-C once in the same drain: the waiting ends, and it says where it stopped", async () => {
  const { output, id } = await interrupt(plain(["resume", removing]), "left on worker-4: ", 1);
  assert.match(output, /interrupted: \d pods? of|interrupted: \d+ of \d+ left|interrupted: 1 pod/);
  assert.match(output, /interrupted in play "Remove nodes", .*task "Pods go elsewhere"/);
  assert.match(output, `go on with: underlay resume ${id}`);
  assert.not.match(output, "task Calico takes its routes back");
  const { row, shown } = await listed(id);
  // A list with a run that was gone on with has no room for the nodes.
  assert.match(row, /remove-node\.yaml +interrupted /);
  assert.match(shown, "web-stays");
  assert.is(await nodeIs("worker-4", ".metadata.labels.underlay/withdrawn"), "", "nothing else was done");
  removing = id;
});

test("without the budget `resume` takes the node out", async () => {
  await hand.kubectl(["delete", "poddisruptionbudget", "web-stays"]);
  const resumed = await at.place.underlay(["resume", "--output", "json"]);
  assert.is(resumed.code, 0, failureOf(resumed));
  assert.is(await nodeIs("worker-4", ".metadata.name"), "");
  assert.match((await listed(removing)).row, "interrupted, gone on with");
});

test("add-node, once during kubeadm join: the join is finished, nothing more is begun", async () => {
  const { output, id } = await interrupt(plain(ADD), "worker-5: kubeadm join", 1);
  assert.match(output, "worker-5: worker-5 has joined");
  assert.match(output, /interrupted in play "Add nodes", batch 1 of 2, after task "kubeadm join", finished on worker-5/);
  assert.not.match(output, "task Who is in the cluster");
  assert.not.match(output, "batch 2 of 2");
  assert.match((await listed(id)).row, /add-node\.yaml .*interrupted /);
  assert.is(await nodeIs("worker-5", ".spec.unschedulable"), "true", "no pod comes before its routes are proven");
  assert.is(await nodeIs("worker-5", ".spec.taints[?(@.key=='underlay/joining')].key"), "");
});

test("resumed, and twice while the second node's network changes: it can be gone on with", async () => {
  const run = plain(["resume"]);
  await run.says("batch 2 of 2");
  const { output } = await interrupt(run, "change worker-6: + create link bond0", 2);
  assert.match(output, /ended at once: "Bond, addresses and default routes[^"]*" was running on worker-6; it was writing /);
  const resumed = await at.place.underlay(["resume", "--output", "json"]);
  assert.is(resumed.code, 0, failureOf(resumed));
  for (const node of ["worker-5", "worker-6"]) assert.is(await nodeIs(node, ".spec.unschedulable"), "", `${node} takes pods`);
  const again = await at.place.underlay([...ADD, "--output", "json"]);
  assert.is(again.events.at(-1)?.changes, 0, "nothing was left to do");
});

if (!hasTerminal) console.log("skipped: at a terminal, for want of script(1) of util-linux");
const testAtTerminal = hasTerminal ? test : test.skip;

for (const times of [1, 2] as const) {
  testAtTerminal(`at a terminal, ${times === 1 ? "once" : "twice"}: the same words, and the cursor is back`, async () => {
    await protectWeb(hand);
    const terminal = atTerminal(job("remove-node", "--limit", "worker-3", "-e", "drain_timeout=600"), at.place.directory, 80);
    try {
      await terminal.shows("left on worker-3");
      for (let press = 0; press < times; press += 1) {
        terminal.press("\u0003");
        // A terminal does not queue a signal that is pending already.
        if (press + 1 < times) await sleep(50);
      }
      assert.is(await terminal.ended(), 130, terminal.screen().slice(-3000));
    } finally {
      terminal.close();
    }
    const screen = terminal.screen();
    const words = screen.replace(/\s+/g, " ");
    assert.match(words, times === 1 ? /interrupted in play/ : /ended at once: "Pods go elsewhere" was running on/);
    assert.match(words, RESUME);
    assert.ok(screen.includes(CURSOR_HIDDEN), "it was a live display");
    assert.ok(screen.lastIndexOf(CURSOR_SHOWN) > screen.lastIndexOf(CURSOR_HIDDEN), "the cursor is shown");
  });
}

testAtTerminal("at a terminal that nobody gave a size: plain lines", async () => {
  const terminal = atTerminal([...job("remove-node", "--limit", "worker-3"), "--check"], at.place.directory, 0);
  assert.is(await terminal.ended(), 0, terminal.screen());
  assert.match(terminal.screen(), "play Preflight of the nodes that leave on worker-3");
  assert.not.match(terminal.screen(), CURSOR_HIDDEN);
});

test("all that time no leaf had a route to a node that could not serve it, and no token is left", async () => {
  await stop();
  assert.equal(blackHoles(readRecord(at.lab)), []);
  assert.equal(tokensLeft(at.lab), []);
});

test.run();
