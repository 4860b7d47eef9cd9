import type { SourceRange } from "../diagnostic.ts";
import type { Secret } from "../secret.ts";
import type { TaskType } from "../task-type.ts";

/**
 * What the loader hands to the engine. Raw YAML never travels past `load/`: names are resolved, imports are inlined, literal arguments are
 * checked, and every value still knows where it was written.
 */

/** A value from a file with its place. Text that holds `{{ }}` is a template; everything else is literal. */
export type Value =
  | { readonly kind: "literal"; readonly value: null | boolean | number | string; readonly at: SourceRange }
  | { readonly kind: "secret"; readonly secret: Secret; readonly at: SourceRange }
  | { readonly kind: "template"; readonly text: string; readonly at: SourceRange }
  | { readonly kind: "list"; readonly items: readonly Value[]; readonly at: SourceRange }
  | {
      readonly kind: "map";
      readonly entries: ReadonlyMap<string, Value>;
      /** Where each key is written, for diagnostics; absent on values that came from no file. */
      readonly keys?: ReadonlyMap<string, SourceRange>;
      readonly at: SourceRange;
    };

/** A bare Jinja2 expression (`when`, `until`, a string `loop`), without braces. */
export interface Expression {
  readonly text: string;
  readonly at: SourceRange;
}

/** Where a variable came from, lowest precedence first (design section 8). `computed`: derived by the address plan. */
export type Origin = "computed" | "all" | "group" | "host" | "lab" | "play" | "task" | "registered" | "extra";

/** A variable with its origin; `source` names the group or file: `group leaves`, `host_vars/leaf201.yaml`. */
export interface Variable {
  readonly value: Value;
  readonly origin: Origin;
  readonly source: string;
}

export type Variables = ReadonlyMap<string, Variable>;

/** Decided by the groups `apics`, `leaves`, `nodes`; `localhost` is always there. `other` hosts can only run task types that need no connection. */
export type HostKind = "apic" | "leaf" | "node" | "localhost" | "other";

export interface Host {
  readonly name: string;
  readonly kind: HostKind;
  /** All groups it is in, parents too, sorted. */
  readonly groups: readonly string[];
  /** Inventory variables after precedence: all, parent groups, groups, host. */
  readonly vars: Variables;
  readonly at: SourceRange;
}

export interface Inventory {
  /** Files and directories as given with `-i`. */
  readonly sources: readonly string[];
  /** In inventory order; `localhost` last when it was implied. */
  readonly hosts: ReadonlyMap<string, Host>;
  /** Group name to host names in inventory order; `all` included. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Group name to its child groups, for `inventory graph`. */
  readonly children: ReadonlyMap<string, readonly string[]>;
  /** True when the inventory says `lab: true` or the user said `--lab`. */
  readonly lab: boolean;
}

/**
 * What a task and a block have in common. Of an import, `when` and `vars` are already in each of its entries (outermost first) and
 * tags are inherited from everything around; what a block says otherwise (`when`, `vars`, `delegateTo` …) stands on the block only.
 */
export interface EntryBase {
  readonly name: Value;
  readonly when: readonly Expression[];
  /** Own tags, the play's, the enclosing blocks' and imports', and `step-N` of the task type. */
  readonly tags: readonly string[];
  readonly vars: Variables;
  readonly ignoreErrors: boolean;
  readonly anyErrorsFatal: boolean;
  readonly runOnce: boolean;
  readonly delegateTo: Value | undefined;
  readonly notify: readonly Notice[];
  readonly at: SourceRange;
}

/** What a `notify` says: the name of a handler of its play, or what handlers `listen` to. */
export interface Notice {
  readonly text: string;
  readonly at: SourceRange;
}

export interface TaskEntry extends EntryBase {
  readonly kind: "task";
  readonly type: TaskType;
  readonly args: Value;
  /** A list value, or an expression that gives one. */
  readonly loop: Value | undefined;
  readonly loopLabel: Value | undefined;
  readonly register: string | undefined;
  readonly until: readonly Expression[];
  /** Attempts after the first; Ansible's default of 3 when `until` is given. */
  readonly retries: number;
  /** Seconds between attempts; Ansible's default of 5. */
  readonly delay: number;
}

export interface BlockEntry extends EntryBase {
  readonly kind: "block";
  readonly block: readonly Entry[];
  readonly rescue: readonly Entry[];
  readonly always: readonly Entry[];
}

/** `meta: flush_handlers`: the handlers notified so far run here. */
export interface FlushEntry {
  readonly kind: "flush";
  readonly tags: readonly string[];
  readonly at: SourceRange;
}

export type Entry = TaskEntry | BlockEntry | FlushEntry;

/** A task that runs only on hosts on which it was notified. */
export interface Handler {
  /** Its name as written, no other handler's of the play. */
  readonly name: string;
  /** Other texts that notify it. */
  readonly listen: readonly string[];
  readonly task: TaskEntry;
}

export interface Play {
  readonly name: string;
  /** Its place among all plays of the playbook, from 0, whichever of them are left out. */
  readonly number: number;
  /** Host names the pattern gave, after `--limit`, in inventory order. */
  readonly hosts: readonly string[];
  readonly pattern: string;
  readonly vars: Variables;
  readonly anyErrorsFatal: boolean;
  /** More failed hosts of a batch than this percentage of it end the play; undefined: any number short of all. */
  readonly maxFailPercentage: number | undefined;
  /** `serial` as written. */
  readonly serial: Value | undefined;
  /** `hosts` in the parts that go through the play one after the other; one part without `serial`, none without hosts. */
  readonly batches: readonly (readonly string[])[];
  /** `when` of the imports that the play came through, outermost first; each of its entries has them too. */
  readonly importedWhen: readonly Expression[];
  /** After `--tags` and `--skip-tags`. Blocks left without tasks are gone. */
  readonly entries: readonly Entry[];
  /** In the order in which they run. Tags do not choose among them, as in Ansible. */
  readonly handlers: readonly Handler[];
  readonly at: SourceRange;
}

export interface Playbook {
  readonly file: string;
  readonly plays: readonly Play[];
}
