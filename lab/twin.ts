import { attemptsOf } from "./bgp/attempts.ts";
import { NeighbourSwitches } from "./bgp/neighbour-switches.ts";
import { reportNodeStatuses } from "./bgp/node-status.ts";
import { podProgram } from "./bgp/pod-program.ts";
import { withoutLength } from "./bgp/prefix.ts";
import { reportRouting } from "./bgp/report.ts";
import { type Routing, routingOf } from "./bgp/routing.ts";
import { SessionLives } from "./bgp/session-lives.ts";
import { SessionHistory } from "./bgp/session-times.ts";
import { pluggedPorts } from "./cabling.ts";
import type { LabCluster, LabFabric, LabNodes, PodOutput, PodProgram } from "./parts.ts";
import { Recorder } from "./record/recorder.ts";
import type { Faults, LabSpec } from "./spec.ts";
import type { StateFile } from "./state.ts";

/** The three parts that routing depends on. */
export interface TwinParts {
  readonly fabric: LabFabric;
  readonly nodes: LabNodes;
  readonly cluster: LabCluster;
}

/** What the twin is started with besides. */
export interface TwinOptions {
  /** What running programs were told by hand. */
  readonly state: StateFile;
  /** `time.speed` makes every delay shorter. */
  readonly faults: Faults;
}

/** Keeps what switches and agents report in step with what was configured. */
export interface Twin {
  /** Whether an address of the leaves answers a node's packet of so many bytes; without address: whether all its default gateways do. */
  gatewayAnswers(node: string, address?: string, bytes?: number): boolean;
  /** What a program in a CNI's pod says about BGP. */
  exec(program: PodProgram): PodOutput;
  close(): void;
}

/** Milliseconds between two looks at what agents report: they refresh their status objects although nothing changed. */
const REFRESH = 1000;

/** Milliseconds that a computation may take without a rest after it: any cluster of a few dozen nodes. */
const BRIEF = 50;
/** The rest after a longer one, as a multiple of it: runner and lab share one processor, and kubectl writes 128 objects one by one. */
const REST = 4;

/**
 * Feeds the BGP model with what was written to the three parts, never with anybody's intent, and reports its outcome back: bgpPeerEntry,
 * routes and what the CNIs report. Computed after every change (writes that follow each other closely count as one), and only then. With many
 * nodes it takes tenths of a second: then more writes count as one, and what agents report comes as late as on a big cluster. Sessions do
 * not end with their configuration but when their ends notice (SessionLives); what traffic could feel goes into the lab's record.
 */
export function startTwin(spec: LabSpec, parts: TwinParts, { state, faults }: TwinOptions): Twin {
  /** Ends the waiting for a computation that is due. */
  let waiting: (() => void) | undefined;
  let restedAt = 0;
  let routing: Routing;
  let alarm: NodeJS.Timeout | undefined;
  const history = new SessionHistory();
  const lives = new SessionLives(Number(faults.get("time.speed") ?? 1));
  const recorder = new Recorder(spec);
  const stopped = new Set<string>();
  const switches = new NeighbourSwitches(state.read(), () => {
    state.write(() => switches);
    soon();
  });

  const compute = () => {
    stopWaiting();
    const began = performance.now();
    clearTimeout(alarm);
    const machines = parts.nodes.states();
    parts.fabric.plug(pluggedPorts(spec.nodes, machines));
    const input = {
      asn: spec.fabric.asn,
      objects: parts.fabric.objects(),
      leaves: spec.fabric.leaves,
      cabling: spec.nodes,
      nodes: machines,
      cluster: parts.cluster,
      outside: spec.fabric.outside,
      switches,
    };
    const attempts = attemptsOf(input);
    const now = new Date();
    const standing = lives.step(attempts, stopped, now.getTime());
    routing = routingOf(input, attempts, standing);
    history.update(routing.sessions, now);
    reportRouting(routing, spec, parts.fabric, parts.cluster, history.at(now));
    recorder.note({ routing, machines, cluster: parts.cluster }, standing.downs, now);
    if (standing.next !== undefined) alarm = setTimeout(soon, standing.next - now.getTime()).unref();
    const ended = performance.now();
    restedAt = ended - began > BRIEF ? ended + REST * (ended - began) : 0;
  };
  const stopWaiting = () => {
    waiting?.();
    waiting = undefined;
  };
  const soon = () => {
    if (waiting !== undefined) return;
    const rest = restedAt - performance.now();
    if (rest > 0) {
      const timer = setTimeout(compute, rest).unref();
      waiting = () => clearTimeout(timer);
    } else {
      const immediate = setImmediate(compute);
      waiting = () => clearImmediate(immediate);
    }
  };
  /** Who asks directly gets no answer of yesterday. */
  const upToDate = () => {
    if (waiting !== undefined) compute();
  };

  /** Hears of every change, also of those that follow each other too closely to be computed one by one. */
  const machines = () => {
    const states = parts.nodes.states();
    for (const { poweredOn, containers, bootId } of states) {
      if (poweredOn && !containers) stopped.add(bootId);
      else if (containers) stopped.delete(bootId);
    }
    parts.cluster.machines(states);
    soon();
  };

  machines();
  compute();
  const stops = [parts.fabric.onWrite(soon), parts.nodes.onChange(machines), parts.cluster.onChange(soon)];
  const timer = setInterval(() => reportNodeStatuses(routing, parts.cluster, new Date()), REFRESH).unref();
  return {
    gatewayAnswers: (node, address, bytes = 0) => {
      upToDate();
      if (address === undefined) return !routing.unreachable.some((entry) => entry.node === node);
      const largest = routing.gateways.find((entry) => entry.node === node)?.answering.get(withoutLength(address));
      return largest !== undefined && bytes <= largest;
    },
    exec: (program) => {
      upToDate();
      return podProgram(routing, program, history.at(new Date()), switches);
    },
    close: () => {
      stopWaiting();
      clearTimeout(alarm);
      clearInterval(timer);
      state.flush();
      recorder.close(new Date());
      for (const stop of stops) stop();
    },
  };
}
