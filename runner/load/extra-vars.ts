import path from "node:path";
import { errorAt } from "../diagnostic.ts";
import { entriesOf, isNull, keyAt, kindName } from "../value.ts";
import { badName, isVariableName } from "./entry-fields.ts";
import type { Intake } from "./intake.ts";
import type { Value, Variable, Variables } from "./model.ts";
import { readYaml } from "./read-yaml.ts";
import { parseYaml } from "./yaml.ts";

/** Reads `-e name=value` (the value is YAML) and `-e @file`; later ones win. */
export function readExtraVars(intake: Intake, given: readonly string[]): Variables {
  const vars = new Map<string, Variable>();
  for (const text of given) {
    if (text.startsWith("@")) addFile(intake, vars, text.slice(1));
    else addPair(intake, vars, text);
  }
  return vars;
}

function addFile(intake: Intake, vars: Map<string, Variable>, file: string): void {
  const root = readYaml(intake, file, "missing-file");
  if (root === undefined || isNull(root)) return;
  if (root.kind !== "map") {
    intake.problems.report(errorAt(root.at, "wrong-type", `a file of variables is a map, not ${kindName(root)}`));
    return;
  }
  for (const [name, value] of entriesOf(root)) add(intake, vars, name, value, keyAt(root, name), `-e @${path.basename(file)}`);
}

function addPair(intake: Intake, vars: Map<string, Variable>, text: string): void {
  const [, name = "", value = ""] = /^([^=]*)=([\s\S]*)$/.exec(text) ?? [];
  const at = { file: "-e", line: 1, column: 1, length: 1 };
  if (!text.includes("=")) {
    intake.problems.report(errorAt(undefined, "bad-extra-var", "-e takes name=value or @file", "example: -e state=absent"));
    return;
  }
  const parsed = parseYaml(intake, `-e ${name}`, value, false);
  if (parsed !== undefined) add(intake, vars, name.trim(), parsed, at, "-e");
}

function add(intake: Intake, vars: Map<string, Variable>, name: string, value: Value, at: Value["at"], source: string): void {
  if (isVariableName(name)) vars.set(name, { value, origin: "extra", source });
  else badName(intake, at, name);
}
