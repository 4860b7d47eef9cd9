import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Loaded } from "../../runner/load/load.ts";
import { applyOverlay, hostVariables } from "../../runner/load/overlay.ts";
import { loadFiles, mustLoad } from "./load-with.ts";

const inventory = (node1 = "", svi = "floating") => `
all:
  vars:
    lab: true
    fabric: { asn: 65002, password: lab-only }
    l3out: { svi: ${svi}, interface_profile: svi, ${svi === "floating" ? "vlan: 310" : "vlans: { from: 311, to: 320 }"} }
    cluster:
      asn: 65003
      node_subnet: 192.168.1.0/24
      pod_subnet: 10.1.0.0/16
      service_subnet: 192.168.8.0/22
      load_balancer_subnet: 192.168.13.0/24
    ipv6: { node_subnet: "fd00:2::/64", pod_subnet: "fd00:10::/112", service_subnet: "fd00:8::/112" }
  children:
    apics: { hosts: { apic1: { node_id: 1 } } }
    leaves:
      hosts:
        leaf201: { node_id: 201, router_id: 1.1.4.201, rack_id: 1 }
        leaf202: { node_id: 202, router_id: 1.1.4.202, rack_id: 2 }
    nodes:
      vars: { ansible_host: "{{ address | ipaddr('address') }}" }
      hosts:
        node1: { rack_id: 1, attachment: port_channel${node1} }
        node2: { rack_id: 2, attachment: port_channel }
`;
const playbook = "- hosts: apics\n  tasks:\n    - test.note: { text: a }\n";
const files = (hosts = inventory()) => ({ "hosts.yaml": hosts, "playbook.yaml": playbook });
const at = { file: "x", line: 1, column: 1, length: 1 };

function seen(loaded: Loaded, text: string, host = "localhost"): unknown {
  const layers = [loaded.inventory.hosts.get(host)?.vars ?? new Map(), loaded.extraVars];
  const outcome = loaded.evaluator.render({ kind: "template", text, at }, { host, layers, facts: {}, unknown: {} });
  return outcome.kind === "value" ? outcome.value : outcome;
}

function originOf(loaded: Loaded, host: string, name: string): string | undefined {
  return loaded.inventory.hosts.get(host)?.vars.get(name)?.origin;
}

const test = suite("the address plan in an inventory");

test("hosts get what the inventory leaves out, and other variables may use it", async () => {
  const loaded = await mustLoad(files());
  const known = hostVariables(loaded, "node2");
  if (known.kind !== "value") throw new Error(known.kind);
  assert.equal(known.value.addresses, ["192.168.1.2/24", "fd00:2::2/64"]);
  assert.equal(known.value.gateways, ["192.168.1.254", "fd00:2::ffff:ffff:ffff:fffe"]);
  assert.equal([known.value.address, known.value.address6, known.value.vlan], ["192.168.1.2/24", "fd00:2::2/64", 310]);
  assert.is(known.value.ansible_host, "192.168.1.2");
  const leaf = hostVariables(loaded, "leaf202");
  assert.is(leaf.kind === "value" && leaf.value.address, "192.168.1.251/24");
  assert.is(originOf(loaded, "node2", "address"), "computed");
});

test("what is given wins, and its origin stays", async () => {
  const loaded = await mustLoad(files(inventory(", address: 192.168.1.2/24, vlan: 310")));
  assert.equal(
    loaded.plan.nodes.map(({ addresses }) => addresses[0]),
    ["192.168.1.2/24", "192.168.1.1/24"],
  );
  assert.is(originOf(loaded, "node1", "address"), "host");
  assert.is(originOf(loaded, "node1", "address6"), "computed");
  const extra = await mustLoad(files(inventory(", address: 192.168.1.2/24", "floating")), { extraVars: ["vlan=311"] });
  assert.equal(
    extra.plan.nodes.map(({ vlan }) => vlan),
    [311, 311],
  );
});

test("expressions know the plan as underlay, and hostvars what was computed", async () => {
  const loaded = await mustLoad(files());
  assert.equal(seen(loaded, "{{ underlay.families | map(attribute='family') | list }}"), ["ipv4", "ipv6"]);
  const given = "{{ underlay.families | map(attribute='load_balancer_subnet', default=none) | select | list }}";
  assert.equal(seen(loaded, given), ["192.168.13.0/24"]);
  const own = "{{ underlay.sessions | selectattr('leaf', 'eq', inventory_hostname) | map(attribute='local_address') | list }}";
  assert.equal(seen(loaded, own, "leaf202"), ["192.168.1.2", "fd00:2::2"]);
  assert.equal(seen(loaded, own, "leaf201"), ["192.168.1.1", "fd00:2::1"]);
  assert.is(seen(loaded, "{{ hostvars.node1.address }}"), "192.168.1.1/24");
  assert.is(seen(loaded, "{{ underlay.svi }} {{ underlay.nodes[0].name }}"), "floating node1");
  assert.equal(seen(loaded, "{{ underlay.nodes | items2dict('name', 'rack_id') }}"), { node1: "1", node2: "2" });
  const wrong = loaded.evaluator.render(
    { kind: "template", text: "{{ underlay.familis }}", at },
    { host: "localhost", layers: [], facts: {}, unknown: {} },
  );
  assert.is(wrong.kind === "error" && wrong.diagnostic.hint, "did you mean families?");
});

test("a loop over the families checks every item before the run", async () => {
  const play = `
- hosts: apics
  tasks:
    - test.vlan: { tenant: "{{ item.family }}", vlan: 1, subnet: "{{ item.node_subnet }}", address: "{{ item.floating_address }}" }
      loop: "{{ underlay.families }}"
    - test.vlan: { tenant: "{{ item.family }}", vlan: "{{ item.node_subnet }}" }
      loop: "{{ underlay.families }}"
`;
  const { diagnostics } = await loadFiles({ ...files(), "playbook.yaml": play });
  assert.equal(
    diagnostics.map(({ rule, at: place }) => [rule, place?.line]),
    [["wrong-type", 6]],
  );
});

test("an overlay is planned again, and keeps computed variables computed", async () => {
  const loaded = await mustLoad(files());
  const laid = applyOverlay(loaded, { all: {}, hosts: { node1: { address: "192.168.1.77/24" } } });
  assert.is(seen(laid, "{{ underlay.nodes[0].addresses[0] }}"), "192.168.1.77/24");
  assert.is(seen(laid, "{{ underlay.nodes[1].addresses[0] }}"), "192.168.1.1/24");
  assert.is(originOf(laid, "node1", "address"), "lab");
  assert.is(originOf(laid, "node2", "address"), "computed");
});

test("a standard SVI: a VLAN and a subnet for each node, nothing for the leaves", async () => {
  const loaded = await mustLoad(files(inventory("", "standard")));
  assert.equal(
    loaded.plan.families[0]?.paths.map(({ node, vlan, leaves, type }) => [node, vlan, leaves, type]),
    [
      ["node1", 311, [201], "port_channel"],
      ["node2", 312, [202], "port_channel"],
    ],
  );
  assert.is(seen(loaded, "{{ vlan }}", "node2"), 312);
  assert.is(originOf(loaded, "leaf201", "address"), undefined);
});

test("an inventory that gives too little has an empty plan, no diagnostic, and no underlay", async () => {
  const little = inventory().replace("interface_profile: svi, ", "").replace(" | ipaddr('address')", "");
  const { loaded, diagnostics } = await loadFiles(files(little));
  assert.equal(
    diagnostics.map(({ rule }) => rule),
    ["undefined-variable"],
  );
  assert.is(loaded, undefined);
  const generic = await mustLoad(files("all: { hosts: { one: {} } , children: { apics: { hosts: { apic1: {} } } } }"));
  assert.equal([generic.plan.nodes, generic.lacks[0]], [[], "cluster.node_subnet"]);
  assert.match(JSON.stringify(seen(generic, "{{ underlay.svi }}")), "the inventory gives no cluster.node_subnet");
});

test("errors in the inventory are not followed by what the plan would have given", async () => {
  const play =
    '- hosts: nodes\n  tasks:\n    - test.link: { mtu: "{{ vlan }}" }\n    - test.note: { text: "{{ underlay.svi }}" }\n';
  const { diagnostics } = await loadFiles({
    "hosts.yaml": inventory().replace("192.168.1.0/24", "192.168.1.0/29").replace("pod_subnet: 10", "pod_subnets: 10"),
    "playbook.yaml": play,
  });
  assert.equal(
    diagnostics.map(({ rule }) => rule),
    ["unknown-key"],
  );
});

test.run();
