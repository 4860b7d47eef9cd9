import path from "node:path";
import { packageRoot } from "../../runner/package-root.ts";
import { type Outcome, type Workplace, workplace } from "../support/command.ts";

/** One cell of the white paper's table: a design of the SVI, a CNI, one or two address families. */
export interface Cell {
  readonly svi: "floating" | "standard";
  readonly cni: "calico" | "kube-router" | "cilium";
  readonly dual: boolean;
}

/** `12 of 12`: what a proof expected and found. */
export interface Count {
  readonly found: number;
  readonly expected: number;
}

/** What the real command made of a cell, from a clean lab. */
export interface CellResult {
  readonly cell: Cell;
  /** First failure, in the command's own words; undefined: all went well. */
  readonly problem: string | undefined;
  /** Sessions as the cluster sees them. */
  readonly sessions: Count;
  /** Sessions and routes as each leaf sees them, in inventory order. */
  readonly leafSessions: readonly Count[];
  readonly leafRoutes: readonly Count[];
  /** Routes of the exposed service, by leaf: the command's words. */
  readonly serviceRoutes: readonly string[];
  /** Changes of the second run, and of the second time the service is exposed. */
  readonly secondRun: number;
  /** Changes that a run made and the check neither predicted nor called unknown, and predicted ones that were not made. */
  readonly surprises: readonly string[];
  readonly milliseconds: number;
}

/** `standard SVI, Cilium, dual stack`. */
export function nameOf({ svi, cni, dual }: Cell): string {
  const names = { calico: "Calico", "kube-router": "kube-router", cilium: "Cilium" };
  return `${svi} SVI, ${names[cni]}, ${dual ? "dual stack" : "IPv4"}`;
}

/** Check, run, run again, expose a service, expose it again: each by the real command in a folder of its own. */
export async function runCell(cell: Cell): Promise<CellResult> {
  const place = workplace();
  const began = performance.now();
  try {
    return { ...(await measure(place, cell)), milliseconds: Math.round(performance.now() - began) };
  } finally {
    place.remove();
  }
}

async function measure(place: Workplace, cell: Cell): Promise<Omit<CellResult, "milliseconds">> {
  const name = `${cell.svi}-svi-${cell.cni}`;
  const inventory = path.join(
    packageRoot,
    "inventory",
    ...(name === "floating-svi-calico" ? ["lab.yaml"] : ["lab", `${name}.yaml`]),
  );
  const more = cell.dual ? ["-e", `@${path.join(packageRoot, "inventory", "ipv6.yaml")}`] : [];
  const run = (playbook: string, ...flags: string[]) =>
    place.underlay([
      "run",
      path.join(packageRoot, "playbooks", `${playbook}.yaml`),
      "-i",
      inventory,
      "--output",
      "json",
      ...more,
      ...flags,
    ]);
  const check = await run(name, "--check");
  const first = await run(name);
  const second = await run(name);
  const exposed = await run("expose-service");
  const again = await run("expose-service");
  const outcomes = { check, first, second, exposed, again };
  const bad = Object.entries(outcomes).find(([, outcome]) => outcome.code !== 0);
  const routes = messages(first, / routes present$/);
  return {
    cell,
    problem: bad === undefined ? undefined : `${bad[0]}: ${failureOf(bad[1])}`,
    sessions: countOf(messages(first, / sessions Established/).find(({ host }) => host === "localhost")?.text),
    leafSessions: messages(first, / sessions Established/)
      .filter(({ host }) => host !== "localhost")
      .map(({ text }) => countOf(text)),
    leafRoutes: routes.map(({ text }) => countOf(text)),
    serviceRoutes: messages(exposed, /\/(32|128) via |: not from this leaf's nodes/).map(({ host, text }) => `${host}: ${text}`),
    secondRun: changesOf(second).length + changesOf(again).length,
    surprises: surprises(check, first),
  };
}

function messages(outcome: Outcome, pattern: RegExp): readonly { readonly host: string; readonly text: string }[] {
  const found = outcome.events
    .filter((event) => event.event === "message")
    .map((event) => ({ host: String(event.host), text: String(event.text) }))
    .filter(({ text }) => pattern.test(text));
  return found.sort((a, b) => (a.host < b.host ? -1 : 1));
}

function countOf(text: string | undefined): Count {
  const [, found, expected] = /(\d+) of (\d+) /.exec(text ?? "") ?? [];
  return { found: Number(found ?? 0), expected: Number(expected ?? 0) };
}

/** What a check and a run must agree on. */
export function changesOf(outcome: Outcome): string[] {
  return outcome.events
    .filter((event) => event.event === "change")
    .map(({ target, action, before, after }) => JSON.stringify({ target, action, before, after }))
    .sort();
}

/** Where a check and the run after it differ. */
export function surprises(check: Outcome, run: Outcome): string[] {
  const unknown = new Set(check.events.filter((event) => event.event === "unknown").map((event) => event.target));
  const predicted = new Set(changesOf(check));
  const made = new Set(changesOf(run));
  const unforeseen = run.events.filter((event) => event.event === "change" && !unknown.has(event.target));
  return [
    ...unforeseen
      .map(({ target, action, before, after }) => JSON.stringify({ target, action, before, after }))
      .filter((change) => !predicted.has(change))
      .map((change) => `not predicted: ${change}`),
    ...[...predicted].filter((change) => !made.has(change)).map((change) => `predicted only: ${change}`),
  ];
}

/** The failures of a run, in one text. */
export function failureOf(outcome: Outcome): string {
  const failures = outcome.events.flatMap((event) =>
    event.event === "result" && (event.status === "failed" || event.status === "unreachable")
      ? [`${String(event.host)} ${JSON.stringify(event.failure ?? event.reason)}`]
      : [],
  );
  return [`exit ${outcome.code}`, ...failures, outcome.stderr.slice(-1500)].join("\n").slice(0, 3000);
}
