import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { LabCluster, LabNodes } from "../parts.ts";
import type { Faults, LabNode } from "../spec.ts";
import type { StateFile } from "../state.ts";
import { NO_INPUT } from "./command.ts";
import { nodeFaults } from "./faults.ts";
import { bareNetwork, installedFiles, macOf } from "./installed.ts";
import { type Machine, stateOf } from "./machine.ts";
import { apply } from "./netplan/apply.ts";
import { runWords } from "./run-line.ts";
import { type Remembered, recall, save } from "./saved.ts";
import { parseAuthorizedKeys } from "./ssh-login.ts";
import { type NodeServer, serveNode } from "./ssh-server.ts";
import { createUnits } from "./units.ts";

/** What the lab's nodes are started with. */
export interface NodesOptions {
  /** Private host key of all nodes, OpenSSH or PEM text. */
  readonly hostKey: string;
  /** OpenSSH public key lines that may log in. */
  readonly authorizedKeys: readonly string[];
  readonly state: StateFile;
  readonly faults: Faults;
  /** SSH ports by node name; any free port for the others. */
  readonly ports?: ReadonlyMap<string, number>;
  /** Whether the fabric answers for a default gateway of a node; always, when left out. */
  readonly gatewayAnswers?: (node: string, gateway: string) => boolean;
  /** What kubeadm on a node asks the cluster; without it there is no cluster to join. */
  readonly cluster?: () => Pick<LabCluster, "join" | "uploadCertificates" | "list">;
}

/** Starts an SSH server for each node on loopback, with files and network as they were saved, or as installed. */
export async function startNodes(nodes: readonly LabNode[], options: NodesOptions): Promise<LabNodes> {
  const saved = options.state.read();
  const faults = nodeFaults(options.faults);
  const keys = parseAuthorizedKeys(options.authorizedKeys);
  const closing = new AbortController();
  const listeners = new Set<() => void>();
  const servers = new Map<string, NodeServer>();
  const machines: Machine[] = [];
  const sleep = (milliseconds: number) =>
    milliseconds > 0 ? wait(milliseconds, undefined, { signal: closing.signal }).catch(() => undefined) : Promise.resolve();

  const shown = new Map<string, string>();
  const changed = (machine: Machine): void => {
    if (closing.signal.aborted) return;
    options.state.write(() => save(machines));
    const now = JSON.stringify(stateOf(machine));
    if (shown.get(machine.spec.name) === now) return;
    shown.set(machine.spec.name, now);
    servers.get(machine.spec.name)?.recheck();
    for (const listener of listeners) listener();
  };

  for (const spec of nodes) {
    const gatewayAnswers = (gateway: string) => options.gatewayAnswers?.(spec.name, gateway) ?? true;
    const machine = createMachine(spec, recall(saved, spec), {
      gatewayAnswers,
      changed,
      sleep,
      poweredOn: !faults.isDown(spec.name),
    });
    machines.push(machine);
    shown.set(spec.name, JSON.stringify(stateOf(machine)));
  }
  const started = machines.map(async (machine) => {
    const port = options.ports?.get(machine.spec.name) ?? 0;
    servers.set(machine.spec.name, await serveNode(machine, { hostKey: options.hostKey, keys, faults, port, sleep }));
  });
  const close = async () => {
    closing.abort();
    for (const { units } of machines) units.close();
    await Promise.all([...servers.values()].map((server) => server.close()));
  };
  const failed = (await Promise.allSettled(started)).find((result) => result.status === "rejected");
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  return {
    states: () => machines.map(stateOf),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ports: new Map(machines.map(({ spec }) => [spec.name, servers.get(spec.name)?.port ?? 0])),
    async close() {
      const last = save(machines);
      options.state.write(() => last);
      options.state.flush();
      await close();
    },
  };
}

/** A node's model: what was saved, or freshly installed and configured by its installer's netplan file. */
function createMachine(
  spec: LabNode,
  remembered: Remembered | undefined,
  world: {
    readonly gatewayAnswers: (gateway: string) => boolean;
    readonly changed: (machine: Machine) => void;
    readonly sleep: (milliseconds: number) => Promise<void>;
    readonly poweredOn: boolean;
  },
): Machine {
  const files = remembered === undefined ? installedFiles(spec) : new Map(remembered.files);
  const network = bareNetwork(spec);
  if (remembered === undefined) apply(files, network, (link) => macOf(spec.name, link));
  else {
    network.links.clear();
    for (const link of remembered.links) network.links.set(link.name, link);
    network.routes = remembered.routes;
  }
  const execute = async (command: readonly string[]): Promise<number> => {
    const session = { authenticatedUntil: 0 };
    const caller = { machine, user: "root", input: NO_INPUT, session, say: () => undefined, sleep: world.sleep };
    return (await runWords(caller, command)).exitCode;
  };
  const units = createUnits(execute, () => world.changed(machine));
  const machine: Machine = {
    spec,
    files,
    network,
    units,
    poweredOn: world.poweredOn,
    bootId: randomUUID(),
    joined: true,
    gatewayAnswers: world.gatewayAnswers,
    changed: () => world.changed(machine),
  };
  for (const timer of remembered?.timers ?? []) units.startTimer(timer);
  return machine;
}
