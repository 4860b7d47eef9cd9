import type { SourceRange } from "../diagnostic.ts";

/**
 * Finds a part of a scalar's text in the file it was written in. Quotes, escapes, folding and indentation make the decoded text and the file differ;
 * what both have in common is the order of the characters that are not white space.
 *
 * @param source text of the whole file, undefined when it has none (extra variables): the scalar's own place is given
 * @param at where the scalar starts
 * @param text the scalar's decoded text
 * @param offset of the part in `text`
 * @param length of the part
 */
export function positionWithin(
  source: string | undefined,
  at: SourceRange,
  text: string,
  offset: number,
  length: number,
): SourceRange {
  if (source === undefined) return at;
  const before = text.slice(0, offset).replace(/\s+/g, "");
  let index = offsetOf(source, at);
  for (const letter of before) {
    const next = source.indexOf(letter, index);
    if (next === -1) return at;
    index = next + 1;
  }
  const first = text.slice(offset).match(/\S/)?.[0];
  if (first !== undefined) {
    const next = source.indexOf(first, index);
    if (next === -1) return at;
    index = next;
  }
  const lines = source.slice(0, index).split("\n");
  const lineEnd = source.indexOf("\n", index);
  const room = (lineEnd === -1 ? source.length : lineEnd) - index;
  return {
    file: at.file,
    line: lines.length,
    column: (lines.at(-1)?.length ?? 0) + 1,
    length: Math.max(1, Math.min(length, room)),
  };
}

function offsetOf(source: string, at: SourceRange): number {
  let offset = 0;
  for (let line = 1; line < at.line; line += 1) offset = source.indexOf("\n", offset) + 1;
  return offset + at.column - 1;
}
