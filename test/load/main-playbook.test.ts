import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { tasksOf } from "../../runner/load/entries.ts";
import { load } from "../../runner/load/load.ts";
import { applyOverlay, hostVariables } from "../../runner/load/overlay.ts";
import { packageRoot } from "../../runner/package-root.ts";
import { renderDiagnostics } from "../../runner/report/diagnostics.ts";
import { Secret } from "../../runner/secret.ts";
import { registry } from "../../tasks/index.ts";

const test = suite("the main playbook with the real task types");

async function loadMain(options: { readonly tags?: readonly string[]; readonly limit?: string } = {}) {
  const result = await load({
    playbook: path.join(packageRoot, "playbooks", "floating-svi-calico.yaml"),
    inventories: [],
    limit: options.limit,
    tags: options.tags ?? [],
    skipTags: [],
    extraVars: [],
    lab: false,
    registry,
  });
  if (result.ok) return result.value;
  throw new Error(renderDiagnostics(result.diagnostics, result.sources));
}

test("loads without a diagnostic", async () => {
  const { playbook, warnings } = await loadMain();
  assert.equal(warnings, []);
  const sizes: Readonly<Record<string, number>> = { apics: 3, nodes: 6, leaves: 4, localhost: 1 };
  assert.ok(playbook.plays.length >= 5);
  for (const { pattern, hosts } of playbook.plays) assert.is(hosts.length, sizes[pattern], pattern);
});

test("the lab's plain text secrets are secrets", async () => {
  const loaded = await loadMain();
  const variables = hostVariables(loaded, "apic1");
  assert.is(variables.kind, "value");
  if (variables.kind === "value") assert.instance(variables.value.fabric?.password, Secret);
});

test("a step of the paper is a tag", async () => {
  const { playbook } = await loadMain({ tags: ["step-8"] });
  const tasks = playbook.plays.flatMap(({ entries }) => tasksOf(entries));
  assert.equal(
    tasks.map(({ type }) => type.name),
    ["aci.bgp_timers"],
  );
});

test("an overlay is merged key by key and seen by expressions", async () => {
  const loaded = applyOverlay(await loadMain(), {
    all: { fabric: { ca_file: "/lab/ca.pem" } },
    hosts: { apic1: { ansible_port: 4443 } },
  });
  const variables = hostVariables(loaded, "apic1");
  assert.is(variables.kind, "value");
  if (variables.kind !== "value") return;
  assert.is(variables.value.fabric?.ca_file, "/lab/ca.pem");
  assert.is(variables.value.fabric?.asn, 65002);
  assert.is(variables.value.ansible_port, 4443);
  assert.is(loaded.inventory.hosts.get("apic1")?.vars.get("ansible_port")?.origin, "lab");
  const scope = { host: "leaf201", layers: [], facts: {}, unknown: {} };
  const at = { file: "x", line: 1, column: 1, length: 1 };
  const seen = loaded.evaluator.render({ kind: "template", text: "{{ hostvars.apic1.ansible_port }}", at }, scope);
  assert.equal(seen, { kind: "value", value: 4443 });
});

test.run();
