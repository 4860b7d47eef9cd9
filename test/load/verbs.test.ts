import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { inventoryGraph, inventoryShow } from "../../runner/cli/inventory.ts";
import { list } from "../../runner/cli/list.ts";
import { validate } from "../../runner/cli/validate.ts";
import { packageRoot } from "../../runner/package-root.ts";
import { renderDiagnostic } from "../../runner/report/diagnostics.ts";
import { testRegistry } from "./registry.ts";

const folder = path.join(packageRoot, "test", "fixtures", "bad-input");
const options = (name: string) => ({
  playbook: path.join(folder, name, "playbook.yaml"),
  inventories: [path.join(folder, "base", "inventory.yaml")],
  limit: undefined,
  tags: [],
  skipTags: [],
  extraVars: [],
  lab: false,
  registry: testRegistry,
});

async function run(
  verb: (write: (text: string) => void) => Promise<number>,
): Promise<{ readonly code: number; readonly text: string }> {
  let text = "";
  const code = await verb((part) => {
    text += part;
  });
  return { code, text };
}

const test = suite("verbs that only load");

test("validate counts what is good and shows what is not, exit code 0 and 4", async () => {
  assert.equal(await run((write) => validate(options("base"), write)), { code: 0, text: "1 play, 1 task, 6 hosts: ok\n" });
  const bad = await run((write) => validate(options("variable-undefined-in-text"), write));
  assert.is(bad.code, 4);
  assert.match(bad.text, "playbook.yaml:6:47: error: vlann is not defined");
  assert.match(bad.text, /\n {2}6 \|.*\{\{ vlann \}\}"\n {4}\| {47}\^\^\^\^\^\n/);
  const json: unknown = JSON.parse((await run((write) => validate({ ...options("base"), output: "json" }, write))).text);
  assert.equal(json, { ok: true, diagnostics: [] });
});

test("list tasks, hosts and tags", async () => {
  const tasks = await run((write) => list("tasks", options("base"), write));
  assert.equal(tasks, { code: 0, text: "Fabric  (apics: 2 hosts)\n  test.vlan  VLAN  [step-4]\n" });
  assert.match((await run((write) => list("hosts", options("base"), write))).text, "  apic1\n  apic2\n");
  assert.match((await run((write) => list("tags", options("base"), write))).text, "  step-4\n");
  assert.is((await run((write) => list("tags", options("yaml-tab"), write))).code, 4);
});

test("inventory show masks secrets, says where each variable is from, and fits 80 columns", async () => {
  const { code, text } = await run((write) =>
    inventoryShow("leaf201", { ...options("base"), extraVars: ["tenant=other"] }, write),
  );
  assert.is(code, 0);
  assert.match(text, /password +"‹secret›"/);
  assert.not.match(text, "lab-only");
  assert.match(text, /node_id +201 +host leaf201/);
  assert.match(text, /tenant +"other" +-e/);
  const unknown = await run((write) => inventoryShow("leaf210", options("base"), write));
  assert.is(unknown.code, 4);
  assert.match(unknown.text, "did you mean leaf201?");
});

test("inventory show says of a computed variable what it comes from", async () => {
  const inventories = [path.join(packageRoot, "inventory", "lab", "standard-svi-calico.yaml")];
  const { text } = await run((write) => inventoryShow("worker-1", { ...options("base"), inventories }, write));
  assert.match(text, /^address +"192\.168\.1\.9\/29" +computed from cluster\.node_subnet +\S*standard-svi-calico\.yaml:20$/m);
  assert.match(text, /^gateways +\["192\.168\.1\.14"\] +computed/m);
  assert.match(text, /^vlan +312 +computed from l3out\.vlans /m);
});

test("inventory graph is a tree of groups and hosts", async () => {
  const { text } = await run((write) => inventoryGraph(options("base"), write));
  assert.is(text.split("\n").slice(0, 4).join("\n"), "@all:\n  |--@apics:\n  |  |--apic1\n  |  |--apic2");
});

test("a caret stands under a place behind tabs and far to the right", () => {
  const line = `\t\tkey: ${"x".repeat(150)} here`;
  const at = { file: "f", line: 1, column: line.indexOf("here") + 1, length: 4 };
  const shown = renderDiagnostic({ severity: "error", rule: "r", message: "m", at }, new Map([["f", line]])).split("\n");
  assert.is(shown[1]?.indexOf("here"), shown[2]?.indexOf("^^^^"));
  const near = renderDiagnostic(
    { severity: "error", rule: "r", message: "m", at: { ...at, column: 3, length: 3 } },
    new Map([["f", line]]),
  );
  assert.match(near, "\n    | \t\t^^^");
});

test.run();
