import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { LabCluster, LabFabric, LabNodeState, LabNodes } from "../../lab/parts.ts";
import { blackHoles } from "../../lab/record/black-holes.ts";
import { readRecord } from "../../lab/record/read.ts";
import { StateFile } from "../../lab/state.ts";
import { startTwin } from "../../lab/twin.ts";
import { specOf } from "./bgp/course.ts";
import { inputOf } from "./bgp/design.ts";
import { type Design, LEAVES } from "./bgp/design-choices.ts";

const test = suite("the lab's twin");

/** A twin of parts that only the test changes, a hundred times faster than a clock: the hold time of 6 s is 60 ms. */
function start(change: Partial<Design>, directory: string) {
  const input = inputOf({ services: false, matched: ["10.1.0.0/16"], ...change });
  let nodes: readonly LabNodeState[] = input.nodes.map((state) => ({ ...state, bootId: `boot-${state.name}` }));
  const listeners = new Set<() => void>();
  const reported = new Map<string, number>();
  const nothing = () => () => undefined;
  const fabric: LabFabric = {
    asn: 65002,
    objects: () => input.objects,
    report: (dn, objects) =>
      void reported.set(
        dn,
        objects.filter(({ className, dn: own }) => className === "uribv4Route" && own.includes("10.1.0.0/26")).length,
      ),
    raise: () => undefined,
    plug: () => undefined,
    onWrite: nothing,
    ports: new Map(),
    close: async () => undefined,
  };
  const cluster: LabCluster = {
    list: input.cluster.list,
    setStatus: () => undefined,
    machines: () => undefined,
    join: () => ({ ok: true }),
    uploadCertificates: () => undefined,
    onChange: nothing,
    port: 0,
    close: async () => undefined,
  };
  const labNodes: LabNodes = {
    states: () => nodes,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    power: () => undefined,
    ports: new Map(),
    close: async () => undefined,
  };
  const spec = specOf(directory, change.cni ?? "calico");
  const twin = startTwin(
    { ...spec, nodes: input.cabling, fabric: { ...spec.fabric, leaves: LEAVES } },
    { fabric, nodes: labNodes, cluster },
    { state: StateFile.open(directory, "programs"), faults: new Map([["time.speed", "100"]]) },
  );
  return {
    twin,
    routes: () => reported.get("topology/pod-1/node-201/sys/uribv4"),
    machine: (changes: Partial<LabNodeState>) => {
      nodes = nodes.map((state) => (state.name === "n0" ? { ...state, ...changes } : state));
      for (const listener of listeners) listener();
    },
    gobgp: (...words: readonly string[]) =>
      twin.exec({
        namespace: "kube-system",
        pod: "kube-router-0",
        container: "kube-router",
        node: "n0",
        labels: { "k8s-app": "kube-router" },
        command: ["gobgp", ...words],
      }),
  };
}

/** Runs something in a directory of its own. */
async function inDirectory(run: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), "underlay-twin-"));
  try {
    await run(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

test("a route goes by itself when the hold time of a dead node is over", () =>
  inDirectory(async (directory) => {
    const { twin, routes, machine } = start({}, directory);
    assert.is(routes(), 1);
    machine({ poweredOn: false, containers: false });
    for (let round = 0; round < 200 && routes() !== 0; round += 1) await wait(20);
    assert.is(routes(), 0);
    twin.close();
    const record = readRecord(directory);
    assert.is(record.at(-1)?.what, "stop");
    const [hole] = blackHoles(record);
    assert.is(hole?.reason, "n0 is off");
    assert.ok(Date.parse(hole?.to ?? "") - Date.parse(hole?.from ?? "") >= 60);
  }));

test("containers that ended first are remembered, however closely the machine's end follows", () =>
  inDirectory(async (directory) => {
    const { twin, machine } = start({}, directory);
    machine({ containers: false });
    machine({ poweredOn: false });
    const isStale = () => readRecord(directory).some((entry) => entry.what === "route" && entry.state === "stale");
    for (let round = 0; round < 200 && !isStale(); round += 1) await wait(20);
    twin.close();
    assert.ok(isStale());
  }));

test("a neighbour switched off in a pod stays so when the lab starts again, and can be switched on", () =>
  inDirectory(async (directory) => {
    const states = (output: string): unknown =>
      JSON.parse(output).map(({ state }: { state: unknown }) => Object(state).admin_state);
    const first = start({ cni: "kube-router" }, directory);
    assert.equal(states(first.gobgp("neighbor", "-j").stdout), [undefined, undefined]);
    assert.is(first.gobgp("neighbor", "192.168.2.201", "disable").exitCode, 0);
    assert.equal(states(first.gobgp("neighbor", "-j").stdout), [1, undefined]);
    first.twin.close();
    const second = start({ cni: "kube-router" }, directory);
    assert.equal(states(second.gobgp("neighbor", "-j").stdout), [1, undefined]);
    assert.is(second.gobgp("neighbor", "192.168.2.201", "enable").exitCode, 0);
    assert.equal(states(second.gobgp("neighbor", "-j").stdout), [undefined, undefined]);
    assert.is(second.gobgp("neighbor", "192.168.9.9", "disable").exitCode, 1);
    second.twin.close();
    const starts = readRecord(directory).filter(({ what }) => what === "start");
    assert.is(starts.length, 2);
  }));

test.run();
