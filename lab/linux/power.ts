import { randomUUID } from "node:crypto";
import type { NodeFaults } from "./faults.ts";
import type { FileTree } from "./files.ts";
import { bareNetwork, installedFolder, macOf } from "./installed.ts";
import type { Machine, PowerState, PowerSwitch } from "./machine.ts";
import { apply } from "./netplan/apply.ts";

/** Milliseconds that each part of a reboot takes; a real machine needs minutes. `time.speed` divides them. */
const STOPPING = 300;
const OFF = 2000;
const STARTING = 500;

/** What a machine's power depends on. */
interface Surroundings {
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Whether the lab has ended: then nothing goes on. */
  readonly closed: () => boolean;
  readonly faults: NodeFaults;
}

/** Power of one machine: what happens in which order when it goes down and comes back. */
export function powerSwitch(of: () => Machine, { sleep, closed, faults }: Surroundings): PowerSwitch {
  const after = async (milliseconds: number): Promise<boolean> => {
    await sleep(milliseconds / faults.speed());
    return !closed();
  };
  const enter = (power: PowerState): void => {
    const machine = of();
    machine.power = power;
    machine.changed();
  };
  const start = async (): Promise<void> => {
    if (!(await after(OFF)) || of().power !== "booting" || faults.staysDown(of().spec.name)) return;
    boot(of());
    enter("starting");
    if ((await after(STARTING)) && of().power === "starting") enter("running");
  };
  const down = (power: "booting" | "off"): void => {
    of().units.clear();
    enter(power);
    if (power === "booting") void start();
  };
  /** Containers end first, then the machine. */
  const stop = async (stopping: "rebooting" | "powering-off", then: "booting" | "off"): Promise<void> => {
    if (of().power !== "running" && of().power !== "starting") return;
    enter(stopping);
    if ((await after(STOPPING)) && of().power === stopping) down(then);
  };
  return {
    reboot: () => void stop("rebooting", "booting"),
    powerOff: () => void stop("powering-off", "off"),
    cut: () => down("off"),
    on: () => {
      if (of().power === "off") down("booting");
    },
  };
}

/** A start of the machine: memory is empty, and the network is what netplan's files say. */
export function boot(machine: Machine): void {
  const { files, network, spec } = machine;
  emptyMemory(files);
  const bare = bareNetwork(spec);
  network.links.clear();
  for (const [name, link] of bare.links) network.links.set(name, link);
  network.routes = bare.routes;
  apply(files, network, (link) => macOf(spec.name, link));
  machine.bootId = randomUUID();
  machine.bootedAt = Date.now();
  machine.kubeletStopped = false;
}

/** /run and /tmp are tmpfs: only folders that the system makes at every start are there. */
function emptyMemory(files: FileTree): void {
  for (const path of [...files.keys()]) {
    if (/^\/(?:run|tmp)\//.test(path) && !installedFolder(path)) files.delete(path);
  }
}
