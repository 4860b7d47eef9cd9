import { suite } from "uvu";
import * as assert from "uvu/assert";
import { keptPlays, whatChanged } from "../../runner/journal/kept-plays.ts";
import { mustLoad } from "../load/load-with.ts";

/** Whether the numbers of an earlier run still mean the same plays. */
const test = suite("plays as a journal knows them");

const first = "- name: One\n  hosts: nodes\n  tasks:\n    - name: Say\n      test.note: { text: hello }\n";
const second = "- name: Two\n  hosts: nodes\n  tasks:\n    - name: Say more\n      test.note: { text: more }\n";
const hosts = "all:\n  children:\n    nodes:\n      hosts:\n        n1:\n        n2:\n";

async function plays(playbook: string, inventory = hosts, limit?: string) {
  const loaded = await mustLoad({ "playbook.yaml": playbook, "hosts.yaml": inventory }, { limit });
  return keptPlays(loaded.playbook);
}

const changes: readonly (readonly [string, string, string | undefined])[] = [
  ["nothing", first + second, undefined],
  ["other arguments", first.replace("hello", "goodbye") + second, undefined],
  ["a later play", first + second.replace("Say more", "Shout"), undefined],
  ["a play after it", `${first}${first}${second}`, undefined],
  ["a task's name", first.replace("Say", "Shout") + second, "has other tasks"],
  ["a task more", `${first}    - name: Again\n      test.note: { text: hello }\n${second}`, "has other tasks"],
  ["a play before it", second + first, 'is "Two" now'],
  ["batches", first.replace("tasks:", "serial: 1\n  tasks:") + second, "has other hosts or batches"],
];
for (const [what, playbook, expected] of changes) {
  test(`${what}: ${expected ?? "fits"}`, async () => {
    const changed = whatChanged(await plays(first + second), await plays(playbook), [0]);
    if (expected === undefined) assert.is(changed, undefined);
    else assert.match(changed ?? "fits", expected);
  });
}

test("a play that is gone", async () => {
  assert.match(whatChanged(await plays(first + second), await plays(first), [0, 1]) ?? "fits", 'play 2 "Two" is gone');
});

test("another host", async () => {
  const more = hosts.replace("n2:\n", "n2:\n        n3:\n");
  assert.match(whatChanged(await plays(first), await plays(first, more), [0]) ?? "fits", "other hosts");
  assert.is(whatChanged(await plays(first, hosts, "n1"), await plays(first, more, "n1"), [0]), undefined);
});

test.run();
