import type { Resumed } from "../engine/journal.ts";
import type { JournalLine } from "./lines.ts";

/**
 * What a run has left behind for the one that goes on with it. A batch need not run again when all of it has run, no host dropped out in it or
 * in an earlier play (the later plays have not seen such a host), and nothing that it learned is missing because of a secret. What was learned in
 * a batch that runs again is learned again. Handlers are left that were notified and have not run since.
 */
export function leftBehind(lines: readonly JournalLine[]): Resumed {
  const finished = new Map<string, Resumed["finished"][number]>();
  const notified = new Map<string, Resumed["notified"][number]>();
  const remembered: Resumed["remembered"][number][] = [];
  let learned: Resumed["remembered"][number][] = [];
  let complete = true;
  let firstLoss = Number.POSITIVE_INFINITY;
  const notify = (handler: Resumed["notified"][number]) => notified.set(JSON.stringify(handler), handler);
  const finish = (batch: Resumed["finished"][number]) => finished.set(`${batch.play} ${batch.batch}`, batch);

  for (const line of lines) {
    if (!("line" in line)) continue;
    switch (line.line) {
      case "carried":
        for (const batch of line.finished) finish(batch);
        for (const handler of line.notified) notify({ play: handler.play, host: handler.host, handler: handler.handler });
        remembered.push(...line.remembered);
        break;
      case "remembered":
        learned.push({ host: line.host, name: line.name, value: line.value });
        break;
      case "not kept":
        complete = false;
        break;
      case "notified":
        for (const handler of line.handlers) notify({ play: line.play, host: line.host, handler });
        break;
      case "handled":
        notified.delete(JSON.stringify({ play: line.play, host: line.host, handler: line.handler }));
        break;
      case "finished": {
        const lost = Object.keys(line.left).length > 0;
        if (lost) firstLoss = Math.min(firstLoss, line.play);
        if (!lost && complete && line.play <= firstLoss) {
          finish({ play: line.play, batch: line.batch });
          remembered.push(...learned);
        }
        learned = [];
        complete = true;
        break;
      }
      case "ended":
      case "settled":
        break;
      default:
        line satisfies never;
    }
  }
  return { finished: [...finished.values()], remembered, notified: [...notified.values()] };
}

/** The numbers of the plays that something is left of. */
export function playsOf({ finished, notified }: Resumed): readonly number[] {
  return [...finished, ...notified].map(({ play }) => play);
}
