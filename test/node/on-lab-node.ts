import * as assert from "uvu/assert";
import type { Connections, ConnectionTo, Place } from "../../runner/connect/connections.ts";
import type { SshSession } from "../../runner/connect/ssh/session.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import type { Observation } from "../../runner/task.ts";
import type { TaskPlan, TaskType } from "../../runner/task-type.ts";
import { type LabNodeSession, labNode } from "../support/ssh-lab-node.ts";

/** What node.network is given in playbooks/floating-svi-calico.yaml for the paper's first node. */
export const paperArguments = {
  bond: "bond0",
  interfaces: ["eno1", "eno2"],
  vlan: 310,
  mtu: 9000,
  addresses: ["192.168.2.1/24"],
  gateways: ["192.168.2.254"],
  timeout: 10,
};

/** Connections that know only the node. */
function only(session: SshSession): Connections {
  const elsewhere = async (): Promise<Result<never>> =>
    failed({ kind: "failed", doing: "test", message: "only the node is there" });
  const openers: { readonly [P in Place]: () => Promise<Result<ConnectionTo<P>>> } = {
    apic: elsewhere,
    leaf: elsewhere,
    localhost: elsewhere,
    node: async () => ok(session.connection()),
  };
  return { open: <P extends Place>(place: P) => openers[place](), counts: () => ({}), close: async () => {} };
}

/** What a task type would do on the node. */
export async function planned(type: TaskType, session: SshSession, args: object, check = false): Promise<Result<TaskPlan>> {
  const prepared = type.prepare({ ...args }, "master-1", check);
  if (!prepared.ok || prepared.value.form !== "action") throw new Error(JSON.stringify(prepared));
  return prepared.value.plan(only(session));
}

/** What a probe sees on the node. */
export async function observed(type: TaskType, session: SshSession, args: object): Promise<Observation> {
  const prepared = type.prepare({ ...args }, "master-1", false);
  if (!prepared.ok || prepared.value.form !== "probe") throw new Error(JSON.stringify(prepared));
  return must(prepared.value.observe(only(session)));
}

/** The value; throws what failed. */
export async function must<T>(result: Result<T> | Promise<Result<T>>): Promise<T> {
  const settled = await result;
  if (!settled.ok) throw new Error(`${settled.failure.doing}: ${settled.failure.message}`);
  return settled.value;
}

/** Runs a test with a lab node of its own. */
export async function withNode(body: (node: LabNodeSession) => Promise<void>, ...how: Parameters<typeof labNode>): Promise<void> {
  const node = await labNode(...how);
  try {
    await body(node);
  } finally {
    await node.close();
  }
}

/** Addresses by link, and routes: what a rollback has to bring back. */
export function layer3(node: LabNodeSession) {
  const { links, routes } = node.state();
  return { addresses: links.map(({ name, addresses }) => ({ name, addresses })), routes };
}

/** A command with sudo by hand. */
export async function byHand(node: LabNodeSession, ...command: [string, ...string[]]): Promise<string> {
  const { writer } = node.connect().connection();
  if (writer === undefined) throw new Error("no writer");
  const done = await must(writer.run(command));
  assert.is(done.exitCode, 0, done.stderr);
  return done.stdout;
}
