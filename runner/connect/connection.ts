import type { Change, Unknown } from "../change.ts";
import type { Result } from "../result.ts";

/** What a connection found out about the resources of one task on one host. */
export interface Planned<Writer> {
  readonly changes: readonly Change[];
  /** What could not be known (only ever in check mode). */
  readonly unknown: readonly Unknown[];
  /** What was left as it is on purpose, and why: an object of somebody else, one that others use. */
  readonly warnings?: readonly string[];
  /** Check mode: lays the planned changes over what was read, so that later tasks of the run see them. */
  project(): void;
  /** Writes the changes, reads back and compares again; fails when something still differs. */
  apply(writer: Writer): Promise<Result<void>>;
}

/**
 * How resources of one kind are read, compared and written. `writer` is undefined in check mode: the engine then has nothing to hand
 * to `apply`, so nothing can be written (design section 5).
 */
export interface Connection<Resource, Reader, Writer> {
  readonly reader: Reader;
  readonly writer: Writer | undefined;
  plan(resources: readonly Resource[]): Promise<Result<Planned<Writer>>>;
}
