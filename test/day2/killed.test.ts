import pLimit from "p-limit";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { failureOf } from "../designs/cell.ts";
import { type Disturbance, disturbed } from "./disturbed.ts";
import { stateDifferences } from "./end-state.ts";
import type { Point } from "./killed-run.ts";
import { designs, NEWCOMERS, nameOf, site } from "./site.ts";
import { deployWeb, spreadWeb } from "./workload.ts";

/**
 * A run is killed as a task begins, or in the middle of one, while lab and cluster live on; then `resume`, or the same command again: what is there at
 * the end is what an undisturbed run leaves, and no leaf had a route to a node that could not serve it. By default a few points;
 * UNDERLAY_ALL_TASKS=1: every task, and more of their middles, each with both. UNDERLAY_DESIGN="standard SVI, calico": another design.
 */
const test = suite("killed");

const ALL = process.env.UNDERLAY_ALL_TASKS === "1";
/** Labs at a time: a run waits more than it computes. */
const AT_ONCE = Number(process.env.UNDERLAY_AT_ONCE ?? 3);
/** Boundaries of each job when not all are taken. */
const FEW = 3;
/** As of `token_ttl` of k8s.join. */
const TOKEN_SECONDS = 900;

const wanted = process.env.UNDERLAY_DESIGN ?? "floating SVI, calico";
const design = designs.find((one) => nameOf(one) === wanted);
if (design === undefined) throw new Error(`UNDERLAY_DESIGN is none of ${designs.map(nameOf).join("; ")}`);
const home = site(design);
test.after(() => home.remove());

type Job = Pick<Disturbance, "playbook" | "flags">;
const LIMIT = ["--limit", NEWCOMERS.map(({ name }) => name).join(",")];
const ADD: Job = { playbook: "day2/add-node", flags: [...LIMIT, "-e", "join=true"] };
const REMOVE: Job = { playbook: "day2/remove-node", flags: [...LIMIT, "-e", "reset=true"] };

/** Middles of tasks: type, milliseconds after its first `change`. */
const middles = (types: Readonly<Record<string, readonly number[]>>): readonly Point[] =>
  Object.entries(types).flatMap(([type, times]) =>
    (ALL ? times : times.slice(0, 1)).map((milliseconds) => ({ type, milliseconds })),
  );
const withdraw = `${design.cni.replace("-", "_")}.withdraw`;
const fabric = design.svi === "standard" ? { "aci.svi": [5, 40, 100] } : {};
const IN_ADD = middles({ ...fabric, "node.network": [300, 20, 900], "k8s.join": [800, 20, 300, 1500, 2500] });
const IN_REMOVE = middles({
  "k8s.drain": [50, 400, 1000],
  [withdraw]: [300, 20, 1000],
  ...(ALL ? { "k8s.reset": [20, 200], "k8s.delete_node": [20, 400] } : {}),
  ...fabric,
});

test("add-node: resumed, or run again, it ends as if nothing had happened", async () => {
  const built = await home.run(`${design.svi}-svi-${design.cni}`);
  assert.is(built.code, 0, failureOf(built));
  await home.byHand(deployWeb);
  home.addNodes(NEWCOMERS);
  await everywhere(ADD, IN_ADD);
});

test("remove-node: resumed, or run again, it ends as if nothing had happened", async () => {
  const added = await home.run(ADD.playbook, ...ADD.flags);
  assert.is(added.code, 0, failureOf(added));
  // Pods come to the new nodes too.
  await home.byHand(async (hand) => {
    assert.ok((await spreadWeb(hand, "worker-6")) > 0, "there is something to drain");
  });
  await everywhere(REMOVE, IN_REMOVE);
});

test.run();

/** Kills a job at each point and compares how it ends with the job left in peace. */
async function everywhere(job: Job, inside: readonly Point[]): Promise<void> {
  const whole = await disturbed(home, { ...job, point: undefined, how: "again" });
  assert.is(whole.problem, undefined);
  assert.ok(whole.state.length > 100, "the state of a lab has something in it");
  assert.equal(whole.blackHoles, []);
  assert.equal(whole.tokens, [], "a run that is left in peace leaves no token");
  const limit = pLimit(AT_ONCE);
  const rows = await Promise.all(
    pointsOf(whole.tasks, inside).map((one) =>
      limit(async () => {
        const end = await disturbed(home, { ...job, ...one });
        const wrong = [
          ...(end.killed?.killed === true ? [] : ["it was over before"]),
          ...(end.problem === undefined ? [] : [end.problem]),
          ...stateDifferences(whole.state, end.state),
          ...end.blackHoles.map((hole) => `black hole ${hole}`),
          ...end.tokens.filter((seconds) => seconds > TOKEN_SECONDS).map((seconds) => `a token lives for ${seconds} s`),
        ];
        const inTask = "type" in one.point ? `${one.point.milliseconds} ms in` : "begins";
        const left = end.tokens.length === 0 ? "" : `; ${end.tokens.length} token, ends by itself`;
        console.log(
          `| ${job.playbook} | ${end.killed?.where}: ${inTask} | ${one.how} | ${wrong.length === 0 ? "same end" : "DIFFERS"}${left} |`,
        );
        return wrong.map((line) => `${end.killed?.where} (${inTask}), ${one.how}: ${line}`);
      }),
    ),
  );
  assert.equal(rows.flat(), []);
  console.log(`${nameOf(home.design)}, ${job.playbook}: ${whole.tasks} tasks, killed ${rows.length} times`);
}

/** Where it is killed, and how gone on with: every point both ways, or a few, one way and the other in turn. */
function pointsOf(
  tasks: number,
  inside: readonly Point[],
): readonly { readonly point: Point; readonly how: Disturbance["how"] }[] {
  const boundaries = Array.from({ length: tasks }, (_, index) => ({ task: index + 1 }));
  if (ALL)
    return [...boundaries, ...inside].flatMap(
      (point) =>
        [
          { point, how: "resume" },
          { point, how: "again" },
        ] as const,
    );
  const step = Math.floor(tasks / FEW);
  const few = boundaries.filter(({ task }) => task % step === Math.floor(step / 2));
  return [...few, ...inside].map((point, index) => ({ point, how: index % 2 === 0 ? "resume" : "again" }) as const);
}
