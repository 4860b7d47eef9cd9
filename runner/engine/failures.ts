import type { ErrorObject } from "ajv";
import type { Diagnostic } from "../diagnostic.ts";
import type { TaskEntry } from "../load/model.ts";
import type { Failure } from "../result.ts";
import { schemaDiagnostics } from "../schema-words.ts";
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
 * Arguments that became wrong only when their templates were rendered (literal ones were refused at load): in the words and with the
 * places of the loader, the first one's as the place of the task.
 */
export function argumentFailure(entry: TaskEntry, errors: readonly ErrorObject[]): Outcome {
  const { name } = entry.type;
  const wrong = schemaDiagnostics(errors, entry.args, name);
  const lines = wrong.map(({ message, hint }) => (hint === undefined ? message : `${message} (${hint})`));
  return failing(
    {
      kind: "failed",
      doing: `checking the rendered arguments of ${name}`,
      message: [...new Set(lines)].join("\n"),
      meaning: "an expression in the arguments gave a value that the task type does not take",
      next: `see \`underlay doc ${name}\` for what each argument takes`,
    },
    { at: wrong[0]?.at ?? entry.at },
  );
}
