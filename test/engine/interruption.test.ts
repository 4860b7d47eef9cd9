import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Journal } from "../../runner/engine/journal.ts";
import type { RunEvent } from "../../runner/event.ts";
import type { Play } from "../../runner/load/model.ts";
import { handler, notify, play, task } from "./entries.ts";
import { run } from "./fake-run.ts";
import { change, looks, writes } from "./fake-types.ts";

/** The first Ctrl-C: what runs is finished, nothing begins, and the last warning says where it stands. */
const test = suite("interruption");

const same = writes([], () => ({}));
const journal: Journal = {
  id: "20261123-081502-3f2a",
  remembered: () => {},
  notified: () => {},
  handled: () => {},
  finished: () => {},
};

/** Runs plays, interrupted when an event comes that is like this one. */
async function interrupted(plays: readonly Play[], at: (event: RunEvent) => boolean, more: Parameters<typeof run>[1] = {}) {
  const stop = new AbortController();
  const ran = await run(plays, { ...more, signal: stop.signal, onEvent: (event) => at(event) && stop.abort() });
  const [warning] = ran.events.flatMap((event) => (event.event === "warning" ? [event.message] : []));
  return { ...ran, warning };
}

const started = (host: string, name: string) => (event: RunEvent) =>
  event.event === "start" && event.host === host && event.task === name;

test("play, batch and task; which hosts had finished it and which not; how to go on", async () => {
  const plays = [
    play(["a", "b", "c", "d"], [task("one", same), task("two", same)], { name: "Nodes", batches: [["a"], ["b", "c", "d"]] }),
    play(["a"], [task("later", same)]),
  ];
  const { warning, summary, results } = await interrupted(plays, started("c", "one"), { forks: 1, journal });
  assert.is(
    warning,
    'interrupted in play "Nodes", batch 2 of 2, task "one", finished on b, c, not on d; what was done stays done: ' +
      "go on with: underlay resume 20261123-081502-3f2a, or run it again",
  );
  assert.equal(results, ["a ok", "a ok", "b ok", "c ok"]);
  assert.is(summary.exitCode, 130);
});

test("without a journal there is nothing to resume; a finished task is told as finished", async () => {
  const { warning } = await interrupted([play(["a"], [task("one", same), task("two", same)])], started("a", "one"));
  assert.is(warning, 'interrupted in play "play", after task "one", finished on a; what was done stays done: run again to go on');
});

test("a probe stops waiting and has not finished", async () => {
  const probe = looks([], () => ({ unmet: ["session is Idle"] }), 600);
  const { warning, events } = await interrupted([play(["a"], [task("wait", probe)])], (event) => event.event === "retry");
  assert.match(warning ?? "", 'task "wait", not finished on a;');
  assert.ok(events.some((event) => event.event === "result" && /^interrupted while waiting/.test(event.failure?.message ?? "")));
});

test("handlers do not run, and are named", async () => {
  const changes = writes([], () => ({ changes: [change("x")] }));
  const { warning, results } = await interrupted(
    [
      play(["a"], [task("one", changes, { notify: notify("Restart the pods") })], {
        handlers: [handler(task("h", same), "Restart the pods")],
      }),
    ],
    started("a", "one"),
  );
  assert.equal(results, ["a changed"]);
  assert.match(warning ?? "", 'after task "one", finished on a; notified, not run: "Restart the pods"; what was done');
});

test("an action is told by its signal", async () => {
  let aborted: boolean | undefined;
  const type = writes([], () => ({ changes: [change("x")] }));
  const waits = {
    ...type,
    prepare: (args: unknown, host: string, check: boolean) => {
      const prepared = type.prepare(args, host, check);
      if (!prepared.ok || !("plan" in prepared.value)) return prepared;
      const { plan } = prepared.value;
      const value = {
        ...prepared.value,
        plan: async (...all: Parameters<typeof plan>) => {
          const planned = await plan(...all);
          if (!planned.ok) return planned;
          const apply: typeof planned.value.apply = async (during) => {
            during.tell("3 pods left");
            aborted = during.signal.aborted;
            return planned.value.apply(during);
          };
          return { ok: true as const, value: { ...planned.value, apply } };
        },
      };
      return { ok: true as const, value };
    },
  };
  const { events } = await interrupted([play(["a"], [task("drain", waits)])], (event) => event.event === "progress");
  assert.is(aborted, true);
  assert.ok(events.some((event) => event.event === "progress" && event.text === "3 pods left" && event.host === "a"));
});

test("more than a dozen hosts are counted", async () => {
  const many = Array.from({ length: 13 }, (_, index) => `n${index + 1}`);
  const { warning } = await interrupted([play(many, [task("one", same)])], started("n13", "one"), { forks: 13 });
  assert.match(warning ?? "", 'after task "one", finished on 13 hosts;');
});

test.run();
