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

/**
 * Feeds the BGP model with what was written to the three parts, never with anybody's intent, and reports its outcome back: bgpPeerEntry,
 * routes and what the CNIs report. Computed after every change (writes that follow each other closely count as one), and only then: with many
 * nodes it takes a tenth of a second.
 */
export function startTwin(spec: LabSpec, parts: TwinParts): Twin {
  let waiting = false;
  let routing: Routing;
  const history = new SessionHistory();

  const compute = () => {
    waiting = false;
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
  };
  const soon = () => {
    if (waiting) return;
    waiting = true;
    setImmediate(compute);
  };

  compute();
  const stops = [parts.fabric.onWrite(soon), parts.nodes.onChange(soon), parts.cluster.onChange(soon)];
  const timer = setInterval(() => reportNodeStatuses(routing, parts.cluster, new Date()), REFRESH).unref();
  return {
    gatewayAnswers: (node, address) => {
      if (address === undefined) return !routing.unreachable.some((entry) => entry.node === node);
      const answering = routing.gateways.find((entry) => entry.node === node)?.answering ?? [];
      return answering.includes(withoutLength(address));
    },
    exec: (program) => podProgram(routing, program, history.at(new Date())),
    close: () => {
      clearInterval(timer);
      for (const stop of stops) stop();
    },
  };
}
