import type { AddressPlan } from "../address-plan/plan.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Host, HostKind } from "./model.ts";
import type { KnownVariables } from "./variables.ts";

/** A host with those of its known variables that are valid, and where they are written. */
export interface CheckedHost {
  readonly name: string;
  readonly kind: HostKind;
  readonly known: KnownVariables;
  readonly at: Host["at"];
  /** Where a known variable, or a key of one, is written; the host's own place when it is not. */
  readonly place: (name: keyof KnownVariables, key?: string) => Host["at"];
}

/** A rule about a whole inventory: its hosts, computed variables included, and its address plan (empty when the inventory gives too little for one). */
export type InventoryRule = (hosts: readonly CheckedHost[], plan: AddressPlan) => readonly Diagnostic[];
