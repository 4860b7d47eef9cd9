import { Secret } from "../secret.ts";

/** How a play's hosts are parted (`serial`). */
export type Serial =
  /** Sizes one after the other, the last for all that follow. 0: all hosts that are left, as in Ansible. */
  | { readonly kind: "sizes"; readonly sizes: readonly Size[] }
  /** All hosts with the same value of a host variable in one batch. */
  | { readonly kind: "by"; readonly variable: string }
  /** One host of each value of a host variable in a batch. */
  | { readonly kind: "across"; readonly variable: string };

/** Hosts in a batch: a number, or a share of all hosts of the play. */
export type Size = { readonly hosts: number } | { readonly percent: number };

/** What rendered data means as `serial`; undefined: nothing. */
export function readSerial(value: unknown): Serial | undefined {
  if (Array.isArray(value)) {
    const sizes = value.flatMap((item) => readSize(item) ?? []);
    return sizes.length > 0 && sizes.length === value.length ? { kind: "sizes", sizes } : undefined;
  }
  if (typeof value === "object" && value !== null && !(value instanceof Secret)) {
    const [entry, ...others] = Object.entries(value);
    if (entry === undefined || others.length > 0) return undefined;
    const [kind, variable] = entry;
    if ((kind !== "by" && kind !== "across") || typeof variable !== "string" || variable === "") return undefined;
    return { kind, variable };
  }
  const size = readSize(value);
  return size === undefined ? undefined : { kind: "sizes", sizes: [size] };
}

/** `3`, `"3"` (as `-e` and templates give it), `"30%"`. */
function readSize(value: unknown): Size | undefined {
  const text = typeof value === "number" || typeof value === "string" ? String(value).trim() : "";
  if (/^\d+$/.test(text)) return { hosts: Number(text) };
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  return percent === undefined || Number(percent) > 100 ? undefined : { percent: Number(percent) };
}

/**
 * Parts hosts into batches. A share is rounded down and at least one host, as in Ansible; batches by a value come in the order in which the
 * values first appear.
 *
 * @param variableOn the value of the variable on a host
 */
export function batchesOf(
  serial: Serial,
  hosts: readonly string[],
  variableOn: (host: string) => string,
): readonly (readonly string[])[] {
  if (hosts.length === 0) return [];
  if (serial.kind === "sizes") return bySize(serial.sizes, hosts);
  const byValue = new Map<string, string[]>();
  for (const host of hosts) {
    const value = variableOn(host);
    byValue.set(value, [...(byValue.get(value) ?? []), host]);
  }
  const groups = [...byValue.values()];
  if (serial.kind === "by") return groups;
  const longest = Math.max(...groups.map((group) => group.length));
  const order = new Map(hosts.map((host, index) => [host, index]));
  const inOrder = (a: string, b: string) => (order.get(a) ?? 0) - (order.get(b) ?? 0);
  return Array.from({ length: longest }, (_, round) => groups.flatMap((group) => group[round] ?? []).sort(inOrder));
}

function bySize(sizes: readonly Size[], hosts: readonly string[]): readonly (readonly string[])[] {
  const batches: (readonly string[])[] = [];
  for (let start = 0; start < hosts.length; ) {
    const size = sizes[Math.min(batches.length, sizes.length - 1)] ?? { hosts: 0 };
    const count = "hosts" in size ? size.hosts : Math.max(1, Math.floor((size.percent / 100) * hosts.length));
    const end = count === 0 ? hosts.length : start + count;
    batches.push(hosts.slice(start, end));
    start = end;
  }
  return batches;
}
