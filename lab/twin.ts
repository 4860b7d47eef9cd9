import { reportNodeStatuses } from "./bgp/node-status.ts";
import { reportRouting } from "./bgp/report.ts";
import { computeRouting, type Routing } from "./bgp/routing.ts";
import { pluggedPorts } from "./cabling.ts";
import type { LabCluster, LabFabric, LabNodes } from "./parts.ts";
import type { LabSpec } from "./spec.ts";

/** The three parts that routing depends on. */
export interface TwinParts {
  readonly fabric: LabFabric;
  readonly nodes: LabNodes;
  readonly cluster: LabCluster;
}

/** Keeps what switches and agents report in step with what was configured. */
export interface Twin {
  /** Whether a node's default gateway answers it. */
  gatewayAnswers(node: string): boolean;
  close(): void;
}

/** Milliseconds between two looks at what agents report: they refresh their status objects although nothing changed. */
const REFRESH = 1000;

/**
 * Feeds the BGP model with what was written to the three parts, never with anybody's intent, and reports its outcome back: bgpPeerEntry,
 * routes and CalicoNodeStatus. Computed after every change (writes that follow each other closely count as one), and only then: with many
 * nodes it takes a tenth of a second.
 */
export function startTwin(spec: LabSpec, parts: TwinParts): Twin {
  let waiting = false;
  let routing: Routing;
  let unreachable = new Set<string>();

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
    });
    unreachable = new Set(routing.unreachable.map((entry) => entry.node));
    reportRouting(routing, spec, parts.fabric, parts.cluster);
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
    gatewayAnswers: (node) => !unreachable.has(node),
    close: () => {
      clearInterval(timer);
      for (const stop of stops) stop();
    },
  };
}
