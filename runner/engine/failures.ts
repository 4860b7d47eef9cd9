import type { ErrorObject } from "ajv";
import type { Diagnostic, SourceRange } from "../diagnostic.ts";
import type { TaskEntry, Value } from "../load/model.ts";
import type { Failure } from "../result.ts";
import { failing, type Outcome } from "./outcome.ts";

/** An expression that could not be evaluated, as the outcome of the task it belongs to. */
export function evaluationFailure(doing: string, diagnostic: Diagnostic): Outcome {
  const failure: Failure = {
    kind: "failed",
    doing,
    message: diagnostic.message,
    ...(diagnostic.hint === undefined ? {} : { next: diagnostic.hint }),
  };
  return failing(failure, { at: diagnostic.at });
}

/**
 * Arguments that became wrong only when their templates were rendered (literal ones were refused at load): each with the path of the
 * argument, and the place of the first in the playbook. Never shows a value: it may hold a secret.
 */
export function argumentFailure(entry: TaskEntry, errors: readonly ErrorObject[]): Outcome {
  const lines = [...new Set(errors.map((error) => `${argumentPath(error)} ${error.message ?? "is not accepted"}`))];
  const first = errors[0];
  return failing(
    {
      kind: "failed",
      doing: `checking the rendered arguments of ${entry.type.name}`,
      message: lines.join("\n"),
      meaning: "an expression in the arguments gave a value that the task type does not take",
      next: `see \`underlay doc ${entry.type.name}\` for what each argument takes`,
    },
    { at: first === undefined ? entry.at : placeOf(entry.args, segments(first)) },
  );
}

/** `subnets[2].scope` for the JSON pointer `/subnets/2/scope`; a missing or unexpected key is part of the path. */
function argumentPath(error: ErrorObject): string {
  const path = segments(error).reduce((text, part) => {
    if (/^\d+$/.test(part)) return `${text}[${part}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
  return path === "" ? "arguments" : path;
}

function segments(error: ErrorObject): readonly string[] {
  const parts = error.instancePath
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const key: unknown = error.params.missingProperty ?? error.params.additionalProperty;
  return typeof key === "string" ? [...parts, key] : parts;
}

/** The deepest place in the written arguments on the way to the one meant: a template's place when the path ends inside its value. */
function placeOf(value: Value, path: readonly string[]): SourceRange {
  const [head, ...rest] = path;
  if (head === undefined) return value.at;
  const child = value.kind === "map" ? value.entries.get(head) : value.kind === "list" ? value.items[Number(head)] : undefined;
  return child === undefined ? value.at : placeOf(child, rest);
}
