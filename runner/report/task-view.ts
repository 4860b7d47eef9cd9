import type { RunEvent, TaskStatus } from "../event.ts";
import type { Failure } from "../result.ts";
import { changeBlock, type HostChange } from "./change-block.ts";
import { counted } from "./counted.ts";
import { duration } from "./duration.ts";
import { type FailedTask, failureLines, onHosts } from "./failure-lines.ts";
import type { Paint } from "./paint.ts";
import { oneLine, printable } from "./printable.ts";
import { statuses } from "./recap-lines.ts";
import { wrap } from "./wrap.ts";

type EventOf<Name extends RunEvent["event"]> = Extract<RunEvent, { readonly event: Name }>;

/** Hosts that something was the same for. */
interface Shared<T> {
  readonly what: T;
  readonly hosts: string[];
}

/**
 * One task on the terminal: what its hosts are doing while it runs, and what came of it. What is the same on several hosts is shown
 * once, so that 200 hosts fit a screen.
 */
export class TaskView {
  readonly #task: EventOf<"task">;
  readonly #play: string;
  readonly #since = performance.now();
  #ended: number | undefined;
  #notice: string | undefined;
  /** Hosts in progress, with what they wait for. */
  readonly #running = new Map<string, string>();
  readonly #results = new Map<string, EventOf<"result">>();
  readonly #failures: { readonly host: string; readonly event: EventOf<"result">; readonly failure: Failure }[] = [];
  readonly #changes: HostChange[] = [];
  readonly #messages = new Map<string, Shared<string>>();
  readonly #unknowns = new Map<string, Shared<{ readonly target: string; readonly reason: string }>>();

  constructor(task: EventOf<"task">, play: string) {
    this.#task = task;
    this.#play = play;
  }

  get id(): number {
    return this.#task.id;
  }

  /** Every host has its result. */
  get complete(): boolean {
    return this.#results.size >= this.#task.hosts.length;
  }

  get status(): TaskStatus {
    const found = new Set([...this.#results.values()].map((result) => (result.ignored === true ? "ok" : result.status)));
    const order = ["failed", "unreachable", "unknown", "changed", "ok", "skipped"] as const;
    return order.find((status) => found.has(status)) ?? "skipped";
  }

  end(): void {
    this.#ended ??= performance.now();
  }

  /** Takes in an event of this task. */
  take(event: EventOf<"start" | "retry" | "progress" | "change" | "unknown" | "message" | "result">): void {
    switch (event.event) {
      case "start":
        this.#running.set(event.host, "");
        return;
      case "retry":
        this.#running.set(event.host, `${event.attempt}/${event.of} ${event.reasons.map(oneLine).join("; ")}`);
        return;
      case "progress":
        if (this.#running.has(event.host)) this.#running.set(event.host, oneLine(event.text));
        return;
      case "change":
        this.#changes.push({ host: event.host, change: event });
        return;
      case "unknown":
        share(this.#unknowns, { target: event.target, reason: event.reason }, event.host);
        return;
      case "message":
        share(this.#messages, event.text, event.host);
        return;
      case "result":
        this.#takeResult(event);
        return;
      default:
        event satisfies never;
    }
  }

  /** Something said while the task runs; it is shown below the task until that has ended. */
  notice(text: string): void {
    this.#notice = oneLine(text);
  }

  #takeResult(event: EventOf<"result">): void {
    const { host, item, failure } = event;
    const told = this.#failures.some((known) => known.host === host);
    if (failure !== undefined && (item !== undefined || !told)) {
      this.#failures.push({ host, event, failure });
    }
    if (item !== undefined) return;
    this.#running.delete(host);
    this.#results.set(host, event);
  }

  /** Name with the paper's step, how far it is or what came of it, and how long it took. */
  title(paint: Paint): string {
    const { task, steps, hosts } = this.#task;
    const step = steps.length > 0 && !/\bstep\b/i.test(task) ? `Step ${steps.join(", ")} - ` : "";
    const took = duration(Math.round((this.#ended ?? performance.now()) - this.#since));
    const name = `${step}${oneLine(task)}`;
    if (this.#ended !== undefined) return `${name}  ${this.#outcome(paint)}  ${paint.dim(took)}`;
    const many = hosts.length > 1 ? `${this.#results.size} of ${hosts.length} hosts · ` : "";
    return `${name}  ${paint.dim(many + took)}`;
  }

  #outcome(paint: Paint): string {
    const results = [...this.#results.values()];
    const changes = results.reduce((sum, result) => sum + result.changes, 0);
    const parts = statuses.flatMap((status) => {
      const count = results.filter((result) => result.status === status).length;
      if (count === 0) return [];
      const one = this.#task.hosts.length === 1;
      if (one && status === "changed" && changes > 0) return [paint.status(counted(changes, "change"), status)];
      const more = status === "changed" ? `, ${counted(changes, "change")}` : "";
      return [paint.status(`${one ? status : `${count} ${status}`}${more}`, status)];
    });
    if (results.some((result) => result.ignored === true)) parts.push(paint.dim("(ignored)"));
    return parts.length === 0 ? paint.dim("not run") : parts.join(" · ");
  }

  /** Hosts in progress and failed hosts, one line each, at most so many. */
  progress(columns: number, rows: number): string {
    const failed = this.#failures.map(({ host, failure }) => `✖ ${host}  ${oneLine(failure.message)}`);
    const running =
      this.#task.hosts.length > 1 || this.#failures.length > 0 || [...this.#running.values()].some((text) => text !== "");
    const busy = running ? [...this.#running].map(([host, waiting]) => (waiting === "" ? host : `${host}  ${waiting}`)) : [];
    const said = this.#notice === undefined ? [] : [this.#notice];
    const lines = [
      ...said,
      ...limited(failed, Math.ceil(rows / 2), "failed"),
      ...limited(busy, Math.floor(rows / 2), "in progress"),
    ];
    return lines.map((text) => cut(text, columns - 8)).join("\n");
  }

  /** What is left to say when the task has ended: changes when they are wanted, unknowns, messages, failures. */
  details(paint: Paint, columns: number, diff: boolean): readonly string[] {
    const lines: string[] = [];
    if (diff) lines.push(...changeBlock(this.#changes, { columns, hosts: this.#task.hosts.length, paint }));
    for (const { what, hosts } of this.#sharedUnknowns()) {
      const tone = (text: string) => paint.status(text, "unknown");
      lines.push(...this.#withHosts(wrap(`    ? ${oneLine(what)}`, columns, 6), hosts, columns, paint, tone));
    }
    for (const { what, hosts } of this.#messages.values()) {
      const text = printable(what).trimEnd().split("\n");
      const wrapped = text.flatMap((each, index) =>
        wrap(`${index === 0 ? "    " : "      "}${each}`, columns, index === 0 ? 6 : 8),
      );
      lines.push(...this.#withHosts(wrapped, hosts, columns, paint));
    }
    for (const { what, hosts } of this.#sharedFailures()) {
      const [heading = "", ...rest] = failureLines({ ...what, hosts });
      const head = wrap(`  ${heading}`, columns, 4).map((text) => paint.status(text, "failed"));
      lines.push("", ...head, ...rest.flatMap((text) => wrap(`  ${text}`, columns, 14)));
    }
    return lines;
  }

  /** Failures that differ in nothing but the host are one. */
  #sharedFailures(): Iterable<Shared<Omit<FailedTask, "hosts">>> {
    const failures = new Map<string, Shared<Omit<FailedTask, "hosts">>>();
    for (const { host, event, failure } of this.#failures) {
      share(failures, { play: this.#play, task: this.#task.task, item: event.item, at: event.at, failure }, host);
    }
    return failures.values();
  }

  /** What cannot be foreseen, told once for each reason; a task type that only looks is not named again. */
  #sharedUnknowns(): readonly Shared<string>[] {
    const reasons = new Map<string, Shared<string> & { readonly targets: string[] }>();
    for (const { what, hosts } of this.#unknowns.values()) {
      const key = JSON.stringify([what.reason, hosts]);
      const targets = what.target === this.#task.type ? [] : [what.target];
      const known = reasons.get(key);
      if (known === undefined) reasons.set(key, { what: what.reason, hosts, targets });
      else known.targets.push(...targets);
    }
    return [...reasons.values()].map(({ what, hosts, targets }) => ({
      what: targets.length === 0 ? what : `${targets.join(", ")}: ${what}`,
      hosts,
    }));
  }

  /** Lines with the hosts they are about behind the last, or below when there is no room. */
  #withHosts(
    lines: readonly string[],
    hosts: readonly string[],
    columns: number,
    paint: Paint,
    tone: (text: string) => string = (text) => text,
  ): readonly string[] {
    const on = onHosts(hosts, this.#task.hosts.length);
    const last = lines.at(-1) ?? "";
    if (last.length + on.length > columns) return [...lines.map(tone), ...wrap(`    ${on}`, columns, 9).map(paint.dim)];
    return [...lines.slice(0, -1).map(tone), `${tone(last)}${paint.dim(on)}`];
  }
}

function share<T>(into: Map<string, Shared<T>>, what: T, host: string): void {
  const key = JSON.stringify(what);
  const known = into.get(key);
  if (known === undefined) into.set(key, { what, hosts: [host] });
  else if (!known.hosts.includes(host)) known.hosts.push(host);
}

function limited(lines: readonly string[], most: number, what: string): readonly string[] {
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `… and ${lines.length - most + 1} more ${what}`];
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`;
}
