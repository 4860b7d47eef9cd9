import type { ErrorObject } from "ajv";
import type { TObject, TSchema } from "#typebox";
import type { Change, Unknown } from "./change.ts";
import type { Connections, Place, ReaderOf, WriterOf } from "./connect/connections.ts";
import type { Json } from "./json.ts";
import { failed, ok, type Result } from "./result.ts";
import { type Checked, check } from "./schema.ts";
import type {
  ActionTask,
  DeclaredTask,
  During,
  Elsewhere,
  LocalTask,
  Observation,
  ProbeTask,
  Refusal,
  TaskContext,
  TaskForm,
  TaskTypeBase,
} from "./task.ts";

/** What a task would do on one host. */
export interface TaskPlan {
  readonly changes: readonly Change[];
  readonly unknown: readonly Unknown[];
  /** What was left as it is on purpose, and why. */
  readonly warnings?: readonly string[];
  readonly facts: Readonly<Record<string, Json>>;
  /** Check mode: later tasks see the planned changes. */
  project(): void;
  /**
   * Writes, reads back, compares again. Fails without writing when the connections were opened for check mode. Gives facts that only
   * carrying it out could tell.
   */
  apply(progress: Progress): Promise<Result<Readonly<Record<string, Json>>>>;
}

/** What a task that takes its time is given: where to say how far it is, and whether the user wants to stop. */
export type Progress = Pick<During, "tell" | "signal">;

/** A task with its arguments checked, ready for one host. */
export type PreparedTask =
  | {
      readonly form: "declared" | "action";
      readonly warnings: readonly string[];
      plan(connections: Connections): Promise<Result<TaskPlan>>;
    }
  | {
      readonly form: "probe" | "local";
      readonly warnings: readonly string[];
      /** Seconds to keep looking; undefined: once. */
      readonly timeout: number | undefined;
      /** Makes the probe's temporary objects; nothing in check mode. */
      begin(connections: Connections): Promise<Result<void>>;
      observe(connections: Connections): Promise<Result<Observation>>;
      /** Removes them again, also after a failure. */
      end(connections: Connections): Promise<Result<void>>;
    };

/** A task type as the registry, the loader and the engine see it, whatever its arguments are. */
export interface TaskType {
  readonly name: string;
  readonly summary: string;
  readonly steps: readonly number[];
  readonly form: TaskForm;
  readonly on: Place | "any";
  /** Its arguments become variables of the host for the rest of the run (`set_fact`). */
  readonly setsVariables?: true;
  readonly args: TObject;
  readonly notes: readonly string[];
  readonly example: string;
  /** Checks rendered arguments and binds them to a host. Errors are ajv's, for the loader to place in the file. */
  prepare(args: unknown, host: string, checkMode: boolean): Checked<PreparedTask>;
}

/** All task types of a run, by name. */
export type TaskRegistry = ReadonlyMap<string, TaskType>;

/** Registers a task type that declares resources; place and schema are inferred. */
export function declareTask<P extends Exclude<Place, "leaf">, S extends TObject>(
  task: Omit<DeclaredTask<P, S>, "form">,
): TaskType {
  return register(task, "declared", (context, warnings) => ({
    form: "declared",
    warnings,
    plan: async (connections) => {
      const opened = await connections.open(task.on, context.host);
      if (!opened.ok) return opened;
      const connection = opened.value;
      const planned = await connection.plan(task.desired(context));
      if (!planned.ok) return planned;
      const { writer } = connection;
      return ok({
        changes: planned.value.changes,
        unknown: planned.value.unknown,
        warnings: planned.value.warnings ?? [],
        facts: {},
        project: () => planned.value.project(),
        apply: async () => {
          if (writer === undefined) return readOnly(task.name);
          const applied = await planned.value.apply(writer);
          return applied.ok ? ok({}) : applied;
        },
      });
    },
  }));
}

/** Registers an action task type. After applying, it is planned again and must find nothing left to do. */
export function actionTask<P extends Place, S extends TObject>(task: Omit<ActionTask<P, S>, "form">): TaskType {
  return register(task, "action", (context, warnings) => ({
    form: "action",
    warnings,
    plan: async (connections) => {
      const opened = await connections.open(task.on, context.host);
      if (!opened.ok) return opened;
      const { reader, writer } = opened.value;
      const elsewhere = elsewhereOf(connections);
      const planned = await task.plan(reader, context, elsewhere);
      if (!planned.ok) return planned;
      return ok({
        changes: planned.value.changes,
        unknown: planned.value.unknown ?? [],
        warnings: planned.value.warnings ?? [],
        facts: planned.value.facts ?? {},
        project: () => planned.value.project?.(),
        apply: async (progress) => {
          if (writer === undefined) return readOnly(task.name);
          const applied = await planned.value.apply(writer, { ...progress, at: writableOf(connections, task.name) });
          if (!applied.ok) return applied;
          const again = await task.plan(reader, context, elsewhere);
          if (!again.ok) return again;
          const left = again.value.changes.filter((change) => change.action !== "run");
          if (left.length === 0) return ok(applied.value ?? {});
          return failed({
            kind: "failed",
            doing: `${task.name}: reading back`,
            message: `still different after the change: ${left.map((change) => change.target).join(", ")}`,
            next: "something else writes here too, or the system refused the value in silence: look at the targets named",
          });
        },
      });
    },
  }));
}

/** Registers a probe; an argument `timeout` (seconds) makes it wait. */
export function probeTask<P extends Place, S extends TObject>(task: Omit<ProbeTask<P, S>, "form">): TaskType {
  return register(task, "probe", (context, warnings) => {
    const temporary = task.temporary?.(context);
    return {
      form: "probe",
      warnings,
      timeout: timeoutOf(context.args),
      begin: async (connections) => write(connections, task.on, context.host, temporary?.create),
      observe: async (connections) => {
        const opened = await connections.open(task.on, context.host);
        return opened.ok ? task.observe(opened.value.reader, context, elsewhereOf(connections)) : opened;
      },
      end: async (connections) => write(connections, task.on, context.host, temporary?.remove),
    };
  });
}

/** Registers a task type that needs no connection. */
export function localTask<S extends TObject>(task: Omit<LocalTask<S>, "form" | "on">): TaskType {
  return register({ ...task, on: "any" }, "local", (context, warnings) => ({
    form: "local",
    warnings,
    timeout: undefined,
    begin: async () => ok(undefined),
    observe: async () => task.observe(context),
    end: async () => ok(undefined),
  }));
}

/** The run's connections without their writers. */
function elsewhereOf(connections: Connections): Elsewhere {
  return {
    at: async (place, host) => {
      const opened = await connections.open(place, host);
      if (!opened.ok) return opened;
      const { reader } = opened.value;
      return ok({ reader, plan: (resources) => opened.value.plan(resources) });
    },
  };
}

/** The run's connections with their writers, which check mode has not. */
function writableOf(connections: Connections, name: string): During["at"] {
  return async (place, host) => {
    const opened = await connections.open(place, host);
    if (!opened.ok) return opened;
    const { reader, writer } = opened.value;
    return writer === undefined ? readOnly(name) : ok({ reader, writer, plan: (resources) => opened.value.plan(resources) });
  };
}

/** Writes what is not a change; does nothing when there is no writer. */
async function write<P extends Place>(
  connections: Connections,
  place: P,
  host: string,
  body: ((writer: WriterOf[P], reader: ReaderOf[P]) => Promise<Result<void>>) | undefined,
): Promise<Result<void>> {
  if (body === undefined) return ok(undefined);
  const opened = await connections.open(place, host);
  if (!opened.ok) return opened;
  const { reader, writer } = opened.value;
  return writer === undefined ? ok(undefined) : body(writer, reader);
}

function register<S extends TObject>(
  task: TaskTypeBase<S> & { readonly on: Place | "any"; readonly setsVariables?: true },
  form: TaskForm,
  bind: (context: TaskContext<S>, warnings: readonly string[]) => PreparedTask,
): TaskType {
  const { name, summary, steps, on, args, notes, example } = task;
  const schema: TSchema & S = args;
  return {
    name,
    summary,
    steps,
    form,
    on,
    ...(task.setsVariables ? { setsVariables: task.setsVariables } : {}),
    args,
    notes,
    example,
    prepare: (value, host, checkMode) => {
      const checked = check(schema, value);
      if (!checked.ok) return checked;
      const refused = task.refuse?.(checked.value) ?? [];
      if (refused.length > 0) return { ok: false, errors: refused.map(asSchemaError) };
      return { ok: true, value: bind({ args: checked.value, host, check: checkMode }, task.warn?.(checked.value) ?? []) };
    },
  };
}

/** A refusal travels with the schema's own errors, so that both are placed and told in one way. */
function asSchemaError({ argument, message, hint }: Refusal): ErrorObject {
  const escaped = argument.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  return { keyword: "refused", instancePath: escaped.join(""), schemaPath: "#/refused", params: { hint }, message };
}

function timeoutOf(args: object): number | undefined {
  const timeout: unknown = "timeout" in args ? args.timeout : undefined;
  return typeof timeout === "number" ? timeout : undefined;
}

function readOnly(name: string): Result<never> {
  return failed({
    kind: "failed",
    doing: name,
    message: "check mode has no writer",
    next: "this is a bug in underlay: please report it",
  });
}
