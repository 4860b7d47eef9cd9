import { isObject } from "../json.ts";
import type { Word } from "./scan.ts";

/** The part of an expression that is not defined. */
export interface UndefinedPath {
  /** As written: `fabric.asnn`, `hostvars['leaf201']`. */
  readonly path: string;
  readonly start: number;
  readonly length: number;
  /** What could have been written in place of the last name. */
  readonly known: readonly string[];
  readonly last: string;
}

/**
 * Walks every path of an expression (`l3out.name`, `hostvars['leaf201'].address`) through the values and finds those that lead nowhere. The engine
 * says only "undefined value"; this says which name.
 *
 * @param names what top-level names could have been meant
 * @param value the value of a top-level name, undefined when there is none
 */
export function undefinedPaths(
  text: string,
  words: readonly Word[],
  names: readonly string[],
  value: (name: string) => unknown,
): UndefinedPath[] {
  const found: UndefinedPath[] = [];
  for (const [index, word] of words.entries()) {
    if (word.kind !== "name" || text[word.start + word.text.length] === "(") continue;
    let current = value(word.text);
    let end = word.start + word.text.length;
    if (current === undefined) {
      found.push({ path: word.text, start: word.start, length: word.text.length, known: names, last: word.text });
      continue;
    }
    for (const next of words.slice(index + 1)) {
      const quoted = next.kind === "text";
      const joined = quoted ? /^\[\s*$/.test(text.slice(end, next.start - 1)) : text.slice(end, next.start) === ".";
      if (!joined || (next.kind !== "attribute" && !quoted) || !isObject(current)) break;
      end = next.start + next.text.length + (quoted ? 2 : 0);
      if (text[end] === "(") break;
      const known: string[] = Object.keys(current);
      if (!Object.hasOwn(current, next.text)) {
        found.push({
          path: text.slice(word.start, end),
          start: word.start,
          length: end - word.start,
          known,
          last: next.text,
        });
        break;
      }
      current = current[next.text];
    }
  }
  return found;
}
