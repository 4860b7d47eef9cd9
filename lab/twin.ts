import { reportNodeStatuses } from "./bgp/node-status.ts";
import { podProgram } from "./bgp/pod-program.ts";
import { withoutLength } from "./bgp/prefix.ts";
import { reportRouting } from "./bgp/report.ts";
import { computeRouting, type Routing } from "./bgp/routing.ts";
import { SessionHistory } from "./bgp/session-times.ts";
import { pluggedPorts } from "./cabling.ts";
import type { LabCluster, LabFabric, LabNodes, PodOutput, PodProgram } from "./parts.ts";
import type { LabSpec } from "./spec.ts";

/** The three parts that routing depends on. */
export interface TwinParts {
  readonly fabric: LabFabric;
  readonly nodes: LabNodes;
  readonly cluster: LabCluster;
}

/** Keeps what switches and agents report in step with what was configured. */
export interface Twin {
  /** Whether an address of the leaves answers a node; without address: whether all its default gateways do. */
  gatewayAnswers(node: string, address?: string): boolean;
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
 * nodes it takes tenths of a second: then more writes count as one, and what agents report comes as late as on a big cluster.
 */
export function startTwin(spec: LabSpec, parts: TwinParts): Twin {
  /** Ends the waiting for a computation that is due. */
  let waiting: (() => void) | undefined;
  let restedAt = 0;
  let routing: Routing;
  const history = new SessionHistory();

  const compute = () => {
    stopWaiting();
    const began = performance.now();
    parts.fabric.plug(pluggedPorts(spec.nodes, parts.nodes.states()));
    routing = computeRouting({
      asn: spec.fabric.asn,
      objects: parts.fabric.objects(),
      leaves: spec.fabric.leaves,
      cabling: spec.nodes,
      nodes: parts.nodes.states(),
      cluster: parts.cluster,
      outside: spec.fabric.outside,
    });
    const now = new Date();
    history.update(routing.sessions, now);
    reportRouting(routing, spec, parts.fabric, parts.cluster, history.at(now));
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

  const machines = () => {
    parts.cluster.machines(parts.nodes.states());
    soon();
  };

  parts.cluster.machines(parts.nodes.states());
  compute();
  const stops = [parts.fabric.onWrite(soon), parts.nodes.onChange(machines), parts.cluster.onChange(soon)];
  const timer = setInterval(() => reportNodeStatuses(routing, parts.cluster, new Date()), REFRESH).unref();
  return {
    gatewayAnswers: (node, address) => {
      upToDate();
      if (address === undefined) return !routing.unreachable.some((entry) => entry.node === node);
      const answering = routing.gateways.find((entry) => entry.node === node)?.answering ?? [];
      return answering.includes(withoutLength(address));
    },
    exec: (program) => {
      upToDate();
      return podProgram(routing, program, history.at(new Date()));
    },
    close: () => {
      stopWaiting();
      clearInterval(timer);
      for (const stop of stops) stop();
    },
  };
}
