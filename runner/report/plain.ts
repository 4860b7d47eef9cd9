import type { RunEvent } from "../event.ts";
import { changeSummary, changeTitle } from "./change-lines.ts";
import { counted } from "./counted.ts";
import { duration } from "./duration.ts";
import { failureSummary, fileText, placeText } from "./failure-lines.ts";
import { oneLine, printable } from "./printable.ts";
import { statuses } from "./recap-lines.ts";
import type { Reporter, ReporterOptions } from "./reporter.ts";
import { doneText, type RunTally, runTally } from "./run-tally.ts";

/** One line for each event that says something; no control characters, so it can be logged, mailed and searched. */
export function plainReporter({ write, diff }: Pick<ReporterOptions, "write" | "diff">): Reporter {
  const tally = runTally();
  const told = new Map<string, string>();
  return {
    emit: (event) => {
      tally.take(event);
      if (event.event === "progress") {
        // A task that waits says how far it is at every look: told once, until it changes.
        const subject = `${event.id} ${event.host}`;
        if (told.get(subject) === event.text) return;
        told.set(subject, event.text);
      }
      for (const line of linesOf(event, diff, tally)) write(`${line}\n`);
    },
    finish: async () => {},
  };
}

/** The lines of an event; none for what only a live display needs. */
function linesOf(event: RunEvent, diff: boolean, tally: RunTally): readonly string[] {
  switch (event.event) {
    case "run": {
      const from = `${event.inventory.map(fileText).join(", ")}${event.lab ? " (lab)" : ""}`;
      const size = [counted(event.plays, "play"), counted(event.tasks, "task"), counted(event.hosts, "host")].join(", ");
      return [`${event.check ? "check" : "run"} ${fileText(event.playbook)} on ${from}: ${size}`];
    }
    case "play":
      return [`play ${oneLine(event.play)} on ${hostsText(event.hosts)}${doneText(event)}`];
    case "task":
      return [
        `${event.handler === true ? "handler" : "task"} ${oneLine(event.task)} [${event.type}${event.steps.map((step) => `, step ${step}`).join("")}]`,
      ];
    case "start":
      return [];
    case "retry": {
      const reasons = event.reasons.map(oneLine).join("; ");
      return [`  waiting ${oneLine(event.host)}, attempt ${event.attempt} of ${event.of}: ${reasons}`];
    }
    case "change": {
      const summary = diff ? changeSummary(event) : "";
      return [`  change ${oneLine(event.host)}: ${changeTitle(event).text}${summary === "" ? "" : ` (${summary})`}`];
    }
    case "unknown":
      return [`  unknown ${oneLine(event.host)}: ${oneLine(event.target)}: ${oneLine(event.reason)}`];
    case "message":
      // A table keeps its lines, each with the host: what reads one line at a time can tell whose it is.
      return printable(event.text)
        .trimEnd()
        .split("\n")
        .map((line) => `  message ${oneLine(event.host)}: ${line}`);
    case "result":
      return [`  ${resultLine(event)}`];
    case "warning": {
      const at = event.diagnostic?.at === undefined ? "" : ` at ${placeText(event.diagnostic.at)}`;
      const hint = event.diagnostic?.hint === undefined ? "" : ` | ${oneLine(event.diagnostic.hint)}`;
      return [`warning: ${oneLine(event.message)}${at}${hint}`];
    }
    case "batch":
      return [`batch ${event.batch + 1} of ${event.of}: ${hostsText(event.hosts)}${doneText(event)}`];
    case "progress":
      return [`  ${oneLine(event.host)}: ${oneLine(event.text)}`];
    case "requests": {
      const counts = Object.entries(event.counts).map(([name, count]) => `${name} ${count}`);
      return [`requests ${event.connection}: ${counts.join(", ")}`];
    }
    case "recap":
      return [
        ...Object.entries(event.hosts).map(
          ([host, counts]) => `recap ${oneLine(host)}: ${statuses.map((status) => `${status}=${counts[status]}`).join(" ")}`,
        ),
        ...tally.failures(event),
        `total: ${tally.total(event)}`,
      ];
    default:
      return event satisfies never;
  }
}

/** The hosts by name while that is readable, else how many. */
function hostsText(hosts: readonly string[]): string {
  return hosts.length > 12 ? counted(hosts.length, "host") : hosts.map(oneLine).join(", ");
}

function resultLine(event: Extract<RunEvent, { readonly event: "result" }>): string {
  const item = event.item === undefined ? "" : ` (item ${oneLine(event.item)})`;
  const ignored = event.ignored === true ? ", ignored" : "";
  const changes = event.changes > 0 ? `, ${counted(event.changes, "change")}` : "";
  const head = `${event.status} ${oneLine(event.host)}${item}${ignored}${changes}, ${duration(event.milliseconds)}`;
  // Why something is unknown stands in the lines before.
  const reason = event.reason === undefined || event.status === "unknown" ? "" : `: ${oneLine(event.reason)}`;
  const failure = event.failure === undefined ? "" : `: ${failureSummary({ at: event.at, failure: event.failure })}`;
  return `${head}${reason}${failure}`;
}
