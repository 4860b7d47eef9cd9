import type { LabLink, LabNodeState } from "../parts.ts";
import type { LabNode } from "../spec.ts";
import type { FileTree } from "./files.ts";
import { hostPart, isUp, mainTable, type Network } from "./network.ts";
import type { Units } from "./units.ts";

/** A node of the lab: what a shell on it can see and change. */
export interface Machine {
  readonly spec: LabNode;
  readonly files: FileTree;
  readonly network: Network;
  readonly units: Units;
  poweredOn: boolean;
  /** Of this start of the machine. */
  bootId: string;
  /** Whether `kubeadm join` has been here since the last `kubeadm reset`. */
  joined: boolean;
  /** Whether the fabric answers for a gateway of this node. */
  readonly gatewayAnswers: (gateway: string) => boolean;
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
    poweredOn: machine.poweredOn,
    bootId: machine.bootId,
    kubelet: machine.poweredOn && machine.joined,
  };
}

/**
 * Whether the node can be spoken to over SSH: its management address is on a link that is up and sends with the tag of the installed
 * system, over one of the node's cabled links.
 */
export function isReachable(machine: Machine): boolean {
  if (!machine.poweredOn) return false;
  const wanted = hostPart(machine.spec.addresses[0] ?? "");
  for (const link of machine.network.links.values()) {
    if (!link.addresses.some((address) => hostPart(address) === wanted)) continue;
    if (link.vlan?.id === machine.spec.vlan && link.master === undefined && isUp(machine.network, link.name)) return true;
  }
  return false;
}
