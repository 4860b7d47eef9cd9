import { type BlackHole, blackHoles } from "../../lab/record/black-holes.ts";
import type { NodeCondition, NodeEntry, RecordEntry, Untimed } from "../../lab/record/entry.ts";
import { readRecord, recordFile } from "../../lab/record/read.ts";
import { counted } from "../report/counted.ts";
import { duration } from "../report/duration.ts";
import { oneLine } from "../report/printable.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { LabFlags } from "./lab.ts";
import { labDirectory } from "./lab-directory.ts";

/** `underlay lab events`: what traffic could feel in the lab, running or not, and the black holes in it. */
export function labEvents(flags: LabFlags): ExitCode {
  const directory = labDirectory(flags.inventory ?? []);
  const record = readRecord(directory);
  if (record.length === 0) {
    console.error(`underlay: no lab has written a record here yet (${recordFile(directory)})`);
    return exitCodes.refused;
  }
  const lines =
    flags.output === "json"
      ? record.map((entry) => JSON.stringify(entry))
      : [...eventLines(record).map(oneLine), blackHoleLine(blackHoles(record), record)];
  console.log(lines.join("\n"));
  return exitCodes.done;
}

/** The record of a lab for people, one line an entry, `time  what happened`. A node's line tells only what changed on it. */
export function eventLines(record: readonly RecordEntry[]): string[] {
  const nodes = new Map<string, Untimed<NodeEntry>>();
  return record.flatMap((entry) => {
    if (entry.what === "start") nodes.clear();
    const text = entry.what === "node" ? nodeText(entry, nodes.get(entry.node)) : eventText(entry);
    if (entry.what === "node") nodes.set(entry.node, entry);
    return text === undefined ? [] : [`${entry.time}  ${text}`];
  });
}

function eventText(entry: Exclude<RecordEntry, NodeEntry>): string {
  switch (entry.what) {
    case "start":
      return "lab      starts; what follows at this time is how it begins";
    case "stop":
      return "lab      ends";
    case "session": {
      const reason = entry.reason === undefined ? "" : `: ${entry.reason}`;
      return `session  leaf ${entry.leaf} (${entry.leafAddress}) with ${entry.node} (${entry.nodeAddress}) ${entry.state}${reason}`;
    }
    case "route":
      return `route    leaf ${entry.leaf}, ${entry.vrf}: ${entry.prefix} via ${entry.nextHop} (${entry.node}) ${entry.state}`;
    case "pod":
      return `pod      ${entry.namespace}/${entry.name} ${entry.state === "placed" ? "placed on" : "gone from"} ${entry.node}`;
    default:
      return entry satisfies never;
  }
}

/** The two words for each condition that is either one or the other. */
const WORDS = [
  ["poweredOn", "on", "off"],
  ["containers", "containers run", "containers ended"],
  ["inCluster", "in the cluster", "not in the cluster"],
  ["ready", "Ready", "not Ready"],
  ["cordoned", "cordoned", "not cordoned"],
  ["withdrawn", "withdrawn", "not withdrawn"],
  ["agent", "BGP program runs", "no BGP program"],
] as const satisfies readonly (readonly [keyof NodeCondition, string, string])[];

/** Undefined when nothing of it is for people. */
function nodeText(entry: NodeEntry, before: Untimed<NodeEntry> | undefined): string | undefined {
  const words: string[] = WORDS.flatMap(([name, yes, no]) => (entry[name] === before?.[name] ? [] : entry[name] ? yes : no));
  for (const [name, title] of [
    ["addresses", "addresses"],
    ["podPrefixes", "pods"],
  ] as const) {
    const [now, then] = [entry[name].join(", "), before?.[name].join(", ")];
    if (now !== then) words.push(`${title} ${now === "" ? "none" : now}`);
  }
  return words.length === 0 ? undefined : `node     ${entry.node}: ${words.join(", ")}`;
}

/** How many black holes there were and how long the longest was: the line under the record. */
export function blackHoleLine(holes: readonly BlackHole[], record: readonly RecordEntry[]): string {
  const end = record.at(-1)?.time ?? "";
  const [longest] = holes.toSorted((a, b) => lengthOf(b, end) - lengthOf(a, end));
  if (longest === undefined) return "No black hole: no leaf had a route to a node that could not serve it.";
  const most = `${duration(lengthOf(longest, end))}: leaf ${longest.leaf}, ${longest.prefix}`;
  return `${counted(holes.length, "black hole")}, the longest ${most} via ${longest.nextHop} (${longest.state}): ${longest.reason}`;
}

function lengthOf({ from, to }: BlackHole, end: string): number {
  return Date.parse(to ?? end) - Date.parse(from);
}
