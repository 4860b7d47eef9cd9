/** Most hosts that one range may stand for: a slip such as `[1:99999999]` must not fill the memory. */
const MOST_HOSTS = 10_000;

/** Names, or why the text is not a range that Ansible would accept. */
export type Expanded =
  | { readonly ok: true; readonly names: readonly string[] }
  | { readonly ok: false; readonly message: string };

const RANGE = /\[([^[\]]*)\]/;

/**
 * Expands Ansible's host ranges: `leaf[201:204]`, `node[01:12]` (zeros kept), `rack-[a:d]`, `[1:9:2]` with a step, several in one name.
 * Both ends are included.
 */
export function expandRange(name: string): Expanded {
  const match = RANGE.exec(name);
  if (match === null) {
    return /[[\]]/.test(name) ? { ok: false, message: `${name}: a bracket is not closed` } : { ok: true, names: [name] };
  }
  const items = itemsOf(match[1] ?? "");
  if (typeof items === "string") return { ok: false, message: `${name}: ${items}` };
  const names: string[] = [];
  for (const item of items) {
    const rest = expandRange(name.slice(0, match.index) + item + name.slice(match.index + match[0].length));
    if (!rest.ok) return rest;
    names.push(...rest.names);
    if (names.length > MOST_HOSTS) return { ok: false, message: `${name}: more than ${MOST_HOSTS} hosts` };
  }
  return { ok: true, names };
}

function itemsOf(inside: string): readonly string[] | string {
  const parts = inside.split(":");
  const [first = "", last = "", stepText = "1"] = parts;
  if (parts.length < 2 || parts.length > 3) return "a range is [first:last] or [first:last:step]";
  const step = Number(stepText);
  if (!Number.isInteger(step) || step < 1) return `step ${stepText} is not a positive number`;
  if (/^\d+$/.test(first) && /^\d+$/.test(last)) {
    const width = first.length > 1 && first.startsWith("0") ? first.length : 0;
    if (width > 0 && last.length !== first.length) return "both ends of a range with leading zeros have the same length";
    return count(Number(first), Number(last), step, (number) => String(number).padStart(width, "0"));
  }
  if (/^[a-z]$/.test(first) && /^[a-z]$/.test(last)) return letters(first, last, step);
  if (/^[A-Z]$/.test(first) && /^[A-Z]$/.test(last)) return letters(first, last, step);
  return "both ends of a range are numbers, or single letters of the same case";
}

function letters(first: string, last: string, step: number): readonly string[] | string {
  return count(first.charCodeAt(0), last.charCodeAt(0), step, (code) => String.fromCharCode(code));
}

function count(from: number, to: number, step: number, show: (value: number) => string): readonly string[] | string {
  if (to < from) return "the last is before the first";
  if ((to - from) / step > MOST_HOSTS) return `more than ${MOST_HOSTS} hosts`;
  const items: string[] = [];
  for (let value = from; value <= to; value += step) items.push(show(value));
  return items;
}
