import type { LabCluster, LabLink, LabNodeState } from "../parts.ts";
import type { LabNode } from "../spec.ts";
import type { FileTree } from "./files.ts";
import { hostPart, isUp, mainTable, type Network } from "./network.ts";
import type { Units } from "./units.ts";

/**
 * Where a machine is between two starts. `rebooting` and `powering-off`: services and containers have ended, SSH still answers; `booting`: the
 * hardware starts, nothing answers; `starting`: SSH answers, services start.
 */
export type PowerState = "running" | "rebooting" | "booting" | "starting" | "powering-off" | "off";

/** What can be done to a machine's power. Every way ends by itself; nobody waits for it. */
export interface PowerSwitch {
  reboot(): void;
  powerOff(): void;
  /** Pulls the plug: nothing is stopped first. */
  cut(): void;
  /** Starts a machine that is off. */
  on(): void;
}

/** What kubeadm asks of the cluster. */
export type MachineCluster = Pick<LabCluster, "join" | "uploadCertificates" | "list">;

/** Credentials of a kubelet that has joined; `kubeadm join` makes the file, `kubeadm reset` removes it. */
export const KUBELET_CREDENTIALS = "/etc/kubernetes/kubelet.conf";

/** A node of the lab: what a shell on it can see and change. */
export interface Machine {
  readonly spec: LabNode;
  readonly files: FileTree;
  readonly network: Network;
  readonly units: Units;
  power: PowerState;
  /** Without power whatever its state says (`node.down`). */
  readonly unplugged: boolean;
  /** Of this start of the machine (/proc/sys/kernel/random/boot_id). */
  bootId: string;
  /** When this start was, milliseconds since 1970. */
  bootedAt: number;
  /** Somebody stopped the kubelet by hand; until it is started again or the machine is. */
  kubeletStopped: boolean;
  /** Power button and plug. */
  readonly switch: PowerSwitch;
  /** The cluster that kubeadm speaks to; undefined: there is none. */
  readonly cluster: () => MachineCluster | undefined;
  /** Whether the fabric answers for a gateway of this node, to a packet of so many bytes. */
  readonly gatewayAnswers: (gateway: string, bytes?: number) => boolean;
  /** To be called after a change of files, links, addresses or routes. */
  readonly changed: () => void;
}

/** The node as the other parts of the lab see it. */
export function stateOf(machine: Machine): LabNodeState {
  const links: LabLink[] = [];
  for (const link of machine.network.links.values()) {
    if (link.kind === "loopback") continue;
    links.push({
      name: link.name,
      kind: link.kind,
      up: isUp(machine.network, link.name),
      mtu: link.mtu,
      master: link.master,
      mode: link.bond?.mode,
      vlan: link.vlan,
      addresses: link.addresses,
    });
  }
  const routes = mainTable(machine.network).map(({ destination, gateway, device }) => ({ destination, gateway, device }));
  return {
    name: machine.spec.name,
    links,
    routes,
    poweredOn: isOn(machine),
    bootId: machine.bootId,
    kubelet: kubeletRuns(machine),
    containers: isOn(machine) && machine.power === "running" && hasJoined(machine),
  };
}

/** Whether its kernel runs. */
export function isOn({ power, unplugged }: Machine): boolean {
  return !unplugged && power !== "booting" && power !== "off";
}

/** Whether `kubeadm join` has been here since the last `kubeadm reset`. */
export function hasJoined({ files }: Machine): boolean {
  return files.has(KUBELET_CREDENTIALS);
}

/** Whether its kubelet is up and has credentials. */
export function kubeletRuns(machine: Machine): boolean {
  return isOn(machine) && machine.power === "running" && !machine.kubeletStopped && hasJoined(machine);
}

/**
 * Whether the node can be spoken to over SSH: its management address is on a link that is up and sends with the tag of the installed
 * system, over one of the node's cabled links.
 */
export function isReachable(machine: Machine): boolean {
  if (!isOn(machine)) return false;
  const wanted = hostPart(machine.spec.addresses[0] ?? "");
  for (const link of machine.network.links.values()) {
    if (!link.addresses.some((address) => hostPart(address) === wanted)) continue;
    if (link.vlan?.id === machine.spec.vlan && link.master === undefined && isUp(machine.network, link.name)) return true;
  }
  return false;
}
