import type { JsonObject } from "../json.ts";

/**
 * Variables laid over an inventory's after loading: where the lab's parts listen and how to log in. Maps are merged key by key, so
 * `{ fabric: { ca_file: "…" } }` leaves the rest of `fabric` alone. Origin `lab` in `inventory show`.
 */
export interface Overlay {
  readonly all: JsonObject;
  readonly hosts: Readonly<Record<string, JsonObject>>;
}
