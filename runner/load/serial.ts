import { Secret } from "../secret.ts";

/** How a play's hosts are parted (`serial`). */
export type Serial =
  /** Sizes one after the other, the last for all that follow. 0: all hosts that are left, as in Ansible. */
  | { readonly kind: "sizes"; readonly sizes: readonly Size[] }
  /** All hosts with the same value of a host variable in one batch. */
  | { readonly kind: "by"; readonly variable: string }
  /** One host of each value of a host variable in a batch; of the hosts whose variable `apart` is true, never two. */
  | { readonly kind: "across"; readonly variable: string; readonly apart: string | undefined };

/** Hosts in a batch: a number, or a share of all hosts of the play. */
export type Size = { readonly hosts: number } | { readonly percent: number };

/** What rendered data means as `serial`; undefined: nothing. */
export function readSerial(value: unknown): Serial | undefined {
  if (Array.isArray(value)) {
    const sizes = value.flatMap((item) => readSize(item) ?? []);
    return sizes.length > 0 && sizes.length === value.length ? { kind: "sizes", sizes } : undefined;
  }
  if (typeof value === "object" && value !== null && !(value instanceof Secret)) {
    return readMap(new Map<string, unknown>(Object.entries(value)));
  }
  const size = readSize(value);
  return size === undefined ? undefined : { kind: "sizes", sizes: [size] };
}

function readMap(map: ReadonlyMap<string, unknown>): Serial | undefined {
  const names = [...map.keys()].sort().join(" ");
  const [by, across, apart] = ["by", "across", "apart"].map((key) => map.get(key));
  if (names === "by" && isName(by)) return { kind: "by", variable: by };
  if (names === "across" && isName(across)) return { kind: "across", variable: across, apart: undefined };
  if (names === "across apart" && isName(across) && isName(apart)) return { kind: "across", variable: across, apart };
  return undefined;
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "";
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
 * @param isApart whether a host must not be with another such one
 */
export function batchesOf(
  serial: Serial,
  hosts: readonly string[],
  variableOn: (host: string) => string,
  isApart: (host: string) => boolean,
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
  const order = new Map(hosts.map((host, index) => [host, index]));
  const inOrder = (a: string, b: string) => (order.get(a) ?? 0) - (order.get(b) ?? 0);
  return acrossGroups(groups, isApart).map((batch) => [...batch].sort(inOrder));
}

/** Batch after batch the first of each group that may be with those in it already. */
function acrossGroups(
  groups: readonly (readonly string[])[],
  isApart: (host: string) => boolean,
): readonly (readonly string[])[] {
  const batches: (readonly string[])[] = [];
  let left = groups;
  while (left.some((group) => group.length > 0)) {
    const batch: string[] = [];
    for (const group of left) {
      const taken = batch.some(isApart);
      const host = group.find((one) => !taken || !isApart(one));
      if (host !== undefined) batch.push(host);
    }
    batches.push(batch);
    left = left.map((group) => group.filter((host) => !batch.includes(host)));
  }
  return batches;
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
