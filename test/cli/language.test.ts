import { writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Outcome, workplace } from "../support/command.ts";

/** The playbook language through the real command: loader, expressions and engine agree on what the words mean. */
const test = suite("playbook language");
const place = workplace();
test.after(() => place.remove());

const inventory = path.join(place.directory, "hosts.yaml");
writeFileSync(inventory, "all:\n  hosts:\n    a:\n    b:\n    c:\n");

/** Runs tasks on the hosts a, b and c. */
async function play(tasks: string, more: readonly string[] = []): Promise<Outcome> {
  const playbook = path.join(place.directory, "site.yaml");
  const indented = tasks.trim().replace(/^/gm, "    ");
  writeFileSync(playbook, `- name: Language\n  hosts: all\n  vars: { greeting: hello }\n  tasks:\n${indented}\n`);
  return place.underlay(["run", playbook, "-i", inventory, "--yes", "--output", "json", ...more]);
}

/** `host: text` of each message. */
const messages = ({ events, stderr }: Outcome): readonly string[] => {
  assert.is(events.at(-1)?.event, "recap", stderr);
  return events.flatMap((event) => (event.event === "message" ? [`${event.host}: ${event.text}`] : [])).sort();
};

test("set_fact, when as a list, hosts' own values", async () => {
  const outcome = await play(`
- set_fact: { mine: "{{ inventory_hostname }}-{{ greeting }}" }
- debug: { msg: "{{ mine }}" }
  when:
    - inventory_hostname != 'b'
    - greeting is defined
`);
  assert.equal(messages(outcome), ["a: a-hello", "c: c-hello"]);
});

test("loop with label and when, register with results", async () => {
  const outcome = await play(
    `
- debug: { msg: "{{ item.name }}" }
  loop: [{ name: x, n: 1 }, { name: y, n: 2 }]
  loop_control: { label: "{{ item.name }}!" }
  when: item.n > 1
  register: looped
- debug: { msg: "{{ looped.results | map(attribute='status') | list }}" }
`,
    ["--limit", "a"],
  );
  assert.equal(messages(outcome), ['a: ["skipped","ok"]', "a: y"]);
  const items = outcome.events.flatMap((event) => (event.event === "result" && event.item !== undefined ? [event.item] : []));
  assert.equal(items, ["x!", "y!"]);
});

test("run_once registers for all, delegate_to counts for the host itself", async () => {
  const outcome = await play(`
- debug: { msg: "once on {{ inventory_hostname }}" }
  run_once: true
  register: once
- debug: { msg: "{{ once.message }}" }
  delegate_to: b
`);
  assert.equal(messages(outcome), ["a: once on a", "a: once on a", "b: once on a", "c: once on a"]);
});

test("block, rescue, always; until with retries; ignore_errors", async () => {
  const outcome = await play(`
- block:
    - assert: { that: ["{{ inventory_hostname != 'c' }}"] }
  rescue:
    - debug: { msg: mended }
  always:
    - debug: { msg: tidied }
- assert: { that: ["{{ greeting == 'bye' }}"] }
  register: tried
  until: not tried.failed
  retries: 1
  delay: 0
  ignore_errors: true
- debug: { msg: end }
`);
  assert.is(outcome.code, 0, outcome.stderr);
  assert.equal(messages(outcome), ["a: end", "a: tidied", "b: end", "b: tidied", "c: end", "c: mended", "c: tidied"]);
  assert.is(outcome.events.filter((event) => event.event === "retry").length, 3);
});

test("tags, and extra variables that win over facts", async () => {
  const outcome = await play(
    `
- set_fact: { greeting: fact }
  tags: [early]
- debug: { msg: "{{ greeting }}" }
  tags: [early]
- debug: { msg: late }
`,
    ["--tags", "early", "-e", "greeting=extra", "--limit", "a"],
  );
  assert.equal(messages(outcome), ["a: extra"]);
});

test("what depends on an argument that turns out wrong fails at its place", async () => {
  const outcome = await play(`
- set_fact: { text: "{{ greeting }}" }
- assert:
    that:
      - "{{ text }}"
`);
  assert.is(outcome.code, 2);
  const failure = outcome.events.find((event) => event.event === "result" && event.status === "failed");
  assert.match(JSON.stringify(failure), "that[0] is true or false, not a text");
  assert.match(JSON.stringify(failure), '"line":8,"column":13');
});

test("a rescue knows what failed; one that fails is rescued by the block around; nothing counts as failed then", async () => {
  const outcome = await play(`
- block:
    - block:
        - name: First
          assert: { that: ["{{ inventory_hostname == 'c' }}"], fail_msg: wrong }
      rescue:
        - debug: { msg: "{{ ansible_failed_task.name }}: {{ ansible_failed_result.message }}, {{ ansible_play_hosts | join(',') }}" }
        - name: Second
          assert: { that: ["{{ inventory_hostname == 'b' }}"] }
  rescue:
    - debug: { msg: "{{ ansible_failed_task.name }}, {{ ansible_failed_task.action }}, {{ ansible_play_hosts | join(',') }}" }
`);
  assert.equal(messages(outcome), ["a: First: wrong, a,b,c", "a: Second, assert, a,b,c", "b: First: wrong, a,b,c"]);
  assert.is(outcome.code, 0);
  assert.not.match(JSON.stringify(outcome.events.at(-1)), /"failed":[1-9]/);
});

test("what imports and set_fact bring is in hostvars; guards, tests of results and filters as in Ansible", async () => {
  writeFileSync(path.join(place.directory, "part.yaml"), "- set_fact: { chosen: '{{ who }}' }\n");
  const outcome = await play(`
- import_tasks: part.yaml
  vars: { who: "{{ inventory_hostname }}" }
  when: inventory_hostname in ['a', 'b'] and not (who == 'b' or nothing.at.all | default(false))
- debug: { msg: "{{ hostvars['a'].chosen }} {{ hostvars['b'].chosen | default('none') }}" }
  run_once: true
  register: said
- debug: { msg: "{{ groups.all | difference(ansible_play_hosts[:1]) }} {{ (said is changed) | ternary('yes', 'no') }}" }
  loop: "{{ { 'x': 1, 'y': 2 } | dict2items }}"
  when: [inventory_hostname == 'a', item.value > 1, said is succeeded, item.key is match('y')]
- debug: { msg: never }
  loop: "{{ nowhere | list }}"
  when: nowhere is defined
`);
  assert.equal(messages(outcome), ['a: ["b", "c"] no', "a: a none"]);
});

test.run();
