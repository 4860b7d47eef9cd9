import { suite } from "uvu";
import * as assert from "uvu/assert";
import { handlersFor } from "../../runner/notices.ts";
import { loadFiles, mustLoad } from "./load-with.ts";

/** Handlers, what notifies them, and flush_handlers, as the loader reads them. Wrong ones are in fixtures/bad-input. */
const test = suite("handlers of a play");

const hosts = "all: { vars: { tenant: k8s }, children: { apics: { hosts: { apic1: {} } } } }\n";

const playbook = `
- hosts: apics
  tags: [outer]
  max_fail_percentage: 30%
  tasks:
    - test.note: { text: a }
      notify: [Restart, pods]
    - meta: flush_handlers
      tags: now
    - block: [test.note: { text: b }]
      notify: pods
      tags: inside
  handlers:
    - name: Restart
      test.note: { text: "{{ seen.message }}" }
      tags: never
    - import_tasks: parts/handlers.yaml
      when: tenant == 'k8s'
- hosts: apics
  tasks:
    - test.note: { text: "{{ seen.message }}" }
`;
const part = "- name: Look\n  test.note: { text: c }\n  listen: [pods, other]\n  register: seen\n";
const files = { "hosts.yaml": hosts, "playbook.yaml": playbook, "parts/handlers.yaml": part };

test("names, listen, imports with their conditions; what they register is known later", async () => {
  const [play, second] = (await mustLoad(files)).playbook.plays;
  assert.equal(
    play?.handlers.map(({ name, listen, task }) => [name, listen, task.when.map(({ text }) => text)]),
    [
      ["Restart", [], []],
      ["Look", ["pods", "other"], ["tenant == 'k8s'"]],
    ],
  );
  assert.equal([play?.number, second?.number, play?.maxFailPercentage], [0, 1, 30]);
  const find = (notice: string) => handlersFor(notice, play?.handlers ?? []).map(({ name }) => name);
  assert.equal([find("Restart"), find("pods"), find("nothing")], [["Restart"], ["Look"], []]);
});

test("tags choose tasks and flushes, not handlers, and a tag that only a handler has is none", async () => {
  const kinds = async (tags: readonly string[]) => {
    const [play] = (await mustLoad(files, { tags })).playbook.plays;
    return [play?.entries.map((entry) => entry.kind), play?.handlers.length];
  };
  assert.equal(await kinds([]), [["task", "flush", "block"], 2]);
  assert.equal(await kinds(["now"]), [["flush"], 2]);
  assert.equal(await kinds(["inside"]), [["block"], 2]);
  const play =
    "- hosts: apics\n  tasks: [test.note: { text: a }]\n  handlers: [{ name: h, test.note: { text: a }, tags: lonely }]\n";
  const { diagnostics } = await loadFiles({ "hosts.yaml": hosts, "playbook.yaml": play }, { tags: ["lonely"] });
  assert.equal(
    diagnostics.map(({ rule }) => rule),
    ["unknown-tag"],
  );
});

test("a handler is checked as a task of its play", async () => {
  const play = `- hosts: apics\n  tasks: [test.note: { text: a }]\n  handlers: [{ name: h, test.link: { mtu: "{{ mtuu }}" } }]\n`;
  const { diagnostics } = await loadFiles({ "hosts.yaml": hosts, "playbook.yaml": play });
  assert.equal(
    diagnostics.map(({ rule }) => rule),
    ["wrong-place", "undefined-variable"],
  );
});

test.run();
