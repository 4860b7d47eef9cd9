import type { RunEvent } from "../event.ts";
import { counted } from "../report/counted.ts";
import { hostsText } from "../report/failure-lines.ts";
import { oneLine } from "../report/printable.ts";

/** What a run is doing at the moment. */
export interface InProgress {
  /** Takes in an event of the run. */
  readonly take: (event: RunEvent) => void;
  /** For who ends it right now: `"Node labels" was running on localhost, and writing Node worker-1 and 2 more`. */
  text(): string;
}

interface Running {
  readonly task: string;
  readonly host: string;
  /** What it has said it will write: some of it may be there already. */
  readonly targets: string[];
}

/** Follows which tasks run on which hosts and what they have announced to write. */
export function inProgress(): InProgress {
  const running = new Map<string, Running>();
  return {
    take: (event) => {
      if (!("id" in event) || event.id === undefined || !("host" in event)) return;
      const key = `${event.id} ${event.host}`;
      if (event.event === "start") running.set(key, { task: event.task, host: event.host, targets: [] });
      if (event.event === "change") running.get(key)?.targets.push(event.target);
      if (event.event === "result" && event.item === undefined) running.delete(key);
    },
    text: () => {
      const all = [...running.values()];
      const [first] = all;
      if (first === undefined) return "nothing was running";
      const targets = [...new Set(all.flatMap((each) => each.targets))].map(oneLine);
      const [target, ...more] = targets;
      const writing =
        target === undefined
          ? "it was writing nothing"
          : `it was writing ${target}${more.length > 0 ? ` and ${counted(more.length, "more thing")}` : ""}`;
      return `"${oneLine(first.task)}" was running on ${hostsText(all.map(({ host }) => host))}; ${writing}`;
    },
  };
}
