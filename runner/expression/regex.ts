import { type Filter, Refusal } from "./refusal.ts";
import { holdsToken, type Plain } from "./tokens.ts";

/** What a regular expression is asked of: Python's spelling of named groups is understood. */
function compiled(
  name: string,
  input: Plain,
  pattern: Plain | undefined,
  flags: string,
): { text: string; regex: RegExp } | Refusal {
  if ((typeof input !== "string" && typeof input !== "number") || typeof pattern !== "string") {
    return new Refusal(`${name} needs a text and a regular expression`);
  }
  const text = String(input);
  if (holdsToken(text) || holdsToken(pattern)) return new Refusal(`${name} cannot be used on a secret`);
  try {
    return { text, regex: new RegExp(pattern.replaceAll("(?P<", "(?<"), flags) };
  } catch {
    return new Refusal(`${name}: this is not a regular expression`);
  }
}

/** Python's replacement text: `\1` and `\g<name>` stand for groups, `$` for itself. */
function replacement(text: string): string {
  return text
    .replaceAll("$", "$$$$")
    .replace(/\\(\d)/g, "$$$1")
    .replace(/\\g<(\w+)>/g, (_all, group: string) => (/^\d+$/.test(group) ? `$${group}` : `$<${group}>`));
}

/** Ansible's filters with regular expressions. `regex_search` gives the text that fits, or none. */
export const regexFilters: Readonly<Record<string, Filter>> = {
  regex_replace: (input, [pattern, by]) => {
    const made = compiled("filter regex_replace", input, pattern, "g");
    return made instanceof Refusal ? made : made.text.replace(made.regex, replacement(typeof by === "string" ? by : ""));
  },
  regex_search: (input, [pattern]) => {
    const made = compiled("filter regex_search", input, pattern, "");
    return made instanceof Refusal ? made : (made.regex.exec(made.text)?.[0] ?? null);
  },
};

/** `is match` (from the start of the text) and `is search` (anywhere). */
export const regexTests: Readonly<Record<string, Filter>> = {
  match: (input, [pattern]) => {
    const made = compiled("test match", input, pattern, "y");
    return made instanceof Refusal ? made : made.regex.test(made.text);
  },
  search: (input, [pattern]) => {
    const made = compiled("test search", input, pattern, "");
    return made instanceof Refusal ? made : made.regex.test(made.text);
  },
};
