import { suite } from "uvu";
import * as assert from "uvu/assert";
import { tasksOf } from "../../runner/load/entries.ts";
import type { Loaded } from "../../runner/load/load.ts";
import { isSelected } from "../../runner/load/selection.ts";
import { loadFiles, mustLoad } from "./load-with.ts";

const hosts = `
all:
  vars: { tenant: k8s }
  children:
    apics: { hosts: { apic1: {}, apic2: {} } }
    nodes: { hosts: { node1: {}, node2: {} } }
`;

function tasks(loaded: Loaded) {
  return loaded.playbook.plays.flatMap(({ entries }) => tasksOf(entries));
}

const test = suite("playbooks");

test("imports hand on tags, conditions and variables; blocks hand on tags only", async () => {
  const loaded = await mustLoad({
    "hosts.yaml": hosts,
    "playbook.yaml": "- import_playbook: inner.yaml\n  tags: outer\n  when: tenant == 'k8s'\n  vars: { a: 1 }\n",
    "inner.yaml": `
- hosts: apics
  tags: [play]
  vars: { b: 2 }
  tasks:
    - import_tasks: parts/tasks.yaml
      tags: import
      when: [a == 1, b == 2]
      vars: { c: 3 }
    - block:
        - test.note: { text: "is {{ d }}" }
          tags: inside
      when: a == 1
      vars: { d: 4 }
      tags: block
      rescue:
        - test.note: { text: rescued }
`,
    "parts/tasks.yaml": "- test.vlan: { tenant: '{{ tenant }}', vlan: '{{ c }}' }\n  when: c == 3\n  tags: own\n",
  });
  const [imported, inside, rescued] = tasks(loaded);
  assert.equal(imported?.tags, ["outer", "play", "import", "own", "step-4"]);
  assert.equal(
    imported?.when.map(({ text }) => text),
    ["tenant == 'k8s'", "a == 1", "b == 2", "c == 3"],
  );
  assert.equal([...(imported?.vars.keys() ?? [])], ["c"]);
  assert.equal([...(loaded.playbook.plays[0]?.vars.keys() ?? [])], ["a", "b"]);
  assert.equal(inside?.tags, ["outer", "play", "block", "inside"]);
  assert.equal(inside?.when, []);
  assert.equal(rescued?.tags, ["outer", "play", "block"]);
  const block = loaded.playbook.plays[0]?.entries[1];
  assert.ok(block?.kind === "block");
  assert.equal(
    block.when.map(({ text }) => text),
    ["tenant == 'k8s'", "a == 1"],
  );
});

test("retries and delay have Ansible's defaults with until", async () => {
  const play =
    "- hosts: apics\n  tasks:\n    - test.note: { text: a }\n      register: r\n      until: r.ok\n    - test.note: { text: b }\n";
  const [first, second] = tasks(await mustLoad({ "hosts.yaml": hosts, "playbook.yaml": play }));
  assert.equal([first?.retries, first?.delay, first?.register], [3, 5, "r"]);
  assert.equal([second?.retries, second?.until], [0, []]);
});

test("--limit keeps inventory order; --tags and --skip-tags drop tasks and empty blocks", async () => {
  const play = `
- hosts: all
  tasks:
    - block: [{ test.note: { text: a }, tags: x }]
    - { test.note: { text: b }, tags: y }
    - { test.note: { text: c }, tags: always }
    - { test.note: { text: d }, tags: [never, z] }
`;
  const files = { "hosts.yaml": hosts, "playbook.yaml": play };
  const all = await mustLoad(files, { limit: "node2,apic1" });
  assert.equal(all.playbook.plays[0]?.hosts, ["apic1", "node2"]);
  assert.is(tasks(all).length, 3);
  assert.is((await mustLoad(files, { tags: ["y"] })).playbook.plays[0]?.entries.length, 2);
  assert.is(tasks(await mustLoad(files, { tags: ["z"], skipTags: ["always"] })).length, 1);
});

test("special tags follow Ansible's rules", () => {
  assert.equal(
    [
      isSelected([], ["untagged"], []),
      isSelected(["a"], ["untagged"], []),
      isSelected(["a"], ["tagged"], []),
      isSelected(["always"], ["tagged"], []),
      isSelected(["never"], [], []),
      isSelected(["never", "a"], ["a"], []),
      isSelected(["never"], ["all"], []),
      isSelected(["a"], ["a"], ["a"]),
      isSelected(["always"], [], ["all"]),
    ],
    [true, false, true, true, false, true, false, false, true],
  );
});

test("what only the run can know is left for the run, what is around it is checked", async () => {
  const play = (args: string) => `
- hosts: apics
  tasks:
    - test.note: { text: a }
      register: blocks
    - test.set: { made: 1 }
- hosts: apics
  tasks:
    - test.vlan: ${args}
`;
  const good = "{ tenant: '{{ hostvars.apic1.blocks.facts.x }}', vlan: '{{ made }}' }";
  const { diagnostics } = await loadFiles({ "hosts.yaml": hosts, "playbook.yaml": play(good) });
  assert.equal(diagnostics, []);
  const bad = await loadFiles({ "hosts.yaml": hosts, "playbook.yaml": play("{ tenant: '{{ blocks.facts.x }}', vlan: 9999 }") });
  assert.equal(
    bad.diagnostics.map(({ rule, at }) => [rule, at?.line]),
    [["out-of-range", 9]],
  );
});

test("a task that a condition leaves out is not rendered; a loop is checked item by item", async () => {
  const play = `
- hosts: apics
  tasks:
    - test.note: { text: "{{ nowhere }}" }
      when: tenant == 'other'
    - test.vlan: { tenant: k8s, vlan: "{{ item.vlan }}" }
      loop: [{ vlan: 310 }, { vlan: 5000 }]
      loop_control: { label: "{{ item.vlan }}" }
`;
  const { diagnostics } = await loadFiles({ "hosts.yaml": hosts, "playbook.yaml": play });
  assert.equal(
    diagnostics.map(({ rule, at }) => [rule, at?.line, at?.column]),
    [["out-of-range", 6, 39]],
  );
});

test("the same mistake on many hosts is one diagnostic that names one and counts the others", async () => {
  const play = '- hosts: all\n  tasks:\n    - test.note: { text: "{{ nothing_here }}" }\n';
  const { diagnostics } = await loadFiles({ "hosts.yaml": hosts, "playbook.yaml": play });
  assert.equal(
    diagnostics.map(({ message }) => message),
    ["nothing_here is not defined (host apic1 and 3 more)"],
  );
});

const late = `
- hosts: apics
  tasks:
    - import_tasks: part.yaml
    - block:
        - test.note: { text: a }
      rescue:
        - test.note: { text: "{{ ansible_failed_task.name }}: {{ ansible_failed_result.message }}" }
          register: rescued
`;
const part = "- test.set: { chosen: 1 }\n- test.note: { text: a }\n  register: noted\n";

test("what an import sets, registers or a rescue registers is known through hostvars", async () => {
  const use = ["chosen", "noted.message", "rescued.message"].map(
    (name) => `    - test.note: { text: "{{ hostvars['apic1'].${name} }} {{ hostvars[groups.apics[0]].${name} }}" }\n`,
  );
  const playbook = `${late}- hosts: nodes\n  tasks:\n${use.join("")}`;
  await mustLoad({ "hosts.yaml": hosts, "part.yaml": part, "playbook.yaml": playbook });
});

test("what is set on other hosts only is not defined here", async () => {
  const playbook = `${late}- hosts: nodes\n  tasks:\n    - test.note: { text: "{{ chosen }}" }\n`;
  const { diagnostics } = await loadFiles({ "hosts.yaml": hosts, "part.yaml": part, "playbook.yaml": playbook });
  assert.equal(
    diagnostics.map(({ message }) => message),
    ["chosen is not defined (host node1 and 1 more)"],
  );
});

test("a play's own variables", async () => {
  const names = ["ansible_play_name", "ansible_play_hosts | first", "play_hosts | length", "playbook_dir", "inventory_dir"];
  const text = [...names, "inventory_hostname_short"].map((name) => `{{ ${name} }}`).join(" ");
  const playbook = `- hosts: nodes\n  tasks:\n    - test.note: { text: "${text}" }\n`;
  await mustLoad({ "hosts.yaml": hosts, "playbook.yaml": playbook });
  const { diagnostics } = await loadFiles({
    "hosts.yaml": hosts,
    "playbook.yaml": "- hosts: nodes\n  vars: { play_hosts: [] }\n  tasks: [test.note: { text: a }]\n",
  });
  assert.is(diagnostics[0]?.rule, "bad-name");
});

test.run();
