/** A transient timer and the service it starts, as `systemd-run --on-active=` makes them. */
export interface Timer {
  /** Without suffix: `underlay-rollback` for `underlay-rollback.timer` and `.service`. */
  readonly unit: string;
  readonly command: readonly string[];
  /** Milliseconds since 1970. */
  readonly due: number;
}

/** What `systemctl is-active` says of a unit. */
export type ActiveState = "active" | "inactive" | "failed";

/** A node's transient systemd units. They live on the node: a lost connection does not touch them. */
export interface Units {
  /** `unit.timer` or `unit.service`; a name without suffix is a service. */
  state(name: string): ActiveState;
  /** Whether systemd knows the unit at all. */
  isLoaded(name: string): boolean;
  startTimer(timer: Timer): void;
  /** Starts a service at once and returns when it has ended, with its exit code. */
  startService(unit: string, command: readonly string[]): Promise<number>;
  /** The command behind a loaded service; undefined when there is none. */
  commandOf(unit: string): readonly string[] | undefined;
  stop(name: string): void;
  resetFailed(): void;
  /** Timers that have not elapsed, to be saved. */
  pending(): readonly Timer[];
  /** Forgets all units, which live in memory only: the machine goes down, or the lab does. Nothing fires any more. */
  clear(): void;
}

/** The unit behind a name as systemctl takes it. */
export function splitUnit(name: string): { readonly unit: string; readonly kind: "timer" | "service" } {
  if (name.endsWith(".timer")) return { unit: name.slice(0, -".timer".length), kind: "timer" };
  return { unit: name.replace(/\.service$/, ""), kind: "service" };
}

/** Transient units of one node. `execute` runs a command as root without input; `changed` is called when a timer comes or goes. */
export function createUnits(execute: (command: readonly string[]) => Promise<number>, changed: () => void): Units {
  const timers = new Map<string, { readonly timer: Timer; readonly clock: NodeJS.Timeout }>();
  const running = new Map<string, readonly string[]>();
  const failed = new Set<string>();

  const startService = async (unit: string, command: readonly string[]): Promise<number> => {
    failed.delete(unit);
    running.set(unit, command);
    const exitCode = await execute(command);
    running.delete(unit);
    if (exitCode !== 0) failed.add(unit);
    return exitCode;
  };
  const stopTimer = (unit: string): void => {
    clearTimeout(timers.get(unit)?.clock);
    if (timers.delete(unit)) changed();
  };

  return {
    state(name) {
      const { unit, kind } = splitUnit(name);
      if (kind === "timer" ? timers.has(unit) : running.has(unit)) return "active";
      return kind === "service" && failed.has(unit) ? "failed" : "inactive";
    },
    isLoaded(name) {
      const { unit, kind } = splitUnit(name);
      return timers.has(unit) || (kind === "service" && (running.has(unit) || failed.has(unit)));
    },
    startTimer(timer) {
      const clock = setTimeout(
        () => {
          stopTimer(timer.unit);
          void startService(timer.unit, timer.command);
        },
        Math.max(0, timer.due - Date.now()),
      );
      timers.set(timer.unit, { timer, clock });
      changed();
    },
    startService,
    commandOf: (unit) => timers.get(unit)?.timer.command ?? running.get(unit),
    stop(name) {
      const { unit, kind } = splitUnit(name);
      if (kind === "timer") stopTimer(unit);
      else running.delete(unit);
    },
    resetFailed: () => failed.clear(),
    pending: () => [...timers.values()].map(({ timer }) => timer),
    clear() {
      for (const { clock } of timers.values()) clearTimeout(clock);
      timers.clear();
      running.clear();
      failed.clear();
    },
  };
}
