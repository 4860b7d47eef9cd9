import { emptyPlan } from "../../runner/address-plan/compute.ts";
import type { Connections } from "../../runner/connect/connections.ts";
import type { Clock } from "../../runner/engine/clock.ts";
import type { Journal, Resumed } from "../../runner/engine/journal.ts";
import { type RunSummary, runPlaybook } from "../../runner/engine/run.ts";
import type { RunEvent } from "../../runner/event.ts";
import type { Loaded } from "../../runner/load/load.ts";
import type { Host, HostKind, Play } from "../../runner/load/model.ts";
import { failed } from "../../runner/result.ts";
import { at } from "./entries.ts";
import { nameEvaluator } from "./name-evaluator.ts";

/** What a run left behind. */
export interface Ran {
  readonly summary: RunSummary;
  readonly events: readonly RunEvent[];
  /** `host status` of each counted result, in order. */
  readonly results: readonly string[];
}

/** Runs plays. Hosts are nodes unless their name begins with another kind: `apic1`, `leaf1`. */
export async function run(
  plays: readonly Play[],
  options: {
    check?: boolean;
    forks?: number;
    signal?: AbortSignal;
    onEvent?: (event: RunEvent) => void;
    journal?: Journal;
    resumed?: Resumed;
  } = {},
): Promise<Ran> {
  const events: RunEvent[] = [];
  const names = new Set(plays.flatMap((each) => each.hosts));
  names.add("other");
  const hosts = new Map([...names].map((name) => [name, hostNamed(name)]));
  const loaded: Loaded = {
    playbook: { file: "site.yaml", plays },
    inventory: { sources: ["hosts.yaml"], hosts, groups: new Map(), children: new Map(), lab: true },
    extraVars: new Map(),
    secrets: new Set(),
    sources: new Map(),
    evaluator: nameEvaluator(),
    plan: emptyPlan("floating"),
    lacks: [],
    warnings: [],
  };
  const summary = await runPlaybook({
    loaded,
    connections: noConnections,
    check: options.check ?? false,
    forks: options.forks ?? 5,
    clock: fakeClock(),
    emit: (event) => {
      events.push(event);
      options.onEvent?.(event);
    },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.journal === undefined ? {} : { journal: options.journal }),
    ...(options.resumed === undefined ? {} : { resumed: options.resumed }),
  });
  const results = events.flatMap((event) =>
    event.event === "result" && event.item === undefined ? [`${event.host} ${event.status}`] : [],
  );
  return { summary, events, results };
}

function hostNamed(name: string): Host {
  const kinds: readonly HostKind[] = ["apic", "leaf", "localhost"];
  return { name, kind: kinds.find((kind) => name.startsWith(kind)) ?? "node", groups: [], vars: new Map(), at };
}

const noConnections: Connections = {
  open: async () => failed({ kind: "unreachable", doing: "opening", message: "the tests have no connections" }),
  counts: () => ({}),
  close: async () => {},
};

/** Time that passes only by sleeping. */
function fakeClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
  };
}
