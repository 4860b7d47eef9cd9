import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { addressesPlan } from "../../runner/cli/addresses.ts";
import { loadOptions } from "../../runner/cli/input-options.ts";
import { labSpecOf } from "../../runner/cli/lab-spec.ts";
import { loadInventory } from "../../runner/load/load.ts";
import { packageRoot } from "../../runner/package-root.ts";

const of = (...names: string[]) => path.join(packageRoot, "inventory", ...names);
const STANDARD = of("lab", "standard-svi-calico.yaml");
const FLOATING = of("lab", "floating-svi-kube-router.yaml");
const options = (inventory: string, extraVars: readonly string[] = []) => ({ inventories: [inventory], extraVars, lab: false });

async function plan(
  inventories: readonly string[],
  output: "plain" | "json" | "yaml" = "plain",
  columns = 140,
): Promise<{ readonly code: number; readonly text: string }> {
  let text = "";
  const code = await addressesPlan({ inventories, extraVars: [], lab: false, output, columns }, (part) => {
    text += part;
  });
  return { code, text };
}

const test = suite("underlay addresses plan");

test("a standard SVI as a table, what was computed is marked", async () => {
  const { code, text } = await plan([STANDARD]);
  assert.is(code, 0);
  assert.match(text, "IPv4: standard SVI, node subnet 192.168.1.0/24, interface profile standard-svi");
  assert.match(text, /^NODE +ADDRESS +GATEWAY +VLAN +LEAVES +PATH$/m);
  assert.match(
    text,
    /^worker-1 +192\.168\.1\.9\/29\* +192\.168\.1\.14\* +312\* +leaf201 192\.168\.1\.12\/29\*, leaf202 192\.168\.1\.13\/29\* +vpc worker-1$/m,
  );
  assert.match(text, "* computed");
});

test("given addresses have no mark", async () => {
  const { text } = await plan([of("lab.yaml")]);
  assert.match(text, /^master-2 +192\.168\.2\.7\/24 +192\.168\.2\.254 +310 +leaf203, leaf204$/m);
  assert.match(text, /^leaf204 +192\.168\.2\.204\/24 +rack 2$/m);
  assert.match(text, "everything is given");
  assert.not.match(text, "*");
});

test("a narrow terminal gets a block for each node, nothing is cut", async () => {
  const { text } = await plan([STANDARD], "plain", 60);
  assert.ok(
    text
      .split("\n")
      .filter((line) => !line.startsWith("IPv4") && !line.startsWith("*"))
      .every((line) => line.length <= 60),
  );
  assert.match(
    text,
    "worker-4\n  address  192.168.1.41/29*\n  gateway  192.168.1.46*\n  vlan     316*\n  leaves   leaf203 192.168.1.44/29*\n",
  );
});

test("json is what playbooks know as underlay", async () => {
  const { text } = await plan([STANDARD], "json");
  const loaded = await loadInventory(options(STANDARD));
  assert.equal(JSON.parse(text), loaded.ok && JSON.parse(JSON.stringify(loaded.value.plan)));
});

for (const inventory of [STANDARD, FLOATING]) {
  test(`yaml keeps the addresses of ${path.basename(inventory)} as a second inventory`, async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "underlay-"));
    try {
      const pins = path.join(folder, "pins.yaml");
      writeFileSync(pins, (await plan([inventory], "yaml")).text);
      // A node before all others takes the first address; with the pins nobody moves.
      const more = path.join(folder, "more.yaml");
      writeFileSync(more, "all: { children: { nodes: { hosts: { first-of-all: { rack_id: 1 } } } } }\n");
      const before = await loadInventory(options(inventory));
      const moved = await loadInventory({ ...options(inventory), inventories: [more, inventory] });
      const kept = await loadInventory({ ...options(inventory), inventories: [more, inventory, pins] });
      if (!before.ok || !moved.ok || !kept.ok) throw new Error("not loaded");
      const own = (loaded: typeof before) =>
        loaded.value.plan.nodes
          .filter(({ name }) => name !== "first-of-all")
          .map(({ name, addresses, vlan }) => [name, addresses, vlan]);
      assert.not.equal(own(moved), own(before));
      assert.equal(own(kept), own(before));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

test("an inventory that gives too little is refused with what is missing", async () => {
  const { code, text } = await plan([path.join(packageRoot, "test", "fixtures", "bad-input", "base", "inventory.yaml")]);
  assert.is(code, 4);
  assert.match(text, "the inventory gives no l3out.interface_profile");
  assert.is(
    (await plan([path.join(packageRoot, "test", "fixtures", "bad-input", "plan-standard-too-small", "inventory.yaml")])).code,
    4,
  );
});

test("without -i a playbook has its own inventory in the lab where there is one", () => {
  const inventories = (playbook: string, inventory?: readonly string[]) =>
    loadOptions(playbook, inventory === undefined ? {} : { inventory }, new Map()).inventories;
  assert.equal(inventories("playbooks/standard-svi-calico.yaml"), [STANDARD]);
  assert.equal(inventories("playbooks/floating-svi-calico.yaml"), []);
  assert.equal(inventories("mine/standard-svi-calico.yaml"), []);
  assert.equal(inventories("playbooks/standard-svi-calico.yaml", ["my.yaml"]), ["my.yaml"]);
});

test("the lab is built by the plan: addresses, VLANs, ports and pool", async () => {
  const loaded = await loadInventory(options(STANDARD, [`@${of("ipv6.yaml")}`]));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics));
  const spec = labSpecOf(loaded.value, "nowhere");
  if (!spec.ok) throw new Error(spec.problems.join());
  const node = spec.value.nodes[1];
  assert.equal(node?.addresses, ["192.168.1.9/29", "fd00:2::9/125"]);
  assert.equal(node?.gateways, ["192.168.1.14", "fd00:2::e"]);
  assert.equal([node?.vlan, node?.leaves, node?.ports, node?.policyGroup], [312, [201, 202], ["eth1/2", "eth1/2"], "worker-1"]);
  assert.equal(spec.value.fabric.vlans, { from: 311, to: 339 });
  assert.equal(spec.value.cluster.podSubnets, ["10.1.0.0/16", "fd00:10::/112"]);
  assert.equal(spec.value.cni.podPrefixLengths, [26, 122]);
  const floating = await loadInventory(options(FLOATING));
  const flat = floating.ok ? labSpecOf(floating.value, "nowhere") : undefined;
  assert.equal(flat?.ok && [flat.value.fabric.vlans, flat.value.nodes[0]?.vlan], [{ from: 310, to: 310 }, 310]);
});

test.run();
