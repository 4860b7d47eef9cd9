import picomatch from "picomatch";
import { hintFor } from "../nearest.ts";
import type { Inventory } from "./model.ts";

/** Hosts of a pattern in inventory order, or what is wrong with it. `part` is the term that is wrong. */
export type Selected =
  | { readonly ok: true; readonly hosts: readonly string[] }
  | { readonly ok: false; readonly rule: string; readonly message: string; readonly part: string; readonly hint?: string };

/**
 * Selects hosts with Ansible's patterns: union `a:b` or `a,b`, intersection `a:&b`, exclusion `a:!b`, `all`, globs, `~regex`, and positions in a
 * group, `g[0]`, `g[-1]`, `g[0:2]` (both ends included). As in Ansible, unions come first, then intersections, then exclusions,
 * wherever they stand. An implied `localhost` is selected by its name only.
 */
export function selectHosts(pattern: string, inventory: Inventory): Selected {
  const terms = splitTerms(pattern);
  if (terms.length === 0) return { ok: false, rule: "empty-pattern", message: "the pattern of hosts is empty", part: pattern };
  const chosen = { union: new Set<string>(), both: [] as ReadonlySet<string>[], not: new Set<string>() };
  let hasUnion = false;
  for (const term of terms) {
    const operator = term.startsWith("&") || term.startsWith("!") ? term[0] : "";
    const found = matchTerm(operator === "" ? term : term.slice(1), inventory);
    if (!found.ok) return found;
    if (operator === "&") chosen.both.push(new Set(found.hosts));
    else if (operator === "!") for (const host of found.hosts) chosen.not.add(host);
    else {
      hasUnion = true;
      for (const host of found.hosts) chosen.union.add(host);
    }
  }
  const start = hasUnion ? chosen.union : new Set(inventory.groups.get("all"));
  const hosts = [...inventory.hosts.keys()].filter(
    (host) => start.has(host) && !chosen.not.has(host) && chosen.both.every((set) => set.has(host)),
  );
  return { ok: true, hosts };
}

/** Terms are separated by commas or colons; a colon within brackets is a slice, and one within a regex term is the regex's. */
function splitTerms(pattern: string): string[] {
  return pattern.split(",").flatMap((piece) => {
    const text = piece.trim();
    if (text.startsWith("~") || text === "") return text === "" ? [] : [text];
    return [...text.matchAll(/(?:\[[^\]]*\]|[^:[])+|\[/g)].map((match) => match[0].trim()).filter((term) => term !== "");
  });
}

function matchTerm(term: string, inventory: Inventory): Selected {
  const subscript = /^([^[\]*?~]+)\[(-?\d*)(?:(:)(-?\d*))?\]$/.exec(term);
  if (subscript !== null) {
    const [, name = "", first = "", colon, last = ""] = subscript;
    const hosts = namedHosts(name, inventory);
    return hosts.ok ? { ok: true, hosts: slice(hosts.hosts, first, colon !== undefined, last) } : hosts;
  }
  if (term.startsWith("~")) {
    const regex = compile(term.slice(1));
    if (regex === undefined)
      return { ok: false, rule: "bad-pattern", message: `${term} is not a regular expression`, part: term };
    return matching(term, (name) => regex.test(name), inventory);
  }
  if (/[*?[\]]/.test(term)) {
    const matches = picomatch(term.replaceAll("[!", "[^"), { dot: true, nobrace: true, noextglob: true });
    return matching(term, matches, inventory);
  }
  return namedHosts(term, inventory);
}

function compile(text: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${text})`);
  } catch {
    return undefined;
  }
}

function namedHosts(name: string, inventory: Inventory): Selected {
  const group = inventory.groups.get(name);
  if (group !== undefined) return { ok: true, hosts: group };
  if (inventory.hosts.has(name)) return { ok: true, hosts: [name] };
  const hint = hintFor(name, [...inventory.groups.keys(), ...inventory.hosts.keys()]);
  const message = `there is no group or host named ${name} in the inventory`;
  return { ok: false, rule: "unknown-host", message, part: name, ...(hint === undefined ? {} : { hint }) };
}

function matching(term: string, matches: (name: string) => boolean, inventory: Inventory): Selected {
  const all = inventory.groups.get("all") ?? [];
  const byGroup = [...inventory.groups].flatMap(([name, members]) => (matches(name) ? members : []));
  const hosts = [...new Set([...byGroup, ...all.filter((host) => matches(host))])];
  if (hosts.length > 0) return { ok: true, hosts };
  return { ok: false, rule: "unknown-host", message: `no group or host matches ${term}`, part: term };
}

function slice(hosts: readonly string[], first: string, range: boolean, last: string): readonly string[] {
  const from = first === "" ? 0 : Number(first);
  if (!range) return hosts.slice(from, from === -1 ? undefined : from + 1);
  const to = last === "" ? hosts.length - 1 : Number(last);
  return hosts.slice(from, to === -1 ? undefined : to + 1);
}
