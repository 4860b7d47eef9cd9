import { parse } from "yaml";
import { isObject } from "../../runner/json.ts";
import type { KubeRouterArguments } from "./kube-router-arguments.ts";
import { familyOf, withoutLength } from "./prefix.ts";
import { isAtLeast } from "./speaker.ts";

/** A peer as kube-router was told of it. */
export interface KubeRouterPeer {
  readonly address: string;
  readonly asn: number;
  readonly port: number;
  readonly password: string | undefined;
  readonly source: string | undefined;
}

/**
 * The external peers of a pod: those of the arguments when there are any, else the annotation `kube-router.io/peers` (2.7), else the
 * older lists (facts cni.md 2.3). Undefined when something cannot be read: kube-router then runs no BGP at all.
 */
export function kubeRouterPeers(
  flags: KubeRouterArguments,
  annotations: Readonly<Record<string, unknown>>,
  version: string | undefined,
): readonly KubeRouterPeer[] | undefined {
  const global = flags.list("peer-router-ips");
  if (global.length > 0) {
    const [asns, ports] = [flags.list("peer-router-asns"), flags.list("peer-router-ports")];
    return listed({ ips: global, asns, ports, passwords: flags.list("peer-router-passwords"), localips: [] });
  }
  const peers = annotations["kube-router.io/peers"];
  if (typeof peers === "string" && isAtLeast(version, 2, 7)) return fromYaml(peers);
  const list = (name: string) => {
    const text = annotations[`kube-router.io/peer.${name}`];
    return typeof text === "string" && text !== "" ? text.split(",").map((item) => item.trim()) : [];
  };
  return listed({
    ips: list("ips"),
    asns: list("asns"),
    ports: list("ports"),
    passwords: list("passwords"),
    localips: list("localips"),
  });
}

function fromYaml(text: string): readonly KubeRouterPeer[] | undefined {
  const items = parsed(text);
  if (items === undefined) return undefined;
  return complete(
    items.map((item) => {
      const { remoteip, remoteasn, password, localip, port } = isObject(item) ? item : {};
      return peerOf(
        String(remoteip ?? ""),
        Number(remoteasn),
        Number(port ?? 179),
        optionalText(password),
        optionalText(localip),
      );
    }),
  );
}

function optionalText(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}

function parsed(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

type Lists = Readonly<Record<"ips" | "asns" | "ports" | "passwords" | "localips", readonly string[]>>;

/** Lists of equal length; those that are optional may be missing altogether. */
function listed(lists: Lists): readonly KubeRouterPeer[] | undefined {
  const { ips, asns, ports, passwords, localips } = lists;
  if (asns.length !== ips.length) return undefined;
  if ([ports, passwords, localips].some((list) => list.length > 0 && list.length !== ips.length)) return undefined;
  return complete(
    ips.map((ip, index) =>
      peerOf(ip, Number(asns[index]), Number(ports[index] || 179), passwords[index] ?? "", localips[index] ?? ""),
    ),
  );
}

/** AS numbers that kube-router takes for an external peer (facts cni.md 2.3). */
function isUsableAs(asn: number): boolean {
  const reserved = asn === 23456 || (asn >= 64000 && asn <= 64511) || (asn >= 65535 && asn <= 131071);
  return Number.isInteger(asn) && asn >= 1 && asn <= 4294967295 && !reserved;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function peerOf(ip: string, asn: number, port: number, password: string, localIp: string): KubeRouterPeer | undefined {
  if (familyOf(ip) === undefined || ip.includes("/") || !isUsableAs(asn) || !BASE64.test(password)) return undefined;
  const secret = Buffer.from(password, "base64").toString();
  return {
    address: withoutLength(ip),
    asn,
    port,
    password: secret === "" ? undefined : secret,
    source: localIp === "" ? undefined : withoutLength(localIp),
  };
}

/** All or nothing. */
function complete(peers: readonly (KubeRouterPeer | undefined)[]): readonly KubeRouterPeer[] | undefined {
  const found = peers.filter((peer) => peer !== undefined);
  return found.length === peers.length ? found : undefined;
}
