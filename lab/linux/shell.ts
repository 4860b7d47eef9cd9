/** One command of a line and how it hangs on the one before. */
export interface ShellCommand {
  readonly words: readonly string[];
  /** `&&`: only after success, `||`: only after failure, `;`: always. */
  readonly after: "&&" | "||" | ";";
}

/** The commands of a line, or what the shell says about it. */
export type ParsedLine =
  | { readonly ok: true; readonly commands: readonly ShellCommand[] }
  | { readonly ok: false; readonly error: string };

const OPERATORS = /^(?:&&|\|\||;|\||&|>>|>|<|\(|\)|\n)/;

/**
 * Splits a shell line into words: POSIX quoting (XCU 2.2), `&&`, `||` and `;`. Everything else a shell can do is refused in words
 * that say so, because a half-understood line must never look as if it had run.
 */
export function parseLine(line: string): ParsedLine {
  const commands: ShellCommand[] = [];
  let words: string[] = [];
  let word: string | undefined;
  let after: ShellCommand["after"] = ";";
  const endWord = () => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  let rest = line.trim();
  while (rest !== "") {
    const operator = OPERATORS.exec(rest)?.[0];
    if (operator !== undefined) {
      endWord();
      if (operator !== "&&" && operator !== "||" && operator !== ";") return refused(operator);
      if (words.length === 0) return { ok: false, error: `syntax error near unexpected token \`${operator}'` };
      commands.push({ words, after });
      words = [];
      after = operator;
      rest = rest.slice(operator.length).trimStart();
      continue;
    }
    if (/^\s/.test(rest)) {
      endWord();
      rest = rest.trimStart();
      continue;
    }
    if (rest.startsWith("#") && word === undefined) break;
    const piece = takePiece(rest);
    if (!piece.ok) return piece;
    word = (word ?? "") + piece.text;
    rest = rest.slice(piece.length);
  }
  endWord();
  if (words.length > 0) commands.push({ words, after });
  else if (after !== ";") return { ok: false, error: "syntax error: unexpected end of file" };
  return { ok: true, commands };
}

type Piece =
  | { readonly ok: true; readonly text: string; readonly length: number }
  | { readonly ok: false; readonly error: string };

function takePiece(rest: string): Piece {
  if (rest.startsWith("'")) {
    const end = rest.indexOf("'", 1);
    if (end < 0) return { ok: false, error: "unexpected EOF while looking for matching `''" };
    return { ok: true, text: rest.slice(1, end), length: end + 1 };
  }
  if (rest.startsWith('"')) return takeDoubleQuoted(rest);
  if (rest.startsWith("\\")) return { ok: true, text: rest.slice(1, 2), length: Math.min(2, rest.length) };
  const plain = /^[^\s'"\\;&|<>()$`*?]+/.exec(rest)?.[0];
  return plain === undefined ? refused(rest.slice(0, 1)) : { ok: true, text: plain, length: plain.length };
}

function takeDoubleQuoted(rest: string): Piece {
  let text = "";
  for (let at = 1; at < rest.length; at += 1) {
    const sign = rest.charAt(at);
    if (sign === '"') return { ok: true, text, length: at + 1 };
    if (sign === "$" || sign === "`") return refused(sign);
    if (sign === "\\" && /["\\$`]/.test(rest.charAt(at + 1))) at += 1;
    text += rest.charAt(at);
  }
  return { ok: false, error: "unexpected EOF while looking for matching `\"'" };
}

function refused(sign: string): { readonly ok: false; readonly error: string } {
  const shown = sign === "\n" ? "newline" : sign;
  return { ok: false, error: `\`${shown}': the lab's nodes run plain commands only (quotes, &&, || and ; are understood)` };
}
