import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RunEvent } from "../../runner/event.ts";
import { block, expression, play, task, value, variables } from "./entries.ts";
import { run } from "./fake-run.ts";
import { type Log, writes } from "./fake-types.ts";

/** Batches (`serial`), and how many may fail. */
const test = suite("batches");

const four = {
  batches: [
    ["a", "b"],
    ["c", "d"],
  ],
} as const;
const hosts = ["a", "b", "c", "d"];

const failing = (...bad: readonly string[]) => writes([], (host) => (bad.includes(host) ? { broken: "failed" } : {}));
const fine = writes([], () => ({}));
const warnings = (events: readonly RunEvent[]) => events.flatMap((event) => (event.event === "warning" ? [event.message] : []));
const batches = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.event === "batch" ? [`${event.batch} of ${event.of}: ${event.hosts.join(" ")}`] : []));

test("each batch goes through the whole play before the next begins; one batch is not announced", async () => {
  const { results, events } = await run([play(hosts, [task("one", fine), task("two", fine)], four)]);
  assert.equal(results, ["a ok", "b ok", "a ok", "b ok", "c ok", "d ok", "c ok", "d ok"]);
  assert.equal(batches(events), ["0 of 2: a b", "1 of 2: c d"]);
  assert.is(events.filter((event) => event.event === "play").length, 1);
  assert.equal(batches((await run([play(hosts, [task("one", fine)])])).events), []);
});

test("a host that failed before is in no later batch, and a batch without hosts is left out", async () => {
  const { events, results } = await run([
    play(hosts, [task("drop", failing("a", "c", "d"))]),
    play(hosts, [task("one", fine)], four),
  ]);
  assert.equal(batches(events), ["0 of 2: b"]);
  assert.equal(results.slice(4), ["b ok"]);
});

test("a batch that loses all its hosts ends the run: later batches and plays do not run", async () => {
  const plays = [play(hosts, [task("one", failing("a", "b"))], four), play(["c"], [task("two", fine)])];
  const { results, events, summary } = await run(plays);
  assert.equal(results, ["a failed", "b failed"]);
  assert.is(summary.exitCode, 2);
  assert.equal(warnings(events), ['no host is left in this batch of play "play": 1 more batch and 1 more play were not run']);
});

test("a batch that keeps a host lets the next one begin", async () => {
  const { results } = await run([play(hosts, [task("one", failing("a")), task("two", fine)], four)]);
  assert.equal(results, ["a failed", "b ok", "b ok", "c ok", "d ok", "c ok", "d ok"]);
});

test("any_errors_fatal stops the batch, and with it the run", async () => {
  const { results } = await run([play(hosts, [task("one", failing("b")), task("two", fine)], { ...four, anyErrorsFatal: true })]);
  assert.equal(results, ["a ok", "b failed"]);
});

test("magic variables: the batch, the play, all of the play, each without those that left", async () => {
  const seen: string[] = [];
  const type = writes([], (host, args) => {
    seen.push(`${host} ${JSON.stringify(args)}`);
    return {};
  });
  const args = value({
    batch: "{{ ansible_play_batch }}",
    play: "{{ ansible_play_hosts }}",
    all: "{{ ansible_play_hosts_all }}",
  });
  await run([
    play(["a", "b", "c"], [task("drop", failing("a")), task("look", type, { args })], { batches: [["a", "b"], ["c"]] }),
  ]);
  assert.equal(seen, [
    'b {"batch":["b"],"play":["b","c"],"all":["a","b","c"]}',
    'c {"batch":["c"],"play":["b","c"],"all":["a","b","c"]}',
  ]);
});

test("run_once runs once in each batch, on its first host, and registers for the batch alone", async () => {
  const log: Log = [];
  const type = writes(log, () => ({}));
  const { results } = await run([
    play(
      hosts,
      [
        task("once", type, { runOnce: true, register: "once" }),
        task("each", fine, { when: [expression("once.facts.host")], args: value({ of: "{{ once.facts.host }}" }) }),
      ],
      four,
    ),
  ]);
  assert.equal(log, ["plan a", "plan c"]);
  assert.equal(results, ["a ok", "a ok", "b ok", "c ok", "c ok", "d ok"]);
});

test("a block with run_once and delegate_to, over the batch: spoken to elsewhere once, known to each host", async () => {
  const log: Log = [];
  const seen: unknown[] = [];
  const type = writes(log, (_, args) => {
    seen.push(args);
    return {};
  });
  const inner = task("cluster", type, { args: value({ nodes: "{{ leaving }}" }), register: "found" });
  const { results } = await run([
    play(
      hosts,
      [
        block({ block: [inner], runOnce: true, delegateTo: value("other"), when: [expression("wanted")] }),
        task("each", fine, { when: [expression("found.facts.host")] }),
      ],
      { ...four, vars: variables({ leaving: "{{ ansible_play_batch }}", wanted: true }) },
    ),
  ]);
  assert.equal(log, ["plan other", "plan other"]);
  assert.is(seen.length, 2);
  assert.equal(results, ["a ok", "a ok", "b ok", "c ok", "c ok", "d ok"]);
});

test("delegate_to may be the item of a loop", async () => {
  const log: Log = [];
  const type = writes(log, () => ({}));
  const entry = task("each", type, { loop: value(["c", "d"]), delegateTo: value("{{ item }}"), runOnce: true });
  const { results } = await run([play(hosts, [entry])]);
  assert.equal(log, ["plan c", "plan d"]);
  assert.equal(results, ["a ok"]);
});

test("max_fail_percentage: a share of the batch may fail, more stops all and the run", async () => {
  const entries = [task("one", failing("a", "b")), task("two", fine)];
  const half = await run([play(hosts, entries, { maxFailPercentage: 50 })]);
  assert.equal(half.results, ["a failed", "b failed", "c ok", "d ok", "c ok", "d ok"]);
  const less = await run([play(hosts, entries, { maxFailPercentage: 49 }), play(["c"], [task("three", fine)])]);
  assert.equal(less.results, ["a failed", "b failed", "c ok", "d ok"]);
  assert.equal(warnings(less.events), [
    '2 of 4 hosts failed, more than max_fail_percentage 49: play "play" stops',
    'no host is left in play "play": 1 more play was not run',
  ]);
});

test("max_fail_percentage counts each batch for itself, and unreachable hosts too", async () => {
  const type = writes([], (host) => (host === "a" || host === "c" ? { broken: "unreachable" } : {}));
  const limits = { ...four, maxFailPercentage: 50 };
  assert.is((await run([play(hosts, [task("one", type), task("two", fine)], limits)])).results.length, 6);
  const tight = await run([play(hosts, [task("one", type), task("two", fine)], { ...four, maxFailPercentage: 40 })]);
  assert.equal(tight.results, ["a unreachable", "b ok"]);
});

test("max_fail_percentage: what a rescue puts right has not failed, what it does not put right has", async () => {
  const limits = { maxFailPercentage: 0 };
  const inner = [block({ block: [task("try", failing("a"))], rescue: [task("mend", fine)] }), task("after", fine)];
  assert.equal((await run([play(["a", "b"], inner, limits)])).results, ["a failed", "b ok", "a ok", "a ok", "b ok"]);
  const worse = [block({ block: [task("try", failing("a"))], rescue: [task("mend", failing("a"))] }), task("after", fine)];
  assert.equal((await run([play(["a", "b"], worse, limits)])).results, ["a failed", "b ok", "a failed"]);
});

test.run();
