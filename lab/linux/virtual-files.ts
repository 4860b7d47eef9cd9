import type { Machine } from "./machine.ts";
import { type BondSettings, isUp, type Link, membersOf } from "./network.ts";

/** Files that the kernel makes up when they are read: boot ID, /proc/net/bonding, /sys/class/net. Undefined: there is no such file. */
export function virtualFile(machine: Machine, path: string): string | undefined {
  if (path === "/proc/sys/kernel/random/boot_id") return `${machine.bootId}\n`;
  const bonding = /^\/proc\/net\/bonding\/([^/]+)$/.exec(path)?.[1];
  if (bonding !== undefined) {
    const link = machine.network.links.get(bonding);
    return link?.bond === undefined ? undefined : bondReport(machine, link, link.bond);
  }
  const [, name = "", file = ""] = /^\/sys\/class\/net\/([^/]+)\/([a-z]+)$/.exec(path) ?? [];
  const link = machine.network.links.get(name);
  return link === undefined ? undefined : sysFile(machine, link, file);
}

/** Whether the kernel shows a folder there: a link under /sys/class/net. */
export function virtualFolder(machine: Machine, path: string): boolean {
  if (path === "/sys/class/net" || path === "/proc/net/bonding") return true;
  const name = /^\/sys\/class\/net\/([^/]+)$/.exec(path)?.[1];
  return name !== undefined && machine.network.links.has(name);
}

function sysFile(machine: Machine, link: Link, file: string): string | undefined {
  const up = isUp(machine.network, link.name);
  switch (file) {
    case "mtu":
      return `${link.mtu}\n`;
    case "address":
      return `${link.mac}\n`;
    case "operstate":
      return link.kind === "loopback" ? "unknown\n" : `${up ? "up" : "down"}\n`;
    case "carrier":
      return `${up ? 1 : 0}\n`;
    case "ifindex":
      return `${link.index}\n`;
    case "speed":
      return link.kind === "loopback" ? undefined : "25000\n";
    default:
      return undefined;
  }
}

/** The 802.3ad partner: both leaves of the rack answer with the same system, as a vPC pair does. */
const PARTNER = "00:23:04:ee:be:01";

function bondReport(machine: Machine, link: Link, bond: BondSettings): string {
  const members = membersOf(machine.network, link.name);
  const lacp = bond.mode === "802.3ad";
  const lines = [
    `Ethernet Channel Bonding Driver: v6.8.0`,
    "",
    `Bonding Mode: ${lacp ? "IEEE 802.3ad Dynamic link aggregation" : bond.mode}`,
    ...(lacp ? [`Transmit Hash Policy: ${bond.transmitHashPolicy} (${bond.transmitHashPolicy === "layer3+4" ? 1 : 0})`] : []),
    `MII Status: ${isUp(machine.network, link.name) ? "up" : "down"}`,
    `MII Polling Interval (ms): ${bond.miimon}`,
    "Up Delay (ms): 0",
    "Down Delay (ms): 0",
    "Peer Notification Delay (ms): 0",
  ];
  if (lacp) {
    const active = members.filter((member) => member.admin).length;
    lines.push("", "802.3ad info", "LACP active: on", `LACP rate: ${bond.lacpRate}`, `Min links: ${bond.minLinks}`);
    lines.push("Aggregator selection policy (ad_select): stable", `System MAC address: ${link.mac}`, "Active Aggregator Info:");
    lines.push("\tAggregator ID: 1", `\tNumber of ports: ${active}`, `\tPartner Mac Address: ${PARTNER}`);
  }
  for (const member of members) {
    lines.push("", `Slave Interface: ${member.name}`, `MII Status: ${member.admin ? "up" : "down"}`, "Speed: 25000 Mbps");
    lines.push("Duplex: full", "Link Failure Count: 0", `Permanent HW addr: ${member.permanentMac}`, "Slave queue ID: 0");
    if (lacp) lines.push("Aggregator ID: 1");
  }
  return `${lines.join("\n")}\n`;
}
