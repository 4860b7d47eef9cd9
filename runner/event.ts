import type { ChangeAction } from "./change.ts";
import type { Diagnostic, SourceRange } from "./diagnostic.ts";
import type { Json } from "./json.ts";
import type { Failure } from "./result.ts";

/** Result of one task on one host (design section 6). */
export type TaskStatus = "ok" | "changed" | "skipped" | "failed" | "unreachable" | "unknown";

/** How many results of each kind a host had. */
export type HostRecap = Readonly<Record<TaskStatus, number>>;

/**
 * Everything a run tells. Reporters are exhaustive switches over `event`; the JSON reporter writes each event as one line as it is,
 * so the names here are a public interface. Durations are in milliseconds. No event holds a secret.
 */
export type RunEvent =
  | {
      readonly event: "run";
      /** Of its journal, `.underlay/runs/<id>`; a check has none. */
      readonly id?: string;
      readonly playbook: string;
      readonly inventory: readonly string[];
      readonly check: boolean;
      readonly lab: boolean;
      readonly plays: number;
      readonly tasks: number;
      readonly hosts: number;
    }
  | {
      readonly event: "play";
      readonly play: string;
      readonly index: number;
      readonly hosts: readonly string[];
      /** By the run that this one goes on with: it is not run again. */
      readonly done?: true;
    }
  /** A part of a play's hosts begins (`serial`); told only when there are several parts. `batch` counts from 0. */
  | {
      readonly event: "batch";
      readonly play: string;
      readonly index: number;
      readonly batch: number;
      readonly of: number;
      readonly hosts: readonly string[];
      /** By the run that this one goes on with: it is not run again. */
      readonly done?: true;
    }
  | {
      readonly event: "task";
      readonly id: number;
      readonly task: string;
      readonly type: string;
      readonly steps: readonly number[];
      readonly hosts: readonly string[];
      /** It runs because of a `notify`. */
      readonly handler?: true;
      readonly at: SourceRange;
    }
  | { readonly event: "start"; readonly id: number; readonly task: string; readonly host: string }
  | {
      readonly event: "retry";
      readonly id: number;
      readonly task: string;
      readonly host: string;
      readonly attempt: number;
      readonly of: number;
      readonly reasons: readonly string[];
    }
  | {
      readonly event: "change";
      readonly id: number;
      readonly task: string;
      readonly host: string;
      readonly target: string;
      readonly action: ChangeAction;
      readonly before: Json;
      readonly after: Json;
    }
  | {
      readonly event: "unknown";
      readonly id: number;
      readonly task: string;
      readonly host: string;
      readonly target: string;
      readonly reason: string;
    }
  /** How far a task is that takes its time. */
  | { readonly event: "progress"; readonly id: number; readonly task: string; readonly host: string; readonly text: string }
  | { readonly event: "message"; readonly id: number; readonly task: string; readonly host: string; readonly text: string }
  | {
      readonly event: "result";
      readonly id: number;
      readonly task: string;
      readonly host: string;
      readonly status: TaskStatus;
      /** Carried out, in check mode planned. A `change` event tells what is about to be written; if writing fails it is not counted here. */
      readonly changes: number;
      readonly milliseconds: number;
      /** One item of a loop with several. The result without it comes after all items, is the task's, and the only one that the recap counts. */
      readonly item?: string;
      readonly ignored?: boolean;
      readonly reason?: string;
      readonly failure?: Failure;
      readonly at?: SourceRange;
    }
  | {
      readonly event: "warning";
      readonly message: string;
      readonly task?: string;
      readonly host?: string;
      readonly diagnostic?: Diagnostic;
    }
  | { readonly event: "requests"; readonly connection: string; readonly counts: Readonly<Record<string, number>> }
  | {
      readonly event: "recap";
      readonly hosts: Readonly<Record<string, HostRecap>>;
      readonly changes: number;
      readonly milliseconds: number;
    };

/** Where events go. */
export type Emit = (event: RunEvent) => void;
