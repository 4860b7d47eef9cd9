import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { load } from "../../runner/load/load.ts";
import { packageRoot } from "../../runner/package-root.ts";
import { renderDiagnostics } from "../../runner/report/diagnostics.ts";
import { testRegistry } from "./registry.ts";

/**
 * Every folder in test/fixtures/bad-input is a case: `playbook.yaml` and `inventory.yaml` (or those of `base`), `options.json`, and
 * `expected.txt` with a line `severity rule file:line:column` for each diagnostic, in order. A canary stands in some files: it must not be shown.
 */
const folder = path.join(packageRoot, "test", "fixtures", "bad-input");
const CANARY = "canary-5f2c";

interface Options {
  readonly extraVars?: readonly string[];
  readonly limit?: string;
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly vaultPasswordFile?: string;
}

function isOptions(value: unknown): value is Options {
  return typeof value === "object" && value !== null;
}

function optionsOf(directory: string): Options {
  const file = path.join(directory, "options.json");
  const options: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  return isOptions(options) ? options : {};
}

const test = suite("bad input");
const cases = readdirSync(folder).filter((name) => name !== "base");

test("there are 40 cases at least", () => {
  assert.ok(cases.length >= 40, `${cases.length} cases`);
});

for (const name of cases) {
  test(name, async () => {
    const directory = path.join(folder, name);
    const own = (file: string): string => (existsSync(path.join(directory, file)) ? directory : path.join(folder, "base"));
    const options = optionsOf(directory);
    const result = await load({
      playbook: path.join(own("playbook.yaml"), "playbook.yaml"),
      inventories: [path.join(own("inventory.yaml"), "inventory.yaml")],
      limit: options.limit,
      tags: options.tags ?? [],
      skipTags: options.skipTags ?? [],
      extraVars: options.extraVars ?? [],
      ...(options.vaultPasswordFile ? { vaultPasswordFile: path.join(directory, options.vaultPasswordFile) } : {}),
      lab: false,
      registry: testRegistry,
    });
    const diagnostics = result.ok ? result.value.warnings : result.diagnostics;
    const lines = diagnostics.map(({ severity, rule, at }) => {
      const file = at === undefined || at.file === "-e" ? at?.file : path.relative(directory, path.resolve(at.file));
      return `${severity} ${rule} ${at ? `${file}:${at.line}:${at.column}` : "-"}`;
    });
    const expected = readFileSync(path.join(directory, "expected.txt"), "utf8").trim().split("\n");
    const sources = result.ok ? result.value.sources : result.sources;
    const shown = renderDiagnostics(diagnostics, sources);
    assert.equal(lines, expected, shown);
    assert.not.match(shown, CANARY);
    assert.is(result.ok, !expected.some((line) => line.startsWith("error")));
  });
}

test.run();
