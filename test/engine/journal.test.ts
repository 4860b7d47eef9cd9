import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Journal, Resumed } from "../../runner/engine/journal.ts";
import type { RunEvent } from "../../runner/event.ts";
import { expression, handler, notify, play, task } from "./entries.ts";
import { run } from "./fake-run.ts";
import { change, type Log, writes } from "./fake-types.ts";

/** What the engine tells the journal and when, and what it makes of what an earlier run left behind. */
const test = suite("journal");

/** Writes each call as a line. */
function lines(log: Log): Journal {
  return {
    id: "20261123-081502-3f2a",
    remembered: (host, name) => void log.push(`remembered ${host} ${name}`),
    notified: (number, host, handlers) => void log.push(`notified ${number} ${host} ${handlers.join(",")}`),
    handled: (number, host, name) => void log.push(`handled ${number} ${host} ${name}`),
    finished: (number, batch, left) => void log.push(`finished ${number} ${batch} ${[...left].join(" ")}`.trimEnd()),
  };
}

const nothing: Resumed = { finished: [], remembered: [], notified: [] };
const same = writes([], () => ({}));
const results = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.event === "result" ? [`${event.task} ${event.host} ${event.status}`] : []));

test("a notice is written down before the change, the result after it, the end of a batch last", async () => {
  const log: Log = [];
  const changes = writes(log, () => ({ changes: [change("x")] }));
  const { events } = await run(
    [
      play(["a", "b"], [task("one", changes, { notify: notify("h"), register: "r" })], {
        number: 4,
        batches: [["a"], ["b"]],
        handlers: [
          handler(
            task(
              "h",
              writes(log, () => ({})),
            ),
            "h",
          ),
        ],
      }),
    ],
    { journal: lines(log) },
  );
  const ofHost = (host: string, batch: number) => [
    `plan ${host}`,
    `notified 4 ${host} h`,
    `apply ${host}`,
    `remembered ${host} r`,
    `plan ${host}`,
    `handled 4 ${host} h`,
    `finished 4 ${batch}`,
  ];
  assert.equal(log, [...ofHost("a", 0), ...ofHost("b", 1)]);
  const [first] = events;
  assert.is(first?.event === "run" && first.id, "20261123-081502-3f2a");
});

test("who dropped out is told at the end of a batch; a batch that lost all, or was interrupted, has no end", async () => {
  const log: Log = [];
  const type = writes([], (host) => (host === "a" || host === "c" ? { broken: "failed" } : {}));
  await run([play(["a", "b", "c", "d"], [task("one", type)], { batches: [["a", "b"], ["c"], ["d"]] })], {
    journal: lines(log),
  });
  assert.equal(
    log.filter((line) => line.startsWith("finished")),
    ["finished 0 0 a,failed"],
  );
  const stop = new AbortController();
  const cut: Log = [];
  await run([play(["a"], [task("one", same)])], {
    journal: lines(cut),
    signal: stop.signal,
    onEvent: (event) => event.event === "start" && stop.abort(),
  });
  assert.equal(cut, []);
});

test("a handler that fails is not told as handled", async () => {
  const log: Log = [];
  const changes = writes([], () => ({ changes: [change("x")] }));
  const broken = writes([], () => ({ broken: "failed" }));
  await run([play(["a"], [task("one", changes, { notify: notify("h") })], { handlers: [handler(task("h", broken), "h")] })], {
    journal: lines(log),
  });
  assert.equal(
    log.filter((line) => !line.startsWith("remembered")),
    ["notified 0 a h"],
  );
});

test("resumed: finished batches are told and not run, what was learned there is known", async () => {
  const found = { status: "ok", facts: { host: "a" } };
  const resumed: Resumed = {
    ...nothing,
    finished: [
      { play: 0, batch: 0 },
      { play: 1, batch: 0 },
    ],
    remembered: [
      { host: "b", name: "found", value: null },
      { host: "b", name: "found", value: found },
    ],
  };
  const { events } = await run(
    [
      play(["a", "b"], [task("zero", same)], { number: 0 }),
      play(["a", "b"], [task("one", same, { when: [expression("found.facts.host")] })], { number: 1, batches: [["a"], ["b"]] }),
    ],
    { resumed },
  );
  assert.equal(results(events), ["one b ok"]);
  const told = events.flatMap((event) => (event.event === "play" || event.event === "batch" ? [[event.event, event.done]] : []));
  assert.equal(told, [
    ["play", true],
    ["play", undefined],
    ["batch", true],
    ["batch", undefined],
  ]);
});

test("handlers that an interrupted run left over run at the end of their batch, though nothing changes", async () => {
  const log: Log = [];
  const resumed: Resumed = {
    ...nothing,
    notified: [
      { play: 1, host: "b", handler: "h" },
      { play: 1, host: "b", handler: "gone from the playbook" },
    ],
  };
  const handlers = [handler(task("h", same), "h")];
  const { events } = await run(
    [
      play(["a", "b"], [task("zero", same)], { number: 0, handlers }),
      play(["a", "b"], [task("one", same)], { number: 1, handlers }),
    ],
    { resumed, journal: lines(log) },
  );
  assert.equal(results(events), ["zero a ok", "zero b ok", "one a ok", "one b ok", "h b ok"]);
  assert.equal(log, ["finished 0 0", "handled 1 b h", "finished 1 0"]);
});

test.run();
