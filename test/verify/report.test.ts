import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Observation } from "../../runner/task.ts";
import { report } from "../../tasks/verify/report.ts";
import { connectionsTo, fakeCluster } from "../k8s/fake-cluster.ts";

const test = suite("verify.report");

async function told(args: Record<string, unknown>): Promise<Observation> {
  const prepared = report.prepare(args, "localhost", false);
  if (!prepared.ok || prepared.value.form !== "local") throw new Error(`bad arguments: ${JSON.stringify(prepared)}`);
  const seen = await prepared.value.observe(connectionsTo(fakeCluster({})));
  if (!seen.ok) throw new Error(seen.failure.message);
  return seen.value;
}

/** What `register` keeps of a proof. */
const result = (facts: Record<string, unknown>, message = "") => ({
  ...{ status: message === "" ? "ok" : "failed", changed: false, failed: message !== "", skipped: false, changes: [] },
  ...{ facts, message },
});
const skipped = { ...result({}), status: "skipped", skipped: true };
const at = (leaf: string, states: Record<string, string>, reason = "") => ({
  inventory_hostname: leaf,
  leaf_sessions: result({ sessions: Object.entries(states).map(([peer, state]) => ({ peer, state })) }, reason),
  leaf_routes: result({ routes: [{ prefix: "10.1.39.0/26", next_hops: ["192.168.2.4"] }] }),
});
const session = (node: string, leaf: string, address: string) => ({ node, leaf, local_address: address, rack_id: 1 });

test("a row for each proof, counted by its facts; one that was skipped has none", async () => {
  const seen = await told({
    checks: [
      { asked: "nodes Ready", result: result({ expected: 6, ready: 6, withdrawn: [] }) },
      { asked: "sessions", result: result({ expected: 12, established: 12 }) },
      { asked: "pod prefixes", result: result({ prefixes: ["10.1.39.0/26"], by_node: { a: ["10.1.39.0/26"], b: [] } }) },
      { asked: "gateways", key: "gateway", hosts: ["a", "b"].map((name) => ({ inventory_hostname: name, gateway: result({}) })) },
      { asked: "contract", result: skipped },
    ],
  });
  assert.equal(seen.facts?.rows, [
    { asked: "nodes Ready", found: 6, expected: 6 },
    { asked: "sessions", found: 12, expected: 12 },
    { asked: "pod prefixes", found: 1, expected: 2 },
    { asked: "gateways", found: 2, expected: 2 },
  ]);
  assert.equal(seen.facts?.unmet, []);
  assert.is(seen.message?.split("\n")[0], "asked         found  expected");
  assert.is(seen.message?.split("\n")[1], "nodes Ready   6      6");
});

test("a row for each node with its leaves; withdrawn and cordoned nodes are named", async () => {
  const leaves = [
    at("leaf201", { "192.168.2.4": "established" }),
    at("leaf202", { "192.168.2.4": "active" }, "192.168.2.4: active"),
  ];
  const seen = await told({
    checks: [{ asked: "sessions", key: "leaf_sessions", hosts: leaves }],
    sessions: [session("worker-1", "leaf201", "192.168.2.4"), session("worker-1", "leaf202", "192.168.2.4")],
    leaves,
    withdrawn: ["worker-1"],
    cordoned: ["worker-1", "worker-2"],
  });
  assert.equal(seen.message?.split("\n").slice(3), [
    "node      sessions, and prefixes through the node",
    "worker-1  leaf201 established 1, leaf202 active 1",
    "withdrawn (label underlay/withdrawn): worker-1",
    "cordoned: worker-1, worker-2",
  ]);
  assert.equal(seen.facts?.unmet, ["sessions, leaf202: 192.168.2.4: active"]);
  assert.equal(seen.facts?.rows, [{ asked: "sessions", found: 1, expected: 2 }]);
});

test("the same reason on several hosts is told once, of a loop too; lines of one host each by itself", async () => {
  const gateway = (message: string) => ({ ...result({}), failed: message !== "", results: [result({}), result({}, message)] });
  const seen = await told({
    checks: [
      {
        asked: "gateways",
        key: "gateway",
        hosts: ["a", "b", "c"].map((name) => ({
          inventory_hostname: name,
          gateway: gateway(name === "c" ? "" : "no answer\nno route"),
        })),
      },
    ],
  });
  assert.equal(seen.facts?.unmet, ["gateways, a, b: no answer", "gateways, a, b: no route"]);
  assert.equal(seen.facts?.rows, [{ asked: "gateways", found: 4, expected: 6 }]);
});

test("a host that never made the proof does not count as met", async () => {
  const seen = await told({ checks: [{ asked: "gateways", key: "gateway", hosts: [{ inventory_hostname: "a" }] }] });
  assert.equal(seen.facts?.rows, [{ asked: "gateways", found: 0, expected: 1 }]);
  assert.match(String(seen.facts?.unmet), "gateways, a: was not asked");
});

test("a check needs a result, or hosts and the key", () => {
  for (const check of [{ asked: "x" }, { asked: "x", hosts: [] }]) {
    assert.not.ok(report.prepare({ checks: [check] }, "localhost", false).ok);
  }
});

test.run();
