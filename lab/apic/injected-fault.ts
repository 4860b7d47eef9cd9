import { type OutageAfter, outageAfter } from "../outage-after.ts";
import type { Faults } from "../spec.ts";

/**
 * Failures that tests and curious users switch on by name (aci-objects 9.13). Numbers count requests down.
 *
 * - `apic.503=N`: the next N requests get nginx's HTML page
 * - `apic.503_after=WRITES:SECONDS`: the same page for so long, once so many writes were carried out
 * - `apic.reset=N`: the connection of the next N requests but logins is cut
 * - `apic.401=N`: the next N logins are refused
 * - `apic.202=N`: the next N writes are carried out, but only accepted
 * - `apic.token_expiry=N`: tokens are refused after N requests, once
 * - `apic.slow=MS`: every answer waits
 * - `apic.down=NAME,…`: these controllers do not listen
 *
 * And what a fabric may lack:
 *
 * - `apic.release=R`: the controllers run this release, `4.2(7f)`
 * - `apic.no_aes`: no AES key for secure properties in snapshots
 * - `apic.no_rr`: no route reflectors
 */
export interface InjectedFaults {
  /** Whether this kind of failure is due now; counts it down. */
  due(name: "503" | "reset" | "401" | "202"): boolean;
  readonly outage: OutageAfter;
  readonly slowMs: number;
  readonly tokenExpiry: number | undefined;
  readonly down: ReadonlySet<string>;
  /** Undefined: the lab's usual one. */
  readonly release: string | undefined;
  readonly noAesKey: boolean;
  readonly noRouteReflectors: boolean;
}

/** Reads the faults that concern the APIC; other names are other parts' business. */
export function injectedFaults(faults: Faults): InjectedFaults {
  const left = new Map<string, number>();
  const count = (name: string): number => left.get(name) ?? Number(faults.get(`apic.${name}`) ?? 0);
  const expiry = faults.get("apic.token_expiry");
  return {
    due(name) {
      const remaining = count(name);
      if (!(remaining > 0)) return false;
      left.set(name, remaining - 1);
      return true;
    },
    outage: outageAfter(faults.get("apic.503_after")),
    slowMs: Number(faults.get("apic.slow") ?? 0) || 0,
    tokenExpiry: expiry === undefined ? undefined : Number(expiry),
    down: new Set((faults.get("apic.down") ?? "").split(",").filter((name) => name !== "")),
    release: faults.get("apic.release"),
    noAesKey: faults.has("apic.no_aes"),
    noRouteReflectors: faults.has("apic.no_rr"),
  };
}
