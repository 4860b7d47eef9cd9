type Labels = Readonly<Record<string, string>>;
type Test = (labels: Labels) => boolean;

/**
 * Calico's label selectors: `all()`, `has(k)`, `k == 'v'`, `k != 'v'`, `k in {'a'}`, `k not in {'a'}`, `contains`, `starts with`,
 * `ends with`, `!`, `&&`, `||` and parentheses (Calico reference, "Selectors"). Text that cannot be read selects nothing.
 */
export function selectorTest(selector: string): Test {
  const tokens = tokenize(selector);
  const reader = { tokens: tokens ?? [], at: 0 };
  const test = readOr(reader);
  return test !== undefined && tokens !== undefined && reader.at === tokens.length ? test : () => false;
}

interface Reader {
  readonly tokens: readonly string[];
  at: number;
}

const TOKEN = /\s*(all\(\)|global\(\)|has\([^)]*\)|&&|\|\||==|!=|[!(){},]|"[^"]*"|'[^']*'|[A-Za-z0-9_./-]+)/y;

function tokenize(text: string): string[] | undefined {
  const tokens: string[] = [];
  const trimmed = text.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const match = TOKEN.exec(trimmed);
    if (match?.[1] === undefined) return undefined;
    tokens.push(match[1]);
  }
  return tokens.length === 0 ? undefined : tokens;
}

function take(reader: Reader, token: string): boolean {
  if (reader.tokens[reader.at] !== token) return false;
  reader.at += 1;
  return true;
}

function readOr(reader: Reader): Test | undefined {
  let test = readAnd(reader);
  while (test !== undefined && take(reader, "||")) {
    const [left, right] = [test, readAnd(reader)];
    test = right && ((labels) => left(labels) || right(labels));
  }
  return test;
}

function readAnd(reader: Reader): Test | undefined {
  let test = readNot(reader);
  while (test !== undefined && take(reader, "&&")) {
    const [left, right] = [test, readNot(reader)];
    test = right && ((labels) => left(labels) && right(labels));
  }
  return test;
}

function readNot(reader: Reader): Test | undefined {
  if (take(reader, "!")) {
    const inner = readNot(reader);
    return inner && ((labels) => !inner(labels));
  }
  if (take(reader, "(")) {
    const inner = readOr(reader);
    return take(reader, ")") ? inner : undefined;
  }
  return readTest(reader);
}

function readTest(reader: Reader): Test | undefined {
  const key = reader.tokens[reader.at++] ?? "";
  if (key === "all()" || key === "global()") return () => true;
  const label = /^has\((.*)\)$/.exec(key)?.[1]?.trim();
  if (label !== undefined) return (labels) => Object.hasOwn(labels, label);
  const operator = reader.tokens[reader.at++] ?? "";
  if (operator === "in" || operator === "not") return readSet(reader, key, operator === "in");
  if (operator === "starts" || operator === "ends") {
    if (!take(reader, "with")) return undefined;
  }
  const value = unquoted(reader.tokens[reader.at++]);
  if (value === undefined) return undefined;
  switch (operator) {
    case "==":
      return (labels) => labels[key] === value;
    case "!=":
      return (labels) => labels[key] !== value;
    case "contains":
      return (labels) => labels[key]?.includes(value) === true;
    case "starts":
      return (labels) => labels[key]?.startsWith(value) === true;
    case "ends":
      return (labels) => labels[key]?.endsWith(value) === true;
    default:
      return undefined;
  }
}

function readSet(reader: Reader, key: string, wanted: boolean): Test | undefined {
  if (!wanted && !take(reader, "in")) return undefined;
  if (!take(reader, "{")) return undefined;
  const values = new Set<string>();
  while (!take(reader, "}")) {
    const value = unquoted(reader.tokens[reader.at++]);
    if (value === undefined) return undefined;
    values.add(value);
    take(reader, ",");
  }
  return (labels) => {
    const own = labels[key];
    return (own !== undefined && values.has(own)) === wanted;
  };
}

function unquoted(token: string | undefined): string | undefined {
  return /^(["'])(.*)\1$/.exec(token ?? "")?.[2];
}
