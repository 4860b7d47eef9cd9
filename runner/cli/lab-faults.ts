import { OUTAGE_AFTER } from "../../lab/outage-after.ts";
import { hintFor } from "../nearest.ts";

/** What a fault's value must be. */
type FaultValue = "count" | "outage" | "milliseconds" | "hosts" | "release" | "none";

/** The faults that the lab can be asked for, by name; the README tells what each does. */
export const faults: Readonly<Record<string, FaultValue>> = {
  "apic.503": "count",
  "apic.503_after": "outage",
  "apic.reset": "count",
  "apic.401": "count",
  "apic.202": "count",
  "apic.token_expiry": "count",
  "apic.slow": "milliseconds",
  "apic.down": "hosts",
  "apic.release": "release",
  "apic.no_aes": "none",
  "apic.no_rr": "none",
  "node.drop_after": "count",
  "node.down": "hosts",
  "node.slow": "milliseconds",
  "node.stays_down": "hosts",
  "kube.refuse": "count",
  "kube.refuse_after": "outage",
  "kube.503": "count",
  "kube.401": "count",
  "kube.slow": "milliseconds",
  // No fault but a wish: BGP's hold timers, restart times and connect delays pass so many times faster than on a clock.
  "time.speed": "count",
};

const expected: Readonly<Record<FaultValue, string>> = {
  count: "a whole number from 1",
  outage: "writes and seconds, such as 2:30 (after two writes, for 30 seconds)",
  milliseconds: "milliseconds from 1",
  hosts: "host names with commas between them",
  release: "an APIC release such as 5.2(7f)",
  none: "no value",
};

const fits: Readonly<Record<FaultValue, (value: string | undefined) => boolean>> = {
  count: (value) => /^[1-9][0-9]*$/.test(value ?? ""),
  outage: (value) => OUTAGE_AFTER.test(value ?? ""),
  milliseconds: (value) => /^[1-9][0-9]*$/.test(value ?? ""),
  hosts: (value) => value !== undefined && value !== "",
  release: (value) => /^[0-9]+\.[0-9]+\([0-9]+[a-z]*\)$/.test(value ?? ""),
  none: (value) => value === undefined,
};

type Parsed =
  | { readonly ok: true; readonly value: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly problems: readonly string[] };

/** `name=value` texts as the lab takes them, or every reason why not. */
export function parseFaults(texts: readonly string[]): Parsed {
  const pairs = texts.map((text) => {
    const at = text.indexOf("=");
    return at < 0 ? { text, name: text, value: undefined } : { text, name: text.slice(0, at), value: text.slice(at + 1) };
  });
  const problems = pairs.flatMap(({ text, name, value }) => {
    const kind = Object.hasOwn(faults, name) ? faults[name] : undefined;
    if (kind === undefined) {
      const hint = hintFor(name, Object.keys(faults));
      return [`--fault ${text}: there is no fault ${name}${hint === undefined ? "" : `; ${hint}`}`];
    }
    return fits[kind](value) ? [] : [`--fault ${text}: ${name} takes ${expected[kind]}`];
  });
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: new Map(pairs.map(({ name, value = "" }) => [name, value])) };
}
