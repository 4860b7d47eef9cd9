import { Listr } from "listr2";
import type { RunEvent } from "../event.ts";
import { counted } from "./counted.ts";
import { fileText, placeText } from "./failure-lines.ts";
import { type Paint, paintFor } from "./paint.ts";
import { oneLine } from "./printable.ts";
import { recapRows, recapTable } from "./recap-lines.ts";
import type { Reporter, ReporterOptions } from "./reporter.ts";
import { doneText, type RunTally, runTally } from "./run-tally.ts";
import { TaskView } from "./task-view.ts";
import { wrap } from "./wrap.ts";

/** Milliseconds between two refreshes of what is in progress. */
const REFRESH = 100;
/** Lines below a task in progress, at most: a screen of 24 lines keeps some history. */
const PROGRESS_ROWS = 14;
/** Recap rows before hosts with the same counts share one. */
const RECAP_ROWS = 30;

/**
 * Shows a run live: one task after the other, as the engine runs them, each with the hosts in progress and those that failed; then what
 * came of it. Events may come faster than they can be drawn: what is to be shown waits in line.
 */
export function ttyReporter(options: ReporterOptions): Reporter {
  const paint = paintFor(options.color);
  let line: Promise<void> = Promise.resolve();
  let play = "";
  const tally = runTally();
  let current: { readonly view: TaskView; readonly end: () => void } | undefined;

  const say = (...lines: readonly string[]) => {
    line = line.then(() => options.write(lines.map((text) => `${text}\n`).join("")));
  };
  const endTask = () => {
    current?.end();
    current = undefined;
  };
  const startTask = (event: Extract<RunEvent, { readonly event: "task" }>) => {
    endTask();
    const view = new TaskView(event, play);
    const ended = new Promise<void>((resolve) => {
      current = {
        view,
        end: () => {
          view.end();
          resolve();
        },
      };
    });
    line = line.then(() => show(view, ended, options, paint));
  };

  const emit = (event: RunEvent): void => {
    tally.take(event);
    switch (event.event) {
      case "run":
        say(...runLines(event, paint));
        break;
      case "play":
        endTask();
        play = event.play;
        say("", `${paint.bold(oneLine(event.play))}  ${paint.dim(`${counted(event.hosts.length, "host")}${doneText(event)}`)}`);
        break;
      case "batch":
        endTask();
        say("", paint.dim(`batch ${event.batch + 1} of ${event.of}: ${event.hosts.map(oneLine).join(", ")}${doneText(event)}`));
        break;
      case "task":
        startTask(event);
        break;
      case "start":
      case "retry":
      case "progress":
      case "change":
      case "unknown":
      case "message":
        current?.view.take(event);
        break;
      case "result":
        current?.view.take(event);
        if (current?.view.complete === true) endTask();
        break;
      case "warning":
        current?.view.notice(event.message);
        say(...warningLines(event, options.columns(), paint));
        break;
      case "requests": {
        endTask();
        const counts = Object.entries(event.counts).map(([name, count]) => `${name} ${count}`);
        say(paint.dim(`requests ${event.connection}: ${counts.join(", ")}`));
        break;
      }
      case "recap":
        endTask();
        say(...recapLines(event, tally, options.columns(), paint));
        break;
      default:
        event satisfies never;
    }
  };
  return {
    emit,
    finish: async () => {
      endTask();
      await line;
    },
  };
}

/** Draws a task until it has ended, then leaves its line and its details standing. */
async function show(view: TaskView, ended: Promise<void>, options: ReporterOptions, paint: Paint): Promise<void> {
  const title = () => options.conceal(view.title(paint));
  const list = new Listr(
    [
      {
        title: title(),
        task: async (_context, task) => {
          const refresh = () => {
            task.title = title();
            task.output = options.conceal(view.progress(options.columns(), PROGRESS_ROWS));
          };
          const timer = setInterval(refresh, REFRESH);
          await ended;
          clearInterval(timer);
          task.title = title();
          const { status } = view;
          if (status === "failed" || status === "unreachable") throw new Error(task.title);
          if (status === "skipped") task.skip(task.title);
        },
      },
    ],
    {
      exitOnError: false,
      registerSignalListeners: false,
      renderer: "default",
      rendererOptions: { showErrorMessage: false, showSkipMessage: false },
    },
  );
  await list.run();
  const details = view.details(paint, options.columns(), options.diff);
  if (details.length > 0) options.write(`${details.join("\n")}\n`);
}

function runLines(event: Extract<RunEvent, { readonly event: "run" }>, paint: Paint): readonly string[] {
  const where = `${event.inventory.map(fileText).join(", ")}${event.lab ? ", in the lab" : ""}`;
  const size = [counted(event.plays, "play"), counted(event.tasks, "task"), counted(event.hosts, "host")].join(", ");
  const mode = event.check ? "check: nothing is written" : "run";
  return [`${paint.bold(fileText(event.playbook))}  ${mode}`, paint.dim(`${where} · ${size}`)];
}

function warningLines(event: Extract<RunEvent, { readonly event: "warning" }>, columns: number, paint: Paint): readonly string[] {
  const at = event.diagnostic?.at;
  const place = at === undefined ? "" : paint.dim(`  ${placeText(at)}`);
  const hint = event.diagnostic?.hint;
  const [head = "", ...more] = wrap(`warning: ${oneLine(event.message)}`, columns, 9);
  const lines = [head.replace("warning:", paint.status("warning:", "changed")), ...more];
  return [
    ...lines.slice(0, -1),
    `${lines.at(-1)}${place}`,
    ...(hint === undefined ? [] : wrap(`         ${oneLine(hint)}`, columns, 9)),
  ];
}

function recapLines(
  event: Extract<RunEvent, { readonly event: "recap" }>,
  tally: RunTally,
  columns: number,
  paint: Paint,
): readonly string[] {
  const rows = recapRows(event.hosts, RECAP_ROWS);
  const table = recapTable(rows, columns, (text, status, count) => (count === 0 ? paint.dim(text) : paint.status(text, status)));
  const [head = "", ...body] = table;
  const failures = tally.failures(event).flatMap((text) => wrap(text, columns, 2));
  const again = failures.length === 0 ? [] : ["", ...failures.map((text) => paint.status(text, "failed"))];
  return ["", paint.dim(head), ...body, ...again, "", paint.bold(tally.total(event))];
}
