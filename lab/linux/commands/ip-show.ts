import { Address4 } from "ip-address";
import { isUp, type Link, membersOf, type Network } from "../network.ts";

type Fields = Record<string, unknown>;

/** A link as `ip -j link` prints it; with `details` also linkinfo. */
export function linkJson(network: Network, link: Link, details: boolean): Fields {
  const up = isUp(network, link.name);
  return {
    ifindex: link.index,
    ...(link.vlan === undefined ? {} : { link: link.vlan.parent }),
    ifname: link.name,
    flags: flagsOf(link, up),
    mtu: link.mtu,
    qdisc: link.kind === "ethernet" ? "mq" : "noqueue",
    ...(link.master === undefined ? {} : { master: link.master }),
    operstate: operstate(link, up),
    linkmode: "DEFAULT",
    group: "default",
    txqlen: 1000,
    link_type: link.kind === "loopback" ? "loopback" : "ether",
    address: link.mac,
    broadcast: link.kind === "loopback" ? "00:00:00:00:00:00" : "ff:ff:ff:ff:ff:ff",
    ...(link.permanentMac !== link.mac && link.kind === "ethernet" ? { permaddr: link.permanentMac } : {}),
    ...(details ? { promiscuity: 0, min_mtu: 68, max_mtu: 9216, ...linkInfo(network, link) } : {}),
  };
}

/** Flags in the kernel's order. */
export function flagsOf(link: Link, up: boolean): string[] {
  if (link.kind === "loopback") return ["LOOPBACK", "UP", "LOWER_UP"];
  const flags = link.admin && !up ? ["NO-CARRIER", "BROADCAST", "MULTICAST"] : ["BROADCAST", "MULTICAST"];
  if (link.kind === "bond") flags.push("MASTER");
  if (link.master !== undefined) flags.push("SLAVE");
  if (link.admin) flags.push("UP");
  if (up) flags.push("LOWER_UP");
  return flags;
}

/** `UP`, `DOWN`, `LOWERLAYERDOWN`, `UNKNOWN`. */
export function operstate(link: Link, up: boolean): string {
  if (link.kind === "loopback") return "UNKNOWN";
  if (up) return "UP";
  return link.kind === "vlan" && link.admin ? "LOWERLAYERDOWN" : "DOWN";
}

function linkInfo(network: Network, link: Link): Fields {
  if (link.bond !== undefined) {
    const { mode, miimon, lacpRate, transmitHashPolicy, minLinks } = link.bond;
    const ports = membersOf(network, link.name).filter((member) => member.admin).length;
    const lacp = { ad_lacp_active: "on", ad_lacp_rate: lacpRate, ad_select: "stable" };
    const info = { aggregator: 1, num_ports: ports, actor_key: 21, partner_key: 32768, partner_mac: "00:23:04:ee:be:01" };
    const data = {
      mode,
      miimon,
      updelay: 0,
      downdelay: 0,
      peer_notify_delay: 0,
      use_carrier: 1,
      xmit_hash_policy: transmitHashPolicy,
      resend_igmp: 1,
      min_links: minLinks,
      ...(mode === "802.3ad" ? { ...lacp, ad_info: info } : {}),
    };
    return { linkinfo: { info_kind: "bond", info_data: data } };
  }
  if (link.vlan !== undefined) {
    return { linkinfo: { info_kind: "vlan", info_data: { protocol: "802.1Q", id: link.vlan.id, flags: ["REORDER_HDR"] } } };
  }
  if (link.master === undefined) return {};
  const data = {
    state: link.admin ? "ACTIVE" : "BACKUP",
    mii_status: link.admin ? "UP" : "DOWN",
    link_failure_count: 0,
    perm_hwaddr: link.permanentMac,
    queue_id: 0,
    ad_aggregator_id: 1,
  };
  return { linkinfo: { info_slave_kind: "bond", info_slave_data: data } };
}

/** The addresses of a link as `ip -j addr` prints them, with the link-local one that the kernel makes. */
export function addressJson(network: Network, link: Link, family: 4 | 6 | undefined): Fields[] {
  const forever = { valid_life_time: 4294967295, preferred_life_time: 4294967295 };
  const listed: Fields[] = [];
  for (const address of link.addresses) {
    const [local = "", length = "32"] = address.split("/");
    const v4 = Address4.isValid(local);
    if (family !== undefined && family !== (v4 ? 4 : 6)) continue;
    const scope = link.kind === "loopback" ? "host" : "global";
    const prefixlen = Number(length);
    if (!v4) listed.push({ family: "inet6", local, prefixlen, scope, ...forever });
    else {
      const broadcast =
        prefixlen < 31 && scope === "global" ? { broadcast: new Address4(address).endAddress().correctForm() } : {};
      listed.push({ family: "inet", local, prefixlen, ...broadcast, scope, label: link.name, ...forever });
    }
  }
  const linkLocal = link.kind !== "loopback" && link.master === undefined && isUp(network, link.name);
  if (linkLocal && family !== 4) {
    listed.push({ family: "inet6", local: linkLocalOf(link.mac), prefixlen: 64, scope: "link", ...forever });
  }
  return listed;
}

/** fe80::/64 with the modified EUI-64 of a MAC address (RFC 4291, appendix A). */
function linkLocalOf(mac: string): string {
  const bytes = mac.split(":").map((byte) => Number.parseInt(byte, 16));
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = bytes;
  const groups = [((a ^ 2) << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f];
  return `fe80::${groups.map((group) => group.toString(16)).join(":")}`;
}

/** First line and second line of a link in plain text. */
export function linkText(network: Network, link: Link): string {
  const up = isUp(network, link.name);
  const name = link.vlan === undefined ? link.name : `${link.name}@${link.vlan.parent}`;
  const master = link.master === undefined ? "" : ` master ${link.master}`;
  const kind = link.kind === "loopback" ? "loopback" : "ether";
  const broadcast = link.kind === "loopback" ? "00:00:00:00:00:00" : "ff:ff:ff:ff:ff:ff";
  const queue = link.kind === "ethernet" ? "mq" : "noqueue";
  return (
    `${link.index}: ${name}: <${flagsOf(link, up).join(",")}> mtu ${link.mtu} qdisc ${queue}${master} state ${operstate(link, up)} ` +
    `mode DEFAULT group default qlen 1000\n    link/${kind} ${link.mac} brd ${broadcast}\n`
  );
}
