import { setTimeout as wait } from "node:timers/promises";
import type { LabNodes } from "../parts.ts";
import type { Faults, LabNode } from "../spec.ts";
import type { StateFile } from "../state.ts";
import { NO_INPUT } from "./command.ts";
import { type NodeFaults, nodeFaults } from "./faults.ts";
import { bareNetwork, installedFiles } from "./installed.ts";
import { joinedFiles } from "./kubeadm/files.ts";
import { type Machine, type MachineCluster, stateOf } from "./machine.ts";
import { boot, powerSwitch } from "./power.ts";
import { runWords } from "./run-line.ts";
import { isLater, type Remembered, recall, save } from "./saved.ts";
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
  /** Whether the fabric answers for a default gateway of a node, to a packet of so many bytes; always, when left out. */
  readonly gatewayAnswers?: (node: string, gateway: string, bytes?: number) => boolean;
  /** What kubeadm on a node asks the cluster; without it there is no cluster to join. */
  readonly cluster?: () => MachineCluster;
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
    const machine = createMachine(spec, recall(saved, spec), {
      gatewayAnswers: (gateway, bytes) => options.gatewayAnswers?.(spec.name, gateway, bytes) ?? true,
      cluster: () => options.cluster?.(),
      changed,
      sleep,
      closed: () => closing.signal.aborted,
      faults,
      joined: !isLater(saved, spec.name),
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
    for (const { units } of machines) units.clear();
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
    power(name, on) {
      const machine = machines.find(({ spec }) => spec.name === name);
      if (on) machine?.switch.on();
      else machine?.switch.cut();
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

/** What a machine needs of the lab around it. */
interface World {
  readonly gatewayAnswers: Machine["gatewayAnswers"];
  readonly cluster: Machine["cluster"];
  readonly changed: (machine: Machine) => void;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly closed: () => boolean;
  readonly faults: NodeFaults;
  /** Whether a freshly installed machine is in the cluster. */
  readonly joined: boolean;
}

/** A node's model: what was saved, or freshly installed. One that is not saved as running is started now, unless it is off. */
function createMachine(spec: LabNode, remembered: Remembered | undefined, world: World): Machine {
  const files = new Map(remembered?.files ?? installedFiles(spec));
  if (remembered === undefined && world.joined) joinedFiles(files, spec.controlPlane);
  const network = bareNetwork(spec);
  if (remembered !== undefined) {
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
  const off = remembered?.power === "off" || remembered?.power === "powering-off";
  const machine: Machine = {
    spec,
    files,
    network,
    units,
    power: off ? "off" : "running",
    unplugged: world.faults.isDown(spec.name),
    bootId: remembered?.bootId ?? "",
    bootedAt: remembered?.bootedAt ?? 0,
    kubeletStopped: remembered?.kubeletStopped ?? false,
    switch: powerSwitch(() => machine, world),
    cluster: world.cluster,
    gatewayAnswers: world.gatewayAnswers,
    changed: () => world.changed(machine),
  };
  if (!off && remembered?.power !== "running") boot(machine);
  else for (const timer of remembered?.timers ?? []) units.startTimer(timer);
  return machine;
}
