import type { Static, TObject } from "#typebox";
import type { Change, Unknown } from "./change.ts";
import type { Planned } from "./connect/connection.ts";
import type { Place, ReaderOf, ResourceOf, WriterOf } from "./connect/connections.ts";
import type { Json } from "./json.ts";
import type { Result } from "./result.ts";

/** What a task type gets to see besides its arguments. */
export interface TaskContext<S extends TObject> {
  /** Rendered, checked against the schema, defaults filled in. Secrets are `Secret`. */
  readonly args: Static<S>;
  /** Inventory name of the host. */
  readonly host: string;
  /** True under `--check`. */
  readonly check: boolean;
}

/** An argument that fits the schema and still cannot be carried out. */
export interface Refusal {
  /** Path to the argument, such as `["values", "tunnel"]`; its place in the file is reported. Empty: the task as a whole. */
  readonly argument: readonly string[];
  /** Follows the argument's name: `was removed in Cilium 1.15`. Never shows a secret. */
  readonly message: string;
  /** What to do instead. */
  readonly hint?: string;
}

/** Words and schema that every task type has; `underlay doc` prints them. */
export interface TaskTypeBase<S extends TObject> {
  /** `aci.l3out`. */
  readonly name: string;
  /** One line, no full stop. */
  readonly summary: string;
  /** Steps of the white paper this carries out; each is also a tag, `step-8`. */
  readonly steps: readonly number[];
  /** Schema of the arguments: TypeScript type, check at load time and reference page in one. */
  readonly args: S;
  /** What a user should know: limits, what it leaves alone, what `absent` does. */
  readonly notes: readonly string[];
  /** A task as it stands in a playbook, in YAML. */
  readonly example: string;
  /** Arguments that are legal but probably wrong; shown at load and at run, never stops anything. */
  readonly warn?: (args: Static<S>) => readonly string[];
  /** Arguments that cannot work, beyond what a schema can say: refused at load like those that do not fit it, before anything is touched. */
  readonly refuse?: (args: Static<S>) => readonly Refusal[];
}

/** Says what should exist; the connection reads, compares, writes and reads back. For nearly everything. */
export interface DeclaredTask<P extends Exclude<Place, "leaf">, S extends TObject> extends TaskTypeBase<S> {
  readonly form: "declared";
  readonly on: P;
  readonly desired: (context: TaskContext<S>) => readonly ResourceOf[P][];
}

/** The other sides, for a task that looks at several at once. Only reads: what is planned here can be written in `apply` alone. */
export interface Elsewhere {
  /** The connection of a place for a host by its inventory name; opened at first use and shared with the rest of the run. */
  at<P extends Place>(place: P, host: string): Promise<Result<Side<P>>>;
}

/** One side to look at. */
export interface Side<P extends Place> {
  readonly reader: ReaderOf[P];
  plan(resources: readonly ResourceOf[P][]): Promise<Result<Planned<WriterOf[P]>>>;
}

/** What an action has while it carries its plan out. */
export interface During {
  /** The other sides, to be written as well: a password has two, a join three. */
  at<P extends Place>(place: P, host: string): Promise<Result<Side<P> & { readonly writer: WriterOf[P] }>>;
  /** One line about what is waited for, such as `3 pods left on worker-1`. Never a secret. */
  tell(text: string): void;
  /** Aborted by the first Ctrl-C: what waits without end may stop where it is safe, with a failure that says so. */
  readonly signal: AbortSignal;
}

/** What an action found to do. `apply` gets the writer; check mode never calls it. */
export interface ActionPlan<P extends Place> {
  readonly changes: readonly Change[];
  readonly unknown?: readonly Unknown[];
  /** Facts for `register`. */
  readonly facts?: Readonly<Record<string, Json>>;
  /** Doubtful but no reason to stop. */
  readonly warnings?: readonly string[];
  /** Check mode: later tasks see the planned changes. Often `project` of what `elsewhere` planned: a Node that joins, one that is deleted. */
  readonly project?: () => void;
  /** May give facts that were not known before: the outage of each session. They are laid over `facts`. */
  readonly apply: (writer: WriterOf[P], during: During) => Promise<Result<void> | Result<Readonly<Record<string, Json>>>>;
}

/** Plans with a reader, then carries the plan out itself: node.network, drain, restart. After `apply` the engine plans again: it must be empty. */
export interface ActionTask<P extends Place, S extends TObject> extends TaskTypeBase<S> {
  readonly form: "action";
  readonly on: P;
  readonly plan: (reader: ReaderOf[P], context: TaskContext<S>, elsewhere: Elsewhere) => Promise<Result<ActionPlan<P>>>;
}

/** What a probe saw. */
export interface Observation {
  /** For `register`: `name.facts.…`. */
  readonly facts?: Readonly<Record<string, Json>>;
  /** What is not yet as it should be, each with its likely cause: `node3 to leaf201: Active, never established: wrong password?`. Empty: done. */
  readonly unmet: readonly string[];
  /** Waiting cannot change what is unmet: the probe ends at once, and this is what to do about it. */
  readonly stuck?: string;
  /** Doubtful but no reason to stop, each naming its rule's source. */
  readonly warnings?: readonly string[];
  /** One line for people, `12 of 12 sessions Established`. */
  readonly message?: string;
  /** Check mode only: why it could not be looked at (a temporary object that check mode does not create). */
  readonly unknown?: string;
}

/**
 * Looks until nothing is unmet or the time is up; never writes. Repeats every second for `args.timeout` seconds when the schema has that
 * argument, else looks once. In check mode an unmet probe after planned changes is `unknown`.
 */
export interface ProbeTask<P extends Place, S extends TObject> extends TaskTypeBase<S> {
  readonly form: "probe";
  readonly on: P;
  /**
   * Objects that exist only while the probe looks, such as CalicoNodeStatus: made before the first look, removed after the last. They are
   * not changes and are not compared: `create` makes them as wanted whatever is there, `remove` also works when `create` did not get far.
   * Check mode does not make them.
   */
  readonly temporary?: (context: TaskContext<S>) => {
    readonly create: (writer: WriterOf[P], reader: ReaderOf[P]) => Promise<Result<void>>;
    readonly remove: (writer: WriterOf[P], reader: ReaderOf[P]) => Promise<Result<void>>;
  };
  readonly observe: (reader: ReaderOf[P], context: TaskContext<S>, elsewhere: Elsewhere) => Promise<Result<Observation>>;
}

/** Needs no connection and runs for any host: assert, debug, set_fact, pause. */
export interface LocalTask<S extends TObject> extends TaskTypeBase<S> {
  readonly form: "local";
  readonly on: "any";
  /** Its arguments become variables of the host for the rest of the run (`set_fact`). */
  readonly setsVariables?: true;
  readonly observe: (context: TaskContext<S>) => Promise<Result<Observation>>;
}

/** The four forms a task type can have. */
export type TaskForm = "declared" | "action" | "probe" | "local";
