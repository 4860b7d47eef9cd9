import { readFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isObject } from "../../runner/json.ts";
import { packageRoot } from "../../runner/package-root.ts";
import { registry } from "../../tasks/index.ts";
import { workplace } from "../support/command.ts";

/** `underlay doc`. */
const test = suite("doc");
const place = workplace();
test.after(() => place.remove());

test("lists every task type, in at most 80 columns", async () => {
  const { code, stdout } = await place.underlay(["doc"]);
  assert.is(code, 0);
  for (const name of registry.keys()) assert.match(stdout, new RegExp(`^${name.replaceAll(".", "\\.")} `, "m"));
  assert.ok(
    stdout.split("\n").every((line) => line.length <= 80),
    stdout,
  );
});

test("shows arguments with type, limits, default and description, notes and an example", async () => {
  const { stdout } = await place.underlay(["doc", "aci.bgp_ecmp"]);
  for (const part of [
    /^Step: +11 /m,
    /^ebgp {2}\(integer from 1 to 64, default 64\)$/m,
    /^tenant {2}\(.*required\)$/m,
    /^Example$/m,
  ]) {
    assert.match(stdout, part);
  }
});

test("names what was probably meant", async () => {
  const { code, stderr } = await place.underlay(["doc", "aci.l3ot"]);
  assert.is(code, 4);
  assert.match(stderr, "did you mean aci.l3out?");
});

test("--output json is one JSON value, with the schema", async () => {
  const all: unknown = JSON.parse((await place.underlay(["doc", "--output", "json"])).stdout);
  assert.is(Array.isArray(all) ? all.length : 0, registry.size);
  const one: unknown = JSON.parse((await place.underlay(["doc", "pause", "--output", "json"])).stdout);
  assert.ok(isObject(one) && isObject(one.schema) && Array.isArray(one.arguments));
});

test("docs/tasks.md is what --output markdown prints", async () => {
  const { stdout } = await place.underlay(["doc", "--output", "markdown"]);
  const page = readFileSync(path.join(packageRoot, "docs/tasks.md"), "utf8");
  assert.ok(stdout === page, "docs/tasks.md is out of date: npm run docs");
  for (const [name, type] of registry) {
    assert.ok(page.includes(`\n## ${name}\n`), name);
    assert.ok(page.includes(type.example.trim()), name);
  }
});

test.run();
