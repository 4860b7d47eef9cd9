/**
 * Reads just enough of Jinja2's grammar to know which names an expression may use. minijinja-js offers no such list, and a context is
 * copied at every evaluation (design section 9), so only what is used is resolved and handed over.
 */

/** A part of a template. `start` is the offset of the text in the template; for `{{ x }}` of the inside, without the braces. */
export interface Segment {
  readonly kind: "text" | "expression" | "statement" | "comment";
  readonly text: string;
  readonly start: number;
}

const OPENERS: Readonly<Record<string, { readonly kind: Segment["kind"]; readonly close: string }>> = {
  "{{": { kind: "expression", close: "}}" },
  "{%": { kind: "statement", close: "%}" },
  "{#": { kind: "comment", close: "#}" },
};

/** Whether a text is a template at all. */
export function isTemplate(text: string): boolean {
  return text.includes("{{") || text.includes("{%");
}

/** Splits a template. Closing braces inside quotes do not count; an unclosed part runs to the end (the engine reports it). */
export function segments(template: string): Segment[] {
  const found: Segment[] = [];
  let textStart = 0;
  let index = 0;
  while (index < template.length) {
    const opener = OPENERS[template.slice(index, index + 2)];
    if (opener === undefined) {
      index += 1;
      continue;
    }
    if (index > textStart) found.push({ kind: "text", text: template.slice(textStart, index), start: textStart });
    const inside = index + 2;
    const end = closing(template, inside, opener.close, opener.kind !== "comment");
    found.push({ kind: opener.kind, text: template.slice(inside, end), start: inside });
    index = end + 2;
    textStart = index;
  }
  if (textStart < template.length) found.push({ kind: "text", text: template.slice(textStart), start: textStart });
  return found;
}

function closing(template: string, from: number, close: string, quotes: boolean): number {
  let quote = "";
  let depth = 0;
  for (let index = from; index < template.length; index += 1) {
    const letter = template[index] ?? "";
    if (quote !== "") {
      if (letter === "\\") index += 1;
      else if (letter === quote) quote = "";
    } else if (quotes && (letter === "'" || letter === '"')) quote = letter;
    else if (depth === 0 && template.startsWith(close, index)) return index;
    else if (quotes && letter === "{") depth += 1;
    else if (quotes && letter === "}") depth -= 1;
  }
  return template.length;
}

/** The one expression a template consists of, or undefined when there is text or a statement around it. */
export function singleExpression(template: string): Segment | undefined {
  const parts = segments(template).filter((part) => part.kind !== "text" || part.text.trim() !== "");
  const [only] = parts;
  return parts.length === 1 && only?.kind === "expression" && template.trimEnd().endsWith("}}") ? only : undefined;
}

/** A word of an expression and its place in it. */
export interface Word {
  readonly kind: "name" | "attribute" | "filter" | "test" | "text";
  readonly text: string;
  readonly start: number;
}

const TOKEN = /\s+|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[\p{L}_][\p{L}\p{N}_]*|\d[\d_.]*|[=!<>]=|./gsu;
const RESERVED = new Set([
  "and",
  "or",
  "not",
  "in",
  "is",
  "if",
  "else",
  "true",
  "false",
  "none",
  "True",
  "False",
  "None",
  "loop",
  "self",
]);
const STATEMENTS = new Set([
  "for",
  "endfor",
  "if",
  "elif",
  "else",
  "endif",
  "set",
  "endset",
  "filter",
  "endfilter",
  "with",
  "endwith",
]);

/** The smallest parts of an expression, white space left out, each with its place. */
export function lexemes(expression: string): readonly { readonly text: string; readonly start: number }[] {
  return [...expression.matchAll(TOKEN)]
    .filter((match) => match[0].trim() !== "")
    .map((match) => ({ text: match[0], start: match.index }));
}

/**
 * The words of an expression by what they mean: names of variables and functions, attributes, filters, tests and quoted texts. A
 * keyword argument's name is none of these.
 */
export function words(expression: string, statement = false): Word[] {
  const tokens = lexemes(expression);
  const found: Word[] = [];
  const open: string[] = [];
  for (const [position, { text: token, start }] of tokens.entries()) {
    if ("([{".includes(token)) open.push(token);
    else if (")]}".includes(token)) open.pop();
    if (token.startsWith("'") || token.startsWith('"')) {
      found.push({ kind: "text", text: token.slice(1, -1), start: start + 1 });
      continue;
    }
    if (!/^[\p{L}_]/u.test(token)) continue;
    const before = tokens[position - 1]?.text;
    const beforeThat = tokens[position - 2]?.text;
    const after = tokens[position + 1]?.text;
    if (before === ".") found.push({ kind: "attribute", text: token, start });
    else if (before === "|") found.push({ kind: "filter", text: token, start });
    else if (RESERVED.has(token) && !(before === "is" || (before === "not" && beforeThat === "is"))) continue;
    else if (statement && position === 0 && STATEMENTS.has(token)) continue;
    else if (token !== "not" && (before === "is" || (before === "not" && beforeThat === "is")))
      found.push({ kind: "test", text: token, start });
    else if (after === "=" && open.at(-1) === "(") continue;
    else if (!RESERVED.has(token)) found.push({ kind: "name", text: token, start });
  }
  return found;
}

/** All words of a template's expressions and statements, with their offset in the whole template. */
export function templateWords(template: string): Word[] {
  return segments(template).flatMap((part) => {
    if (part.kind !== "expression" && part.kind !== "statement") return [];
    return words(part.text, part.kind === "statement").map((word) => ({ ...word, start: word.start + part.start }));
  });
}
