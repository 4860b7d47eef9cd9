import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { errorAt } from "../diagnostic.ts";
import { hintFor } from "../nearest.ts";
import { entriesOf, isNull, kindName } from "../value.ts";
import { displayName, type Intake, isDirectory } from "./intake.ts";
import type { InventoryTree } from "./inventory-tree.ts";
import type { Variable } from "./model.ts";
import { readYaml } from "./read-yaml.ts";

const ENDINGS = ["", ".yaml", ".yml"];

/** Reads `group_vars/` and `host_vars/` in a folder that holds an inventory file. They win over what the file itself says. */
export function addVariableFiles(intake: Intake, tree: InventoryTree, folder: string): void {
  const group = path.join(folder, "group_vars");
  const host = path.join(folder, "host_vars");
  for (const file of variableFiles(group)) {
    const node = tree.groups.get(file.name);
    if (node) addVariables(intake, node.vars, file.file, file.name === "all" ? "all" : "group", folder);
    else unused(intake, file.file, "group", file.name, tree.groups.keys());
  }
  for (const file of variableFiles(host)) {
    const node = tree.hosts.get(file.name);
    if (node) addVariables(intake, node.vars, file.file, "host", folder);
    else if (file.name !== "localhost") unused(intake, file.file, "host", file.name, tree.hosts.keys());
  }
}

function unused(intake: Intake, file: string, kind: string, name: string, known: Iterable<string>): void {
  const at = { file: displayName(file), line: 1, column: 1, length: 1 };
  const problem = errorAt(
    at,
    "unused-variables-file",
    `there is no ${kind} ${name}: this file is not used`,
    hintFor(name, known),
  );
  intake.problems.report({ ...problem, severity: "warning" });
}

/** `leaves.yaml`, `leaves`, and every file in a directory `leaves/`, alphabetically. */
function variableFiles(folder: string): readonly { readonly name: string; readonly file: string }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .filter((entry) => !entry.startsWith(".") && !entry.endsWith("~"))
    .flatMap((entry) => {
      const file = path.join(folder, entry);
      if (isDirectory(file) === true) {
        const inside = readdirSync(file, { recursive: true, encoding: "utf8" }).sort();
        return inside
          .filter((name) => isVariableFile(name) && isDirectory(path.join(file, name)) === false)
          .map((name) => ({ name: entry, file: path.join(file, name) }));
      }
      return isVariableFile(entry) ? [{ name: path.basename(entry, path.extname(entry)), file }] : [];
    });
}

function isVariableFile(name: string): boolean {
  return ENDINGS.includes(path.extname(name)) && !path.basename(name).startsWith(".");
}

function addVariables(
  intake: Intake,
  into: Map<string, Variable>,
  file: string,
  origin: Variable["origin"],
  folder: string,
): void {
  const root = readYaml(intake, file, "missing-file");
  if (root === undefined || isNull(root)) return;
  if (root.kind !== "map") {
    intake.problems.report(errorAt(root.at, "inventory-layout", `a variables file is a map, not ${kindName(root)}`));
    return;
  }
  for (const [name, value] of entriesOf(root)) into.set(name, { value, origin, source: path.relative(folder, file) });
}
