import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Connections, ConnectionTo, Place } from "../../runner/connect/connections.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import { nodeGateway } from "../../tasks/verify/node-gateway.ts";

const test = suite("verify.node_gateway");

/** What the probe misses on a node with this default gateway, which answers. */
async function unmet(gateway: string, found: string): Promise<readonly string[]> {
  const stdout = JSON.stringify([{ dst: "default", gateway: found, dev: "bond0" }]);
  const node: ConnectionTo<"node"> = {
    reader: {
      run: async ([program]) => ok({ exitCode: 0, stdout: program === "ip" ? stdout : "", stderr: "" }),
      file: async () => ok(undefined),
    },
    writer: undefined,
    plan: async () => ok({ changes: [], unknown: [], project: () => {}, apply: async () => ok(undefined) }),
  };
  const none = (): Result<never> => failed({ kind: "failed", doing: "open", message: "not in this test" });
  const places: { readonly [P in Place]: () => Result<ConnectionTo<P>> } = {
    apic: none,
    leaf: none,
    node: () => ok(node),
    localhost: none,
  };
  const connections: Connections = {
    open: async <P extends Place>(place: P): Promise<Result<ConnectionTo<P>>> => places[place](),
    counts: () => ({}),
    close: async () => {},
  };
  const task = nodeGateway.prepare({ gateway }, "worker-1", false);
  if (!task.ok || task.value.form !== "probe") throw new Error("no probe");
  const seen = await task.value.observe(connections);
  if (!seen.ok) throw new Error(seen.failure.message);
  return seen.value.unmet;
}

test("the gateway of the inventory is the kernel's, however it is written", async () => {
  assert.equal(await unmet("192.168.2.254", "192.168.2.254"), []);
  assert.equal(await unmet("FD00:2:0:0::FE", "fd00:2::fe"), []);
});

test("another gateway is named", async () => {
  assert.equal(await unmet("fd00:2::fe", "fd00:2::1"), ["default route via fd00:2::1 instead of fd00:2::fe"]);
});

test.run();
