import type { Diagnostic, SourceRange } from "../diagnostic.ts";
import { counted } from "./counted.ts";

/** Longer source lines are cut around the place that is meant. */
const WIDEST = 110;

/**
 * Diagnostics as people read them: place, what is wrong, the source line with a caret below it, the hint, other places that take part.
 * Ends with the number of errors and warnings.
 *
 * @param sources text of every file that was read; a place in none of them is shown without a line
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>): string {
  const blocks = diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, sources));
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  const counts = [
    ...(errors === 0 ? [] : [counted(errors, "error")]),
    ...(warnings === 0 ? [] : [counted(warnings, "warning")]),
  ].join(", ");
  return `${[...blocks, counts].join("\n\n")}\n`;
}

/** One diagnostic, without a line break at its end. */
export function renderDiagnostic(diagnostic: Diagnostic, sources: ReadonlyMap<string, string>): string {
  const { severity, rule, message, at, hint, related } = diagnostic;
  const lines = [`${at === undefined ? "" : `${place(at)}: `}${severity}: ${message} [${rule}]`];
  // The line holds the secret, perhaps escaped in a way that masking does not know.
  if (at !== undefined && rule !== "plain-text-secret") lines.push(...excerpt(at, sources));
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  for (const other of related ?? []) lines.push(`  ${place(other.at)}: ${other.message}`, ...excerpt(other.at, sources));
  return lines.join("\n");
}

/** `file:line:column`, as editors and terminals understand it. */
export function place(at: SourceRange): string {
  return `${at.file}:${at.line}:${at.column}`;
}

function excerpt(at: SourceRange, sources: ReadonlyMap<string, string>): readonly string[] {
  const source = sources.get(at.file);
  const line = source?.split("\n")[at.line - 1]?.replace(/\r$/, "");
  if (line === undefined || source?.startsWith("$ANSIBLE_VAULT") === true) return [];
  const from = at.column - 1 > WIDEST - 20 ? at.column - 21 : 0;
  const shown = line.slice(from, from + WIDEST);
  const number = String(at.line);
  const blank = shown.slice(0, at.column - 1 - from).replace(/[^\t]/g, " ");
  const carets = "^".repeat(Math.max(1, Math.min(at.length, shown.length - (at.column - 1 - from))));
  return [`  ${number} | ${shown}`, `  ${" ".repeat(number.length)} | ${blank}${carets}`];
}
