import { wrap } from "../report/wrap.ts";
import type { TaskRegistry, TaskType } from "../task-type.ts";
import { type Argument, argumentsOf } from "./doc-arguments.ts";
import { forms, places, stepText } from "./doc-words.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";

/** Flags of `underlay doc`. */
export interface DocFlags {
  readonly output: "plain" | "json" | "markdown";
}

const WIDTH = 80;

/**
 * `underlay doc`: all task types in one line each, or one of them in full, from the same schema that checks its arguments. As Markdown: one
 * page with all of them, or with the one.
 */
export async function doc(name: string | undefined, flags: DocFlags, registry: TaskRegistry): Promise<ExitCode> {
  const types = [...registry.values()].sort((a, b) => a.name.localeCompare(b.name));
  if (name === undefined) {
    if (flags.output === "markdown") process.stdout.write(await asMarkdown(types));
    else if (flags.output === "json") print(types.map(({ name: type, steps, summary }) => ({ name: type, steps, summary })));
    else console.log(overview(types).join("\n"));
    return exitCodes.done;
  }
  const type = registry.get(name);
  if (type === undefined) {
    const { nearest } = await import("../nearest.ts");
    const close = nearest(name, [...registry.keys()]);
    console.error(`underlay: there is no task type ${name}${close === undefined ? "" : `: did you mean ${close}?`}`);
    console.error("`underlay doc` lists them all.");
    return exitCodes.refused;
  }
  if (flags.output === "markdown") process.stdout.write(await asMarkdown([type]));
  else if (flags.output === "json") print(asJson(type));
  else console.log(page(type).join("\n"));
  return exitCodes.done;
}

function print(value: unknown): void {
  console.log(JSON.stringify(value, undefined, 2));
}

/** Name, steps of the white paper, summary. */
function overview(types: readonly TaskType[]): readonly string[] {
  const width = Math.max(9, ...types.map((type) => type.name.length));
  const row = (name: string, steps: string, summary: string) =>
    wrap(`${name.padEnd(width)}  ${steps.padEnd(5)}  ${summary}`, WIDTH, width + 9);
  return [
    ...row("TASK TYPE", "STEP", "WHAT IT DOES"),
    ...types.flatMap((type) => row(type.name, type.steps.join(", "), type.summary)),
  ];
}

function page(type: TaskType): readonly string[] {
  const step = stepText(type);
  return [
    type.name,
    "=".repeat(type.name.length),
    ...wrap(type.summary, WIDTH, 0),
    "",
    ...(step === undefined ? [] : [`Step:     ${step}`]),
    `Runs on:  ${places[type.on]}`,
    `How:      ${forms[type.form]}`,
    "",
    "Arguments",
    "---------",
    ...(type.setsVariables ? ["any names, with any values"] : argumentsOf(type.args).flatMap(describe)),
    ...(type.notes.length === 0 ? [] : ["", "Notes", "-----", ...type.notes.flatMap((note) => wrap(`- ${note}`, WIDTH, 2))]),
    "",
    "Example",
    "-------",
    type.example.trim(),
  ];
}

function describe({ path, type, required, default: preset, description, allowed }: Argument): readonly string[] {
  const need = required ? "required" : preset === undefined ? "optional" : `default ${JSON.stringify(preset)}`;
  return [
    ...wrap(`${path}  (${type}, ${need})`, WIDTH, 4),
    ...(description === undefined ? [] : wrap(`    ${description}`, WIDTH, 4)),
    ...(allowed.length === 0 ? [] : wrap(`    one of: ${allowed.map((value) => String(value)).join(", ")}`, WIDTH, 4)),
  ];
}

function asJson({ name, summary, steps, form, on, args, notes, example }: TaskType): object {
  return { name, summary, steps, form, on, arguments: argumentsOf(args), notes, example, schema: args };
}

async function asMarkdown(types: readonly TaskType[]): Promise<string> {
  return (await import("./doc-markdown.ts")).referencePage(types);
}
