import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { LoadOptions } from "../../runner/load/load.ts";
import { batchesOf, readSerial } from "../../runner/load/serial.ts";
import { loadFiles, mustLoad } from "./load-with.ts";

/** Batches of a play's hosts. */
const test = suite("serial");

const ten = Array.from({ length: 10 }, (_, index) => `n${index}`);
const sizes = (value: unknown, hosts = ten): readonly number[] => {
  const serial = readSerial(value);
  if (serial === undefined) throw new Error("no serial");
  return batchesOf(
    serial,
    hosts,
    () => "",
    () => false,
  ).map((batch) => batch.length);
};

test("numbers and percentages, alone and in a list of which the last repeats (Ansible's rules)", () => {
  assert.equal(sizes(3), [3, 3, 3, 1]);
  assert.equal(sizes("4"), [4, 4, 2]);
  assert.equal(sizes("30%"), [3, 3, 3, 1]);
  assert.equal(sizes("35%"), [3, 3, 3, 1], "rounded down");
  assert.equal(sizes("1%"), [1, 1, 1, 1, 1, 1, 1, 1, 1, 1], "one host at least");
  assert.equal(sizes([1, "20%", 4]), [1, 2, 4, 3]);
  assert.equal(sizes([1, 0]), [1, 9], "0: all that are left");
  assert.equal(sizes(0), [10]);
  assert.equal(sizes(5, []), []);
});

test("what is no serial", () => {
  for (const value of [
    -1,
    1.5,
    "all",
    "",
    null,
    true,
    [],
    [1, "x"],
    {},
    { by: 1 },
    { of: "rack_id" },
    { by: "a", across: "b" },
    { by: "a", apart: "b" },
    { apart: "b" },
    { across: "a", apart: 1 },
  ]) {
    assert.is(readSerial(value), undefined, JSON.stringify(value));
  }
});

test("by puts equal values together in order of first appearance, across takes one of each", () => {
  const racks: Readonly<Record<string, string>> = { n1: "2", n2: "1", n3: "2", n4: "1", n5: "2", n6: "3" };
  const parted = (kind: "by" | "across") =>
    batchesOf(
      { kind, variable: "rack_id", apart: undefined },
      Object.keys(racks),
      (host) => racks[host] ?? "",
      () => false,
    ).map((batch) => batch.join(" "));
  assert.equal(parted("by"), ["n1 n3 n5", "n2 n4", "n6"]);
  assert.equal(parted("across"), ["n1 n2 n6", "n3 n4", "n5"]);
});

test("across keeps apart what must not be together: two control plane nodes of different racks", () => {
  const parted = (racks: Readonly<Record<string, string>>) =>
    batchesOf(
      { kind: "across", variable: "rack_id", apart: "control_plane" },
      Object.keys(racks),
      (host) => racks[host] ?? "",
      (host) => host.startsWith("m"),
    ).map((batch) => batch.join(" "));
  assert.equal(parted({ m1: "1", w1: "1", w2: "1", m2: "2", w3: "2", w4: "2" }), ["m1 w3", "w1 m2", "w2 w4"]);
  assert.equal(parted({ m1: "1", m2: "2", m3: "3", w1: "1" }), ["m1", "m2 w1", "m3"]);
  assert.equal(readSerial({ across: "rack_id", apart: "control_plane" }), {
    kind: "across",
    variable: "rack_id",
    apart: "control_plane",
  });
});

const hosts = `
all:
  vars: { tenant: k8s, everywhere: 2, place: "{{ room }}" }
  children:
    apics: { hosts: { apic1: {}, apic2: {} } }
    nodes:
      hosts:
        n1: { room: 1 }
        n2: { room: 2, everywhere: 1 }
        n3: { room: 1 }
        n4: { room: "2" }
`;

async function batches(serial: string, options: Partial<LoadOptions> = {}, inventory = hosts): Promise<readonly string[]> {
  const playbook = `- hosts: nodes\n  serial: ${serial}\n  vars: { mine: "{{ at_once | default(3) }}" }\n  tasks: [test.note: { text: a }]\n`;
  const loaded = await mustLoad({ "hosts.yaml": inventory, "playbook.yaml": playbook }, options);
  return (loaded.playbook.plays[0]?.batches ?? []).map((batch) => batch.join(" "));
}

test("rendered before the run from -e, variables of the play and of the group all", async () => {
  assert.equal(await batches('"{{ mine }}"'), ["n1 n2 n3", "n4"]);
  assert.equal(await batches('"{{ mine }}"', { extraVars: ["at_once=2"] }), ["n1 n2", "n3 n4"]);
  assert.equal(await batches('"{{ everywhere }}"'), ["n1 n2", "n3 n4"]);
  assert.equal(await batches("[1, '{{ everywhere }}']"), ["n1", "n2 n3", "n4"]);
  assert.equal(await batches("\"{{ serial | default({'by': 'room'}) }}\""), ["n1 n3", "n2 n4"]);
  assert.equal(await batches("\"{{ serial | default({'by': 'room'}) }}\"", { extraVars: ["serial=25%"] }), [
    "n1",
    "n2",
    "n3",
    "n4",
  ]);
  const choice = "\"{{ {'across': across} if across is defined else serial | default(1) }}\"";
  assert.equal(await batches(choice), ["n1", "n2", "n3", "n4"]);
  assert.equal(await batches(choice, { extraVars: ["across=room"] }), ["n1 n2", "n3 n4"]);
});

test("made after --limit; the variable may be a template; a number equals its text", async () => {
  assert.equal(await batches("2", { limit: "n2,n3,n4" }), ["n2 n3", "n4"]);
  assert.equal(await batches("{ by: place }", { limit: "n2,n3,n4" }), ["n2 n4", "n3"]);
});

test("without serial one batch, without hosts none", async () => {
  const playbook = "- hosts: nodes\n  tasks: [test.note: { text: a }]\n- hosts: apics\n  tasks: [test.note: { text: a }]\n";
  const loaded = await mustLoad({ "hosts.yaml": hosts, "playbook.yaml": playbook }, { limit: "nodes" });
  assert.equal(
    loaded.playbook.plays.map((play) => play.batches),
    [[["n1", "n2", "n3", "n4"]], []],
  );
});

test("hosts without the variable are alike: a cluster without racks is one batch by rack, and one host at a time across", async () => {
  const bare = "all: { children: { nodes: { hosts: { n1: {}, n2: {}, n3: { room: 1 } } } } }\n";
  assert.equal(await batches("{ by: room }", {}, bare), ["n1 n2", "n3"]);
  assert.equal(await batches("{ by: rack_id }", {}, bare), ["n1 n2 n3"]);
  assert.equal(await batches("{ across: rack_id }", {}, bare), ["n1", "n2", "n3"]);
});

test("a list, map or secret cannot part hosts", async () => {
  const playbook = "- hosts: nodes\n  serial: { by: mixed }\n  tasks: [test.note: { text: a }]\n";
  const inventory = "all: { vars: { mixed: [1] }, children: { nodes: { hosts: { n1: {}, n2: {} } } } }\n";
  const { diagnostics } = await loadFiles({ "hosts.yaml": inventory, "playbook.yaml": playbook });
  assert.equal(
    diagnostics.map(({ rule, message }) => [rule, message]),
    [["unknown-serial", "mixed is a list, a map or a secret, so serial cannot part hosts by it (host n1 and 1 more)"]],
  );
});

test("ansible_play_batch is known in the run only: what hangs on it is not judged by all hosts of the play", async () => {
  const vlan = '"{{ 310 if ansible_play_batch | length == 1 else 9999 }}"';
  const play = `- hosts: apics\n  serial: 1\n  tasks:\n    - test.vlan: { tenant: k8s, vlan: ${vlan} }\n`;
  assert.equal((await loadFiles({ "hosts.yaml": hosts, "playbook.yaml": play })).diagnostics, []);
});

test("run_once is checked on the first host of each batch, also when a block says it", async () => {
  const play = (serial: string) => `
- hosts: nodes
  serial: ${serial}
  tasks:
    - block:
        - test.note: { text: "{{ only_here }}" }
      run_once: true
`;
  const inventory = "all: { children: { nodes: { hosts: { n1: { only_here: here }, n2: {}, n3: {} } } } }\n";
  assert.equal((await loadFiles({ "hosts.yaml": inventory, "playbook.yaml": play("0") })).diagnostics, []);
  const { diagnostics } = await loadFiles({ "hosts.yaml": inventory, "playbook.yaml": play("2") });
  assert.equal(
    diagnostics.map(({ message }) => message),
    ["only_here is not defined (host n3)"],
  );
});

test.run();
