import type { HostRecap, RunEvent } from "../event.ts";
import { counted } from "./counted.ts";
import { duration } from "./duration.ts";
import { hostsText } from "./failure-lines.ts";
import { oneLine } from "./printable.ts";

type EventOf<Name extends RunEvent["event"]> = Extract<RunEvent, { readonly event: Name }>;

/** What stands behind a play or a batch that the interrupted run has been through. */
export function doneText({ done }: EventOf<"play" | "batch">): string {
  return done === true ? ": done by the earlier run" : "";
}

/** What a reporter remembers of a whole run for its last lines. */
export interface RunTally {
  readonly take: (event: RunEvent) => void;
  /** Each failure once more in one line, for who sees only the end: `failed worker-1: Bond and address: exit code 78`. */
  failures(recap: EventOf<"recap">): readonly string[];
  /** `141 changes in 7.5 s`, `133 changes to make, 25 not foreseeable, in 1.5 s: nothing was written`. */
  total(recap: EventOf<"recap">): string;
}

export function runTally(): RunTally {
  let check = false;
  let unknowns = 0;
  const failures: { readonly task: string; readonly host: string; readonly kind: string; readonly message: string }[] = [];
  const take = (event: RunEvent): void => {
    if (event.event === "run") check = event.check;
    if (event.event === "unknown") unknowns += 1;
    if (event.event === "result" && event.failure !== undefined && event.item === undefined && event.ignored !== true) {
      const { task, host, failure } = event;
      failures.push({ task, host, kind: failure.kind, message: firstLine(failure.message) });
    }
  };
  return {
    take,
    failures: ({ hosts }) => {
      const grouped = new Map<string, { readonly of: (typeof failures)[number]; readonly on: string[] }>();
      // What a rescue put right is not told again.
      for (const failure of failures.filter(({ host }) => failedOn(hosts[host]))) {
        const key = JSON.stringify([failure.task, failure.kind, failure.message]);
        const known = grouped.get(key);
        if (known === undefined) grouped.set(key, { of: failure, on: [failure.host] });
        else known.on.push(failure.host);
      }
      return [...grouped.values()].map(({ of, on }) => `${of.kind} ${hostsText(on)}: ${oneLine(of.task)}: ${of.message}`);
    },
    total: ({ changes, hosts, milliseconds }) => {
      const failed = Object.values(hosts).filter(({ failed: count }) => count > 0).length;
      const unreachable = Object.values(hosts).filter(({ unreachable: count }) => count > 0).length;
      const parts = [
        `${counted(changes, "change")}${check ? " to make" : ""}`,
        ...(unknowns === 0 ? [] : [`${unknowns} not foreseeable`]),
        ...(failed === 0 ? [] : [`${counted(failed, "host")} failed`]),
        ...(unreachable === 0 ? [] : [`${counted(unreachable, "host")} unreachable`]),
      ];
      const took = `${parts.length === 1 ? " " : ", "}in ${duration(milliseconds)}`;
      return `${parts.join(", ")}${took}${check ? ": nothing was written" : ""}`;
    },
  };
}

/** The first line, and how many are told only where it happened. */
function firstLine(message: string): string {
  const [first = "", ...rest] = message.trim().split("\n");
  return `${oneLine(first)}${rest.length === 0 ? "" : ` … and ${counted(rest.length, "more line")}`}`;
}

function failedOn(recap: HostRecap | undefined): boolean {
  return recap !== undefined && recap.failed + recap.unreachable > 0;
}
