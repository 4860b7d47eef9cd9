import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { attemptsOf, type RoutingInput } from "../../../lab/bgp/attempts.ts";
import { NeighbourSwitches } from "../../../lab/bgp/neighbour-switches.ts";
import { type Routing, routingOf } from "../../../lab/bgp/routing.ts";
import { type LivedStanding, SessionLives } from "../../../lab/bgp/session-lives.ts";
import type { LabKubeObject, LabNodeState } from "../../../lab/parts.ts";
import type { RecordEntry } from "../../../lab/record/entry.ts";
import { readRecord } from "../../../lab/record/read.ts";
import { Recorder } from "../../../lab/record/recorder.ts";
import type { LabSpec } from "../../../lab/spec.ts";
import { clusterOf, inputOf } from "./design.ts";
import type { Design } from "./design-choices.ts";

/** A design that things happen to, one after another, by a clock that only the test turns. */
export interface Course {
  /** Changes the cluster's objects: what `change` returns takes the place of an object, undefined deletes it. */
  kube(change: (object: LabKubeObject) => LabKubeObject | undefined): void;
  /** The pods on a node; `now` takes their place. */
  pods(node: string, now?: readonly LabKubeObject[]): readonly LabKubeObject[];
  machine(name: string, change: Partial<LabNodeState>): void;
  /** Changes the fabric's objects of a class. */
  fabric(
    className: string,
    change: (attributes: Record<string, string>, secure: Record<string, string>) => "delete" | undefined,
  ): void;
  readonly switches: NeighbourSwitches;
  /** Boot IDs of machines that ended their containers first. */
  readonly stopped: Set<string>;
  /** Lets seconds pass, and everything that is due meanwhile happen. */
  pass(seconds: number): void;
  readonly routing: () => Routing;
  /** Seconds from the beginning until something happens by itself. */
  readonly next: () => number | undefined;
  /** Next hops by way of a node that a leaf holds; a stale one with `~` before it. */
  routesVia(node: string): string[];
  /** `leaf state, node state` of every session of a node. */
  sessionsOf(node: string): string[];
  record(): readonly RecordEntry[];
  close(): void;
}

export const BEGIN = Date.parse("2026-11-23T12:00:00.000Z");

/** Starts a design with everything up, and a record of it. */
export function courseOf(change: Partial<Design> = {}, speed = 1): Course {
  const first = inputOf({ services: false, matched: ["10.1.0.0/16"], ...change });
  let [objects, kube, nodes] = [new Map(first.objects), first.kube, first.nodes];
  let now = BEGIN;
  const directory = mkdtempSync(path.join(tmpdir(), "underlay-course-"));
  const spec = specOf(directory, change.cni ?? "calico");
  const lives = new SessionLives(speed);
  const recorder = new Recorder(spec);
  const switches = new NeighbourSwitches(undefined, () => undefined);
  const stopped = new Set<string>();
  let routing: Routing;
  let standing: LivedStanding;
  const look = () => {
    const cluster = clusterOf(kube);
    const input: RoutingInput = { ...first, objects, nodes, cluster, switches };
    const attempts = attemptsOf(input);
    standing = lives.step(attempts, stopped, now);
    routing = routingOf(input, attempts, standing);
    recorder.note({ routing, machines: nodes, cluster }, standing.downs, new Date(now));
  };
  look();
  return {
    kube(one) {
      kube = kube.flatMap((object) => one(object) ?? []);
    },
    pods(node, now) {
      const isThere = (object: LabKubeObject) => object.kind === "Pod" && Object(object.spec).nodeName === node;
      const before = kube.filter(isThere);
      if (now !== undefined) kube = [...kube.filter((object) => !isThere(object)), ...now];
      return before;
    },
    machine(name, one) {
      nodes = nodes.map((state) => (state.name === name ? { ...state, ...one } : state));
    },
    fabric(className, one) {
      objects = new Map(objects);
      for (const [dn, object] of objects) {
        if (object.className !== className) continue;
        const [attributes, secure] = [{ ...object.attributes }, { ...object.secure }];
        if (one(attributes, secure) === "delete") objects.delete(dn);
        else objects.set(dn, { ...object, attributes, secure });
      }
    },
    switches,
    stopped,
    pass(seconds) {
      const until = now + seconds * 1000;
      look();
      while (standing.next !== undefined && standing.next <= until) {
        now = Math.max(now, standing.next);
        look();
      }
      now = until;
      look();
    },
    routing: () => routing,
    next: () => (standing.next === undefined ? undefined : (standing.next - BEGIN) / 1000),
    routesVia: (node) =>
      routing.paths
        .filter((one) => one.node === node)
        .map(({ leafId, prefix, stale }) => `${stale ? "~" : ""}${leafId} ${prefix}`),
    sessionsOf: (node) =>
      routing.sessions.filter((one) => one.node === node).map(({ leafState, nodeState }) => `${leafState}, ${nodeState}`),
    record: () => readRecord(directory),
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** A lab of nothing but a directory and a CNI. */
export function specOf(directory: string, cni: Design["cni"]): LabSpec {
  return {
    directory,
    fabric: {
      asn: 65002,
      username: "admin",
      password: "",
      certificate: undefined,
      controllers: [],
      leaves: [],
      vrfs: [],
      prepared: true,
      outside: undefined,
      epgs: [],
      physicalDomain: "",
      routedDomain: "",
      vlans: { from: 1, to: 1 },
    },
    nodes: [],
    cluster: { name: "c", asn: 65003, podSubnets: ["10.1.0.0/16"], serviceSubnets: [], kubernetesVersion: "v1.35.2" },
    cni: { name: cni, version: "", podPrefixLengths: [26] },
  };
}
