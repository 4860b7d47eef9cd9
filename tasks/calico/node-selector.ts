/** Whether a selector chooses something with these labels. */
type Test = (labels: Readonly<Record<string, string>>) => boolean;

/** Words of Calico's selectors: operators, quoted texts, names of labels (which hold dots and slashes). */
const WORDS = /\s*(\|\||&&|==|!=|[(){}!,]|"[^"]*"|'[^']*'|[A-Za-z0-9_./-]+)/y;

/**
 * Reads a selector as Calico does (its reference, *Selectors*): `all()`, `global()`, `has(k)`, `k == "v"`, `!=`, `in { }`, `not in { }`,
 * `contains`, `starts with`, `ends with`, `!`, `&&`, `||`, parentheses. Undefined for what is none of these. Empty: everything.
 */
export function nodeSelector(text: string): Test | undefined {
  if (text.trim() === "") return () => true;
  const words = wordsOf(text);
  if (words === undefined) return undefined;
  const reader = new SelectorReader(words);
  const test = reader.either();
  return reader.ended ? test : undefined;
}

function wordsOf(text: string): readonly string[] | undefined {
  const words: string[] = [];
  WORDS.lastIndex = 0;
  const end = text.trimEnd().length;
  while (WORDS.lastIndex < end) {
    const word = WORDS.exec(text)?.[1];
    if (word === undefined) return undefined;
    words.push(word);
  }
  return words;
}

/** One pass over the words; each method reads what it is named for, undefined when it is not there. */
class SelectorReader {
  private at = 0;
  private readonly words: readonly string[];

  constructor(words: readonly string[]) {
    this.words = words;
  }

  get ended(): boolean {
    return this.at === this.words.length;
  }

  either(): Test | undefined {
    return this.joined(
      "||",
      () => this.both(),
      (one, other) => (labels) => one(labels) || other(labels),
    );
  }

  private both(): Test | undefined {
    return this.joined(
      "&&",
      () => this.term(),
      (one, other) => (labels) => one(labels) && other(labels),
    );
  }

  private joined(word: string, part: () => Test | undefined, join: (one: Test, other: Test) => Test): Test | undefined {
    let test = part();
    while (test !== undefined && this.take(word)) {
      const other = part();
      test = other === undefined ? undefined : join(test, other);
    }
    return test;
  }

  private term(): Test | undefined {
    if (this.take("!")) {
      const test = this.term();
      return test === undefined ? undefined : (labels) => !test(labels);
    }
    if (this.take("(")) {
      const test = this.either();
      return this.take(")") ? test : undefined;
    }
    const name = this.next();
    if (name === "all" || name === "global") return this.take("(") && this.take(")") ? () => true : undefined;
    if (name === "has") {
      if (!this.take("(")) return undefined;
      const label = this.next();
      return label !== undefined && this.take(")") ? (labels) => Object.hasOwn(labels, label) : undefined;
    }
    return name === undefined ? undefined : this.comparison(name);
  }

  private comparison(label: string): Test | undefined {
    const operator = this.next();
    if (operator === "in") return this.membership(label, true);
    if (operator === "not") return this.take("in") ? this.membership(label, false) : undefined;
    if ((operator === "starts" || operator === "ends") && !this.take("with")) return undefined;
    const value = this.text();
    if (value === undefined) return undefined;
    switch (operator) {
      case "==":
        return (labels) => labels[label] === value;
      case "!=":
        return (labels) => labels[label] !== value;
      case "contains":
        return (labels) => labels[label]?.includes(value) === true;
      case "starts":
        return (labels) => labels[label]?.startsWith(value) === true;
      case "ends":
        return (labels) => labels[label]?.endsWith(value) === true;
      default:
        return undefined;
    }
  }

  private membership(label: string, wanted: boolean): Test | undefined {
    const values: string[] = [];
    if (!this.take("{")) return undefined;
    do {
      const value = this.text();
      if (value === undefined) return undefined;
      values.push(value);
    } while (this.take(","));
    if (!this.take("}")) return undefined;
    return (labels) => {
      const value = labels[label];
      return (value !== undefined && values.includes(value)) === wanted;
    };
  }

  private text(): string | undefined {
    const word = this.next();
    return word !== undefined && /^["']/.test(word) ? word.slice(1, -1) : undefined;
  }

  private take(word: string): boolean {
    if (this.words[this.at] !== word) return false;
    this.at += 1;
    return true;
  }

  private next(): string | undefined {
    const word = this.words[this.at];
    this.at += 1;
    return word;
  }
}
