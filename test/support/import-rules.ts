import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../../runner/package-root.ts";

/**
 * The house rules that the linter cannot know (design section 3): which folder may import which, no cycles, no file past 300 lines.
 * Prints each breach as `file: what` and exits 1 when there is one.
 */
const FOLDERS = ["runner", "tasks", "lab", "test", "bench"];
const LONGEST = 300;

/** From a folder (longest prefix wins) to what it may import besides itself; paths are prefixes. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "runner/cli/": ["runner/", "tasks/index.ts", "lab/"],
  "runner/report/": [
    "runner/event.ts",
    "runner/change.ts",
    "runner/diagnostic.ts",
    "runner/json.ts",
    "runner/result.ts",
    "runner/secret.ts",
  ],
  "runner/connect/open.ts": ["runner/"],
  "runner/connect/": [
    "runner/change.ts",
    "runner/json.ts",
    "runner/result.ts",
    "runner/schema.ts",
    "runner/secret.ts",
    "runner/package-root.ts",
  ],
  "runner/journal/": [
    "runner/engine/journal.ts",
    "runner/load/load.ts",
    "runner/load/model.ts",
    "runner/event.ts",
    "runner/json.ts",
    "runner/secret.ts",
  ],
  "runner/engine/": ["runner/"],
  "runner/load/": ["runner/"],
  "runner/expression/": [
    "runner/load/model.ts",
    "runner/diagnostic.ts",
    "runner/json.ts",
    "runner/nearest.ts",
    "runner/secret.ts",
    "runner/subnet.ts",
  ],
  "runner/": ["runner/"],
  "tasks/": [
    "runner/nearest.ts",
    "runner/task.ts",
    "runner/task-type.ts",
    "runner/schema.ts",
    "runner/change.ts",
    "runner/json.ts",
    "runner/result.ts",
    "runner/secret.ts",
    "runner/connect/",
  ],
  "lab/": ["runner/json.ts", "runner/package-root.ts"],
  "test/": ["runner/", "tasks/", "lab/", "bench/"],
  "bench/": ["runner/", "tasks/", "lab/", "test/support/"],
};
const NEVER: readonly { readonly from: string; readonly to: string }[] = [
  { from: "runner/engine/", to: "runner/cli/" },
  { from: "runner/load/", to: "runner/cli/" },
  { from: "runner/load/", to: "runner/connect/open.ts" },
  { from: "tasks/", to: "runner/connect/open.ts" },
];

const files = FOLDERS.filter((folder) => existsSync(path.join(packageRoot, folder))).flatMap((folder) =>
  readdirSync(path.join(packageRoot, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => path.posix.join(folder, name.split(path.sep).join("/"))),
);

/** Only types may cross here: the engine takes what the loader made and calls nothing of it. */
const TYPES_ONLY: readonly { readonly from: string; readonly to: string }[] = [
  { from: "runner/engine/", to: "runner/load/" },
  { from: "runner/expression/", to: "runner/load/" },
];

/** Imports that exist when the program runs; `import type` makes no cycle. */
const imports = new Map<string, string[]>();
const breaches: string[] = [];

for (const file of files) {
  const text = readFileSync(path.join(packageRoot, file), "utf8");
  const lines = text.split("\n").length - 1;
  if (lines > LONGEST) breaches.push(`${file}: ${lines} lines, more than ${LONGEST}`);
  if (file.endsWith(".test.ts") && !/\.run\(\)/.test(text)) breaches.push(`${file}: never calls run()`);
  const real: string[] = [];
  for (const match of text.matchAll(/^(?:import|export)\s+(type\s+)?[^;]*?from\s+"(\.[^"]+)"|import\("(\.[^"]+)"\)/gm)) {
    const to = path.posix.join(path.posix.dirname(file), match[2] ?? match[3] ?? "");
    if (match[2] !== undefined && match[1] === undefined) real.push(to);
    const crosses = TYPES_ONLY.some((rule) => file.startsWith(rule.from) && to.startsWith(rule.to));
    if (crosses && match[1] === undefined) breaches.push(`${file}: may import only types from ${to}`);
    if (!allowed(file, to)) breaches.push(`${file}: must not import ${to}`);
  }
  imports.set(file, real);
}

function allowed(from: string, to: string): boolean {
  if (NEVER.some((rule) => from.startsWith(rule.from) && to.startsWith(rule.to))) return false;
  const folder = Object.keys(MAY_IMPORT)
    .filter((prefix) => from.startsWith(prefix))
    .sort((a, b) => b.length - a.length)[0];
  if (folder === undefined) return true;
  return to.startsWith(folder) || (MAY_IMPORT[folder] ?? []).some((prefix) => to.startsWith(prefix));
}

const done = new Set<string>();
function visit(file: string, trail: readonly string[]): void {
  if (trail.includes(file)) {
    breaches.push(`${file}: import cycle ${[...trail.slice(trail.indexOf(file)), file].join(" -> ")}`);
    return;
  }
  if (done.has(file)) return;
  for (const next of imports.get(file) ?? []) visit(next, [...trail, file]);
  done.add(file);
}
for (const file of files) visit(file, []);

for (const breach of breaches) console.error(breach);
console.log(`${files.length} files, ${breaches.length} breaches of the import rules`);
process.exitCode = breaches.length > 0 ? 1 : 0;
