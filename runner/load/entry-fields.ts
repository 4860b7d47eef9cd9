import { errorAt, type SourceRange } from "../diagnostic.ts";
import { hintFor } from "../nearest.ts";
import { MAGIC_NAMES } from "../play-variables.ts";
import { entriesOf, isNull, keyAt, kindName, textOf } from "../value.ts";
import type { Intake } from "./intake.ts";
import { REFUSED } from "./keywords.ts";
import type { Expression, Notice, Origin, Value, Variable, Variables } from "./model.ts";

/** Readers of the fields that plays, blocks, tasks and imports have in common. Each reports what is wrong and gives a harmless value. */

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Whether a text can be the name of a variable; magic names cannot be set. */
export function isVariableName(name: string): boolean {
  return NAME.test(name) && !MAGIC_NAMES.has(name);
}

/** Reports keys that are not keywords: Ansible's other ones by name, unknown ones with the nearest. */
export function checkKeywords(intake: Intake, map: Value, known: readonly string[], what: string): void {
  for (const key of entriesOf(map).keys()) {
    if (!known.includes(key)) refuseKeyword(intake, map, key, known, what);
  }
}

/** Reports one keyword. */
export function refuseKeyword(intake: Intake, map: Value, key: string, known: Iterable<string>, what: string): void {
  const at = keyAt(map, key);
  const instead = Object.hasOwn(REFUSED, key) ? REFUSED[key] : undefined;
  if (instead !== undefined) intake.problems.report(errorAt(at, "unsupported-keyword", `${key} is not supported`, instead));
  else if ([...known].includes(key)) {
    intake.problems.report(errorAt(at, "misplaced-keyword", `${key} does not belong to ${what}`));
  } else intake.problems.report(errorAt(at, "unknown-keyword", `${what} has no keyword ${key}`, hintFor(key, known)));
}

/** `true` or `false`, given literally. */
export function readFlag(intake: Intake, map: Value, key: string): boolean {
  const value = entriesOf(map).get(key);
  if (value === undefined) return false;
  if (value.kind === "literal" && typeof value.value === "boolean") return value.value;
  intake.problems.report(errorAt(value.at, "wrong-type", `${key} is true or false, not ${kindName(value)}`));
  return false;
}

/** A whole number that is not negative, given literally. */
export function readCount(intake: Intake, map: Value, key: string, fallback: number): number {
  const value = entriesOf(map).get(key);
  if (value === undefined) return fallback;
  if (value.kind === "literal" && typeof value.value === "number" && value.value >= 0 && Number.isInteger(value.value))
    return value.value;
  intake.problems.report(errorAt(value.at, "wrong-type", `${key} is a whole number, not ${kindName(value)}`));
  return fallback;
}

/** A percentage, `30` or `30%`, given literally; undefined: not given. */
export function readPercentage(intake: Intake, map: Value, key: string): number | undefined {
  const value = entriesOf(map).get(key);
  if (value === undefined) return undefined;
  const written = value.kind === "literal" ? String(value.value) : "";
  const number = /^\d+(?:\.\d+)?%?$/.test(written) ? Number(written.replace("%", "")) : Number.NaN;
  if (number <= 100) return number;
  intake.problems.report(errorAt(value.at, "wrong-type", `${key} is a percentage, a number from 0 to 100`));
  return undefined;
}

/** A text that may be a template. */
export function readText(intake: Intake, map: Value, key: string): Value | undefined {
  const value = entriesOf(map).get(key);
  if (value === undefined || value.kind === "template") return value;
  if (value.kind === "literal" && value.value !== null && typeof value.value !== "boolean") return value;
  intake.problems.report(errorAt(value.at, "wrong-type", `${key} is a text, not ${kindName(value)}`));
  return undefined;
}

/** `when` and `until`: an expression or a list of them, all of which must hold. */
export function readConditions(intake: Intake, map: Value, key: string): readonly Expression[] {
  const value = entriesOf(map).get(key);
  if (value === undefined) return [];
  return (value.kind === "list" ? value.items : [value]).flatMap((item) => {
    if (item.kind === "template") {
      const hint = `write ${key}: without {{ }}`;
      intake.problems.report(errorAt(item.at, "braces-in-condition", `${key} is an expression already`, hint));
      return [];
    }
    if (item.kind === "literal" && item.value !== null && item.value !== "") return [{ text: String(item.value), at: item.at }];
    intake.problems.report(errorAt(item.at, "wrong-type", `${key} is an expression or a list of them, not ${kindName(item)}`));
    return [];
  });
}

/** Tags: a text with commas, or a list of texts. */
export function readTags(intake: Intake, map: Value): readonly string[] {
  const value = entriesOf(map).get("tags");
  if (value === undefined) return [];
  return (value.kind === "list" ? value.items : [value]).flatMap((item) => {
    const text = item.kind === "literal" && typeof item.value === "number" ? String(item.value) : textOf(item);
    if (text === undefined || text.trim() === "") {
      intake.problems.report(errorAt(item.at, "wrong-type", `a tag is a text, not ${kindName(item)}`));
      return [];
    }
    return text.split(",").map((tag) => tag.trim());
  });
}

/** `notify` and `listen`: a text or a list of texts. Handlers are found before variables are known, so a template is refused. */
export function readNotices(intake: Intake, map: Value, key: "notify" | "listen"): readonly Notice[] {
  const value = entriesOf(map).get(key);
  if (value === undefined) return [];
  return (value.kind === "list" ? value.items : [value]).flatMap((item) => {
    const text = textOf(item);
    if (text !== undefined && text !== "") return [{ text, at: item.at }];
    const hint = item.kind === "template" ? "handlers are found before variables are known: write the name itself" : undefined;
    intake.problems.report(errorAt(item.at, "wrong-type", `${key} is a text or a list of texts, not ${kindName(item)}`, hint));
    return [];
  });
}

/** `vars` of a play, block, task or import. */
export function readVars(intake: Intake, map: Value, origin: Origin, source: string): Variables {
  const value = entriesOf(map).get("vars");
  const vars = new Map<string, Variable>();
  if (value === undefined || isNull(value)) return vars;
  if (value.kind !== "map") {
    intake.problems.report(errorAt(value.at, "wrong-type", `vars is a map, not ${kindName(value)}`));
    return vars;
  }
  for (const [name, item] of value.entries) {
    if (isVariableName(name)) vars.set(name, { value: item, origin, source });
    else badName(intake, keyAt(value, name), name);
  }
  return vars;
}

/** Reports a name that no variable can have. */
export function badName(intake: Intake, at: SourceRange, name: string): void {
  const hint = MAGIC_NAMES.has(name) ? "this name is set by underlay" : "letters, digits and _ only, not starting with a digit";
  intake.problems.report(errorAt(at, "bad-name", `${name} cannot be the name of a variable`, hint));
}
