import { suite } from "uvu";
import * as assert from "uvu/assert";
import { leftBehind } from "../../runner/journal/left-behind.ts";
import type { Note } from "../../runner/journal/lines.ts";

/** What a journal leaves for the run that goes on. */
const test = suite("what a run leaves behind");

const finished = (play: number, batch = 0, left: Readonly<Record<string, string>> = {}): Note => ({
  line: "finished",
  play,
  batch,
  left: { ...left },
});
const learned = (name: string, value: number): Note => ({ line: "remembered", host: "n1", name, value });
const names = (lines: readonly Note[]) => leftBehind(lines).remembered.map(({ name }) => name);
const batches = (lines: readonly Note[]) => leftBehind(lines).finished.map(({ play, batch }) => `${play}.${batch}`);
const waiting = (lines: readonly Note[]) =>
  leftBehind(lines).notified.map(({ play, host, handler }) => `${play} ${host} ${handler}`);

test("batches that all their hosts have been through, and what was learned in them", () => {
  const lines = [learned("a", 1), finished(0), learned("b", 2), finished(1, 0), learned("c", 3)];
  assert.equal(batches(lines), ["0.0", "1.0"]);
  assert.equal(names(lines), ["a", "b"], "what the unfinished batch learned is learned again");
});

test("a batch that lost a host runs again, and so do later plays: the host has not seen them", () => {
  const lines = [finished(0), learned("a", 1), finished(1, 0, { n2: "failed" }), finished(1, 1), learned("b", 2), finished(2)];
  assert.equal(batches(lines), ["0.0", "1.1"]);
  assert.equal(names(lines), []);
});

test("a batch that learned a secret runs again; the others do not", () => {
  const lines: Note[] = [
    learned("a", 1),
    finished(0),
    learned("b", 2),
    { line: "not kept", host: "n1", name: "token" },
    finished(1),
    learned("c", 3),
    finished(2),
  ];
  assert.equal(batches(lines), ["0.0", "2.0"]);
  assert.equal(names(lines), ["a", "c"]);
});

test("handlers that were notified and have not run since", () => {
  const notified = (host: string, ...handlers: string[]): Note => ({ line: "notified", play: 1, host, handlers });
  const handled = (host: string, handler: string): Note => ({ line: "handled", play: 1, host, handler });
  assert.equal(waiting([notified("n1", "restart", "reload"), handled("n1", "restart")]), ["1 n1 reload"]);
  assert.equal(waiting([notified("n1", "restart"), handled("n2", "restart")]), ["1 n1 restart"]);
  assert.equal(waiting([notified("n1", "restart"), handled("n1", "restart"), notified("n1", "restart")]), ["1 n1 restart"]);
  assert.equal(waiting([notified("n1", "restart"), notified("n1", "restart")]), ["1 n1 restart"], "once");
});

test("what was carried over from an earlier run still counts", () => {
  const lines: Note[] = [
    {
      line: "carried",
      finished: [{ play: 0, batch: 0 }],
      remembered: [{ host: "n1", name: "a", value: 1 }],
      notified: [{ play: 0, host: "n1", handler: "restart" }],
    },
    learned("b", 2),
    finished(1),
  ];
  assert.equal(batches(lines), ["0.0", "1.0"]);
  assert.equal(names(lines), ["a", "b"]);
  assert.equal(waiting(lines), ["0 n1 restart"]);
});

test.run();
