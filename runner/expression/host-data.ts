import type { Inventory } from "../load/model.ts";
import type { Word } from "./scan.ts";
import type { Missing, Plain, Tokens } from "./tokens.ts";

/** A value that could not be had for a host's variable. */
export interface MissingVariable {
  readonly host: string;
  readonly name: string;
  readonly missing: Missing;
}

/** What `hostvars` is: every host's inventory variables and what was learned since. Built at first use, kept current by `learn`. */
export interface HostData {
  /** All hosts. Values that could not be had are tokens, listed in `missing`. */
  all(): {
    readonly hosts: { readonly [host: string]: Plain };
    readonly missing: readonly MissingVariable[];
    readonly fresh: boolean;
  };
  learn(host: string, name: string, value: Plain): void;
}

/** A host's name up to the first dot, as `inventory_hostname_short`. */
export function shortName(host: string): string {
  return host.split(".")[0] ?? host;
}

/**
 * @param resolve gives one inventory variable of a host; its failure touches only who uses it
 */
export function createHostData(
  inventory: Inventory,
  names: (host: string) => Iterable<string>,
  resolve: (host: string, name: string) => { readonly kind: "value"; readonly value: Plain } | Missing,
  tokens: Tokens,
): HostData {
  const built = new Map<string, { [name: string]: Plain }>();
  let missing: MissingVariable[] | undefined;
  const learned: { readonly host: string; readonly name: string; readonly value: Plain }[] = [];
  let fresh = true;

  function build(): void {
    for (const host of inventory.hosts.values()) {
      const variables: { [name: string]: Plain } = {};
      for (const name of names(host.name)) {
        const outcome = resolve(host.name, name);
        variables[name] = outcome.kind === "value" ? outcome.value : tokens.missing(name, outcome);
      }
      variables.inventory_hostname = host.name;
      variables.inventory_hostname_short = shortName(host.name);
      variables.group_names = host.groups.filter((group) => group !== "all");
      built.set(host.name, variables);
    }
  }

  return {
    all() {
      if (built.size === 0) build();
      for (const { host, name, value } of learned.splice(0)) {
        built.set(host, { ...built.get(host), [name]: value });
        missing = undefined;
      }
      missing ??= [...built].flatMap(([host, data]) =>
        tokens.missingIn(data).map((entry) => ({ host, name: entry.name, missing: entry.missing })),
      );
      const wasFresh = fresh;
      fresh = false;
      return { hosts: Object.fromEntries(built), missing, fresh: wasFresh };
    },
    learn(host, name, value) {
      learned.push({ host, name, value });
      fresh = true;
    },
  };
}

/** The missing host variable that an expression with `hostvars` names, if any. */
export function missingHostVariable(
  inventory: Inventory,
  used: readonly Word[],
  missing: readonly MissingVariable[],
): Missing | undefined {
  const named = used.map((word, index) => {
    const next = used[index + 1];
    if (word.text !== "hostvars" || word.kind !== "name") return undefined;
    const joined = next !== undefined && next.start - word.start - word.text.length <= 2;
    return joined && inventory.hosts.has(next.text) ? next.text : "*";
  });
  const hosts = new Set(named.filter((host) => host !== undefined));
  const hit = missing.find(
    (entry) => (hosts.has("*") || hosts.has(entry.host)) && used.some((word) => word.kind !== "name" && word.text === entry.name),
  );
  return hit?.missing;
}
