import { Type } from "#typebox";
import type { Change } from "../../runner/change.ts";
import { failed, ok } from "../../runner/result.ts";
import type { Observation } from "../../runner/task.ts";
import type { PreparedTask, TaskPlan, TaskType } from "../../runner/task-type.ts";

/** What a fake task type does on one host. */
export interface Behaviour {
  readonly changes?: readonly Change[];
  readonly unknown?: string;
  /** What stays, and why. */
  readonly stays?: readonly string[];
  /** Fails instead of planning. */
  readonly broken?: "failed" | "unreachable";
  /** Plans, but cannot write. */
  readonly unwritable?: boolean;
}

/** A change of something. */
export const change = (target: string): Change => ({ target, action: "create", before: null, after: { name: target } });

/** Everything that happened, in the order it happened: `plan web1`, `apply web1`, `observe web1`. */
export type Log = string[];

/** An action task type: what it does is asked for each host and attempt. */
export function writes(log: Log, behave: (host: string, args: unknown) => Behaviour, on: TaskType["on"] = "node"): TaskType {
  return taskType("action", on, (host, args) => ({
    form: "action",
    warnings: [],
    plan: async () => {
      log.push(`plan ${host}`);
      const { changes = [], unknown, stays, broken, unwritable } = behave(host, args);
      if (broken !== undefined) return failed({ kind: broken, doing: "planning", message: `${host} said no` });
      const plan: TaskPlan = {
        changes,
        unknown: unknown === undefined ? [] : [{ target: "it", reason: unknown }],
        ...(stays === undefined ? {} : { warnings: stays }),
        facts: { host },
        project: () => void log.push(`project ${host}`),
        apply: async () => {
          log.push(`apply ${host}`);
          return unwritable ? failed({ kind: "failed", doing: "writing", message: "read-only" }) : ok({});
        },
      };
      return ok(plan);
    },
  }));
}

/** A probe: what it sees is asked for at each look. */
export function looks(log: Log, see: (host: string, look: number) => Observation, timeout?: number): TaskType {
  return taskType("probe", "node", (host) => {
    let look = 0;
    return {
      form: "probe",
      warnings: [],
      timeout,
      begin: async () => {
        log.push(`begin ${host}`);
        return ok(undefined);
      },
      observe: async () => {
        log.push(`observe ${host}`);
        look += 1;
        return ok(see(host, look));
      },
      end: async () => {
        log.push(`end ${host}`);
        return ok(undefined);
      },
    };
  });
}

function taskType(form: TaskType["form"], on: TaskType["on"], bind: (host: string, args: unknown) => PreparedTask): TaskType {
  const words = { name: "test.thing", summary: "", steps: [], notes: [], example: "", args: Type.Object({}) };
  return { ...words, form, on, prepare: (args, host) => ({ ok: true, value: bind(host, args) }) };
}
