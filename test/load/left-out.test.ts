import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Entry } from "../../runner/load/model.ts";
import { loadFiles, mustLoad } from "./load-with.ts";

const hosts = `
all:
  children:
    apics: { hosts: { apic1: {}, apic2: { two: true } } }
`;
const part = (name: string, vars = "{}") =>
  `- name: ${name}\n  hosts: apics\n  vars: ${vars}\n  tasks:\n    - test.note: { text: ${name} }\n`;
const files = (playbook: string, more: Readonly<Record<string, string>> = {}) => ({
  "hosts.yaml": hosts,
  "playbook.yaml": playbook,
  "make.yaml": part("make", "{ state: present }"),
  "remove.yaml": part("remove"),
  ...more,
});
const BOTH = `
- import_playbook: make.yaml
  when: state | default('present') == 'present'
- import_playbook: remove.yaml
  when: state | default('present') == 'absent'
`;

async function plays(playbook: string, options: Parameters<typeof mustLoad>[1] = {}, more = {}): Promise<readonly string[]> {
  return (await mustLoad(files(playbook, more), options)).playbook.plays.map(({ name }) => name);
}

const test = suite("imports that a run leaves out");

test("what -e decides is left out", async () => {
  assert.equal(await plays(BOTH), ["make"]);
  assert.equal(await plays(BOTH, { extraVars: ["state=absent"] }), ["remove"]);
});

test("a condition that one host of the play meets keeps the play", async () => {
  assert.equal(await plays("- { import_playbook: make.yaml, when: two is defined }"), ["make"]);
  assert.equal(await plays("- { import_playbook: make.yaml, when: two is defined }", { limit: "apic1" }), []);
});

test("a play's own condition and a task's do not count", async () => {
  const own = "- name: own\n  hosts: apics\n  tasks:\n    - { test.note: { text: a }, when: false }\n";
  assert.equal(await plays("- import_playbook: own.yaml\n", {}, { "own.yaml": own }), ["own"]);
});

test("a condition that needs the run keeps the play, also when another part is false later", async () => {
  const first =
    "- hosts: apics\n  name: first\n  tasks:\n    - { test.note: { text: a }, register: found }\n    - test.set: { made: 1 }\n";
  const after = (when: string) => `- import_playbook: first.yaml\n- { import_playbook: make.yaml, when: ${when} }\n`;
  const more = { "first.yaml": first };
  assert.equal(await plays(after("found.changed"), {}, more), ["first", "make"]);
  assert.equal(await plays(after("made == 2"), {}, more), ["first", "make"]);
  assert.equal(await plays(after("ansible_check_mode"), {}, more), ["first", "make"]);
  assert.equal(await plays(after("[found.changed, 1 == 2]"), {}, more), ["first"]);
});

test("conditions of imports around imports count too", async () => {
  const outer = "- import_playbook: make.yaml\n- { import_playbook: remove.yaml, when: 1 == 2 }\n";
  assert.equal(await plays("- { import_playbook: outer.yaml, when: not (off | default(false)) }", {}, { "outer.yaml": outer }), [
    "make",
  ]);
  assert.equal(
    await plays(
      "- { import_playbook: outer.yaml, when: not (off | default(false)) }",
      { extraVars: ["off=true"] },
      { "outer.yaml": outer },
    ),
    [],
  );
});

test("what is wrong in a play that is left out is found all the same", async () => {
  const wrong = "- hosts: apics\n  tasks:\n    - test.vlan: { tenant: k8s, vlan: 5000 }\n";
  const { diagnostics } = await loadFiles(files("- { import_playbook: wrong.yaml, when: 1 == 2 }", { "wrong.yaml": wrong }));
  assert.equal(
    diagnostics.map(({ rule }) => rule),
    ["out-of-range"],
  );
});

test("tags of a play that is left out are known", async () => {
  const tagged = "- hosts: apics\n  tags: late\n  tasks:\n    - test.note: { text: a }\n";
  assert.equal(
    await plays("- { import_playbook: tagged.yaml, when: 1 == 2 }", { tags: ["late"] }, { "tagged.yaml": tagged }),
    [],
  );
});

const tasksOf = async (tasks: string, options: Parameters<typeof mustLoad>[1] = {}) => {
  const playbook = `- name: one\n  hosts: apics\n  tasks:\n${tasks.replace(/^/gm, "    ")}`;
  const { playbook: loaded } = await mustLoad(files(playbook), options);
  const names = (entries: readonly Entry[]): string[] =>
    entries.flatMap((entry) => {
      if (entry.kind === "flush") return ["flush"];
      if (entry.kind === "block") return [...names(entry.block), ...names(entry.rescue), ...names(entry.always)];
      return entry.name.kind === "literal" ? [String(entry.name.value)] : [];
    });
  return loaded.plays.flatMap(({ entries }) => names(entries));
};
const TASKS = `- { name: a, test.note: { text: a }, when: mode == 'a' }
- { name: b, test.note: { text: b }, when: mode == 'b' }
- { name: kept, test.note: { text: b }, when: mode == 'c', register: kept }
- { name: later, test.note: { text: b }, when: kept is not skipped }
- name: all of them
  when: mode == 'b'
  block:
    - { name: in b, test.note: { text: b } }
    - { name: asked for, test.note: { text: b }, register: asked }
    - name: inner
      block:
        - { name: deep in b, test.note: { text: b } }
        - { name: asked for deep, test.note: { text: b }, register: deep }
`;

test("tasks and blocks that a variable leaves out on every host are left out, but for what registers", async () => {
  assert.equal(await tasksOf(TASKS, { extraVars: ["mode=a"] }), ["a", "kept", "later", "asked for", "asked for deep"]);
  assert.equal(await tasksOf(TASKS, { extraVars: ["mode=b"] }), [
    "b",
    "kept",
    "later",
    "in b",
    "asked for",
    "deep in b",
    "asked for deep",
  ]);
});

test("a task that one host needs stays", async () => {
  assert.equal(await tasksOf("- { name: two, test.note: { text: a }, when: two is defined }\n"), ["two"]);
  assert.equal(await tasksOf("- { name: two, test.note: { text: a }, when: two is defined }\n", { limit: "apic1" }), []);
});

test.run();
