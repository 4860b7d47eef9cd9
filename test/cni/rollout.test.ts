import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import type { Connections, ConnectionTo, Place } from "../../runner/connect/connections.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import { cniRollout } from "../../tasks/cni/rollout.ts";
import { fakeCluster, prepare } from "../k8s/fake-cluster.ts";

const test = suite("cni.rollout");

/** A cluster that is between two releases, and leaves with sessions of these nodes. */
interface Scene {
  wanted: string;
  observed: number;
  updated: number;
  /** Release of each node's pod. */
  readonly runs: Record<string, string>;
  up: readonly string[];
}

const ADDRESSES: Readonly<Record<string, string>> = { "worker-1": "192.168.2.1", "worker-2": "192.168.2.2" };

function connections(scene: Scene): Connections {
  const container = (version: string) => ({ name: "cilium-agent", image: `quay.io/cilium/cilium:v${version}@sha256:00` });
  const cluster = () =>
    fakeCluster({
      "daemonsets.apps": [
        {
          apiVersion: "apps/v1",
          kind: "DaemonSet",
          metadata: { name: "cilium", namespace: "kube-system", generation: 2 },
          spec: { template: { spec: { containers: [container(scene.wanted)] } } },
          status: {
            observedGeneration: scene.observed,
            desiredNumberScheduled: 2,
            updatedNumberScheduled: scene.updated,
            numberAvailable: 2,
          },
        },
      ],
      pods: Object.entries(scene.runs).map(
        ([node, version]): KubeObject => ({
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name: `cilium-${node}`, namespace: "kube-system" },
          spec: { nodeName: node, containers: [container(version)] },
          status: { conditions: [{ type: "Ready", status: "True" }] },
        }),
      ),
    }).connection;
  const leaf: ConnectionTo<"leaf"> = {
    reader: {
      nodeDn: "topology/pod-1/node-201",
      object: async () => ok(undefined),
      class: async () =>
        ok(
          scene.up.map((node) => {
            const attributes = { addr: ADDRESSES[node] ?? "", operSt: "established" };
            return { className: "bgpPeerEntry", dn: node, attributes, children: [] };
          }),
        ),
    },
    writer: undefined,
    plan: async () => ok({ changes: [], unknown: [], project: () => {}, apply: async () => ok(undefined) }),
  };
  const none = (): Result<never> => failed({ kind: "failed", doing: "open", message: "not in this test" });
  const places: { readonly [P in Place]: () => Result<ConnectionTo<P>> } = {
    apic: none,
    leaf: () => ok(leaf),
    node: none,
    localhost: () => ok(cluster()),
  };
  return {
    open: async <P extends Place>(place: P): Promise<Result<ConnectionTo<P>>> => places[place](),
    counts: () => ({}),
    close: async () => {},
  };
}

function watching(scene: Scene, more: Readonly<Record<string, unknown>> = {}) {
  const sessions = Object.entries(ADDRESSES).flatMap(([node, address]) =>
    ["leaf201", "leaf202"].map((leaf) => ({ node, leaf, local_address: address })),
  );
  const task = prepare(cniRollout, { cni: "cilium", version: "1.19.6", tenant: "k8s", vrf: "v", sessions, ...more });
  if (task.form !== "probe") throw new Error("no probe");
  return () => task.observe(connections(scene));
}

const between = (): Scene => ({
  ...{ wanted: "1.19.6", observed: 2, updated: 1, up: ["worker-1", "worker-2"] },
  runs: { "worker-1": "1.19.6", "worker-2": "1.18.12" },
});

test("the DaemonSet must have the release, be seen by its controller, and have all pods updated", async () => {
  const scene = between();
  const look = watching(scene);
  const unmet = async () => {
    const seen = await look();
    return seen.ok ? seen.value.unmet.join() : seen.failure.message;
  };
  scene.wanted = "1.18.12";
  assert.match(await unmet(), "is to run 1.18.12, not yet 1.19.6");
  scene.wanted = "1.19.6";
  scene.observed = 1;
  assert.match(await unmet(), "its controller has not seen the new release yet");
  scene.observed = 2;
  assert.match(await unmet(), "1 of 2 pods are updated and available (1.19.6 on worker-1; 1.18.12 on worker-2)");
  scene.updated = 2;
  scene.runs["worker-2"] = "1.19.6";
  const seen = await look();
  assert.ok(seen.ok);
  assert.equal(seen.value.unmet, []);
  assert.equal(seen.value.facts?.nodes, [
    { node: "worker-1", version: "1.19.6", seconds: 0 },
    { node: "worker-2", version: "1.19.6", seconds: 0 },
  ]);
});

test("as many nodes without sessions as may be are waited for, and reported; one more fails at once, with what each node runs", async () => {
  const scene = between();
  const look = watching(scene, { max_nodes_down: 1, grace: 0 });
  await look();
  scene.up = ["worker-2"];
  await sleep(150);
  const one = await look();
  assert.ok(one.ok, "one may be down");
  scene.up = [];
  await sleep(150);
  const two = await look();
  assert.not.ok(two.ok);
  if (!two.ok) {
    assert.match(two.failure.message, "worker-1, worker-2: no session with any leaf for more than 0 s (1 may be without)");
    assert.match(two.failure.message, "nodes run 1.19.6 on worker-1; 1.18.12 on worker-2");
    assert.match(two.failure.next ?? "", "OnDelete");
  }
});

test("within the grace nothing fails; what was down and is back is in the facts", async () => {
  const scene = { ...between(), updated: 2 };
  const look = watching(scene, { max_nodes_down: 0, grace: 60 });
  await look();
  scene.up = ["worker-2"];
  await sleep(120);
  assert.ok((await look()).ok);
  scene.up = ["worker-1", "worker-2"];
  const seen = await look();
  assert.ok(seen.ok);
  const [first] = JSON.parse(JSON.stringify(seen.value.facts?.nodes ?? []));
  assert.is(first.node, "worker-1");
  assert.ok(first.seconds >= 0.1 && first.seconds < 5, first.seconds);
});

test.run();
