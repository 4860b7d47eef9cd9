import type { CheckedHost } from "./inventory-rule.ts";
import type { KnownVariables } from "./variables.ts";

/** The host whose value of an inventory-wide variable counts: localhost's, else the first host's that has one; undefined: nobody has. */
export function speakerOf(hosts: readonly CheckedHost[], name: keyof KnownVariables): CheckedHost | undefined {
  const speaks = ({ known }: CheckedHost): boolean => known[name] !== undefined;
  return hosts.find((host) => host.kind === "localhost" && speaks(host)) ?? hosts.find(speaks);
}

/** Some names in words: the first three, the others counted. */
export function named(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
