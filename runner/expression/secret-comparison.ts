import { follow, type Path, pathsOf } from "./paths.ts";
import { lexemes, segments, words } from "./scan.ts";
import { holdsToken } from "./tokens.ts";

/** Operators that compare, and words between which an operand lies. */
const COMPARING = new Set(["==", "!=", "<", ">", "<=", ">=", "in"]);
const BETWEEN = new Set(["and", "or", "not", "if", "else", ",", "~", ...COMPARING]);

/** A place in some code. */
interface Part {
  readonly start: number;
  readonly end: number;
}

/**
 * The path in some code that is a secret and is compared with something that is not: the engine would compare its token, and the answer would be
 * silently wrong. Two secrets may be compared.
 *
 * @param code a whole template, or a bare expression
 * @param value the value of a top-level name
 * @param index the value of what stands between brackets
 */
export function comparedSecret(
  code: { readonly text: string; readonly bare: boolean },
  value: (name: string) => unknown,
  index: (text: string) => unknown,
): Part | undefined {
  if (!/[=<>]|\bin\b/.test(code.text)) return undefined;
  const parts = code.bare
    ? [{ text: code.text, start: 0 }]
    : segments(code.text).filter(({ kind }) => kind === "expression" || kind === "statement");
  for (const part of parts) {
    const path = inExpression(part.text, value, index);
    if (path !== undefined) return { start: part.start + path.start, end: part.start + path.end };
  }
  return undefined;
}

function inExpression(expression: string, value: (name: string) => unknown, index: (text: string) => unknown): Path | undefined {
  const found = lexemes(expression);
  if (!found.some(({ text }) => COMPARING.has(text))) return undefined;
  const secrets = pathsOf(expression, words(expression)).filter((path) => {
    const at = follow(path, value(path.name), index);
    return typeof at.value === "string" && holdsToken(at.value);
  });
  if (secrets.length === 0) return undefined;
  for (const [position, { text, start }] of found.entries()) {
    if (!COMPARING.has(text)) continue;
    const from = edge(found, position, -1) ?? 0;
    const to = edge(found, position, 1) ?? expression.length;
    const left = secrets.find((path) => path.start >= from && path.end <= start);
    const right = secrets.find((path) => path.start >= start && path.end <= to);
    if ((left === undefined) !== (right === undefined)) return left ?? right;
  }
  return undefined;
}

/** Where the operand beside an operator ends, seen from the operator; undefined: at the end of the expression. */
function edge(found: ReturnType<typeof lexemes>, operator: number, step: -1 | 1): number | undefined {
  const [opening, closing] = step === 1 ? ["([{", ")]}"] : [")]}", "([{"];
  let depth = 0;
  for (let position = operator + step; ; position += step) {
    const lexeme = found[position];
    if (lexeme === undefined) return undefined;
    const { text, start } = lexeme;
    const afterNot = step === -1 && text === "not" && position === operator - 1;
    if (opening.includes(text)) depth += 1;
    else if (closing.includes(text)) depth -= 1;
    if (depth < 0 || (depth === 0 && BETWEEN.has(text) && !afterNot)) return start;
  }
}
