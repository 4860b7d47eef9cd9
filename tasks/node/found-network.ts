import { type Static, Type } from "#typebox";
import type { CommandOutput } from "../../runner/connect/node.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import { check } from "../../runner/schema.ts";

/** The fields of `ip -j -d addr` (iproute2 5.10 to 6.x) that are looked at; all others are let through. */
const Links = Type.Array(
  Type.Object({
    ifname: Type.String(),
    mtu: Type.Integer(),
    flags: Type.Array(Type.String()),
    /** Bond or bridge this link belongs to. */
    master: Type.Optional(Type.String()),
    /** Link below a VLAN. */
    link: Type.Optional(Type.String()),
    /** MAC address; a bond's members show the bond's, and their own as permaddr. */
    address: Type.Optional(Type.String()),
    permaddr: Type.Optional(Type.String()),
    linkinfo: Type.Optional(
      Type.Object({
        info_kind: Type.Optional(Type.String()),
        info_data: Type.Optional(
          Type.Object({
            id: Type.Optional(Type.Unknown()),
            mode: Type.Optional(Type.Unknown()),
            miimon: Type.Optional(Type.Unknown()),
            ad_lacp_rate: Type.Optional(Type.Unknown()),
            xmit_hash_policy: Type.Optional(Type.Unknown()),
            ad_info: Type.Optional(Type.Object({ aggregator: Type.Optional(Type.Unknown()) })),
          }),
        ),
        /** Of a member, as the bonding driver sees it. */
        info_slave_data: Type.Optional(
          Type.Object({ mii_status: Type.Optional(Type.Unknown()), ad_aggregator_id: Type.Optional(Type.Unknown()) }),
        ),
      }),
    ),
    addr_info: Type.Optional(
      Type.Array(
        Type.Object({
          local: Type.Optional(Type.String()),
          prefixlen: Type.Optional(Type.Integer()),
          scope: Type.Optional(Type.String()),
        }),
      ),
    ),
  }),
);

const Routes = Type.Array(
  Type.Object({
    dst: Type.String(),
    gateway: Type.Optional(Type.String()),
    dev: Type.Optional(Type.String()),
    protocol: Type.Optional(Type.String()),
  }),
);

/** A link as the kernel has it now. */
export interface FoundLink {
  readonly name: string;
  readonly mtu: number;
  /** Set up by the administrator (flag UP); says nothing about the cable. */
  readonly up: boolean;
  readonly master: string | undefined;
  /** Both MAC addresses a link may have, lower case. */
  readonly macs: readonly string[];
  /** `bond`, `vlan`, `bridge` …; undefined for hardware. */
  readonly kind: string | undefined;
  /** Of a bond, by netplan's names; a value the tool did not print is left out. */
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly vlan: { readonly id: number; readonly parent: string | undefined } | undefined;
  /** Of a member: whether the bond sees a cable; undefined for other links. */
  readonly carrier: boolean | undefined;
  /** LACP aggregator: of a bond the active one, of a member its own. */
  readonly aggregator: number | undefined;
  /** Global addresses with prefix length; link-local ones come and go by themselves. */
  readonly addresses: readonly string[];
}

/** A default route. */
export interface FoundRoute {
  readonly family: 4 | 6;
  readonly gateway: string | undefined;
  readonly device: string | undefined;
  readonly protocol: string | undefined;
}

/** What the kernel has now. */
export interface FoundNetwork {
  readonly links: readonly FoundLink[];
  readonly defaultRoutes: readonly FoundRoute[];
}

/** The answer of `ip -j -4|-6 route show default`. */
export interface RoutesOutput {
  readonly family: 4 | 6;
  readonly output: CommandOutput;
}

/** Reads the answers of `ip -j -d addr` and of `ip -j -4|-6 route show default` for the families that matter. */
export function readNetwork(links: CommandOutput, routes: readonly RoutesOutput[]): Result<FoundNetwork> {
  const foundLinks = parse("ip -j -d addr", links, (value) => check(Links, value));
  if (!foundLinks.ok) return foundLinks;
  const defaultRoutes: FoundRoute[] = [];
  for (const { family, output } of routes) {
    const found = parse(`ip -j -${family} route show default`, output, (value) => check(Routes, value));
    if (!found.ok) return found;
    const defaults = found.value.filter((route) => route.dst === "default");
    defaultRoutes.push(...defaults.map(({ gateway, dev, protocol }) => ({ family, gateway, device: dev, protocol })));
  }
  return ok({ links: foundLinks.value.map(toLink), defaultRoutes });
}

function parse<T>(
  doing: string,
  output: CommandOutput,
  checked: (value: unknown) => { readonly ok: true; readonly value: T } | { readonly ok: false },
): Result<T> {
  if (output.exitCode !== 0) return failed({ kind: "failed", doing, message: output.stderr.trim() || `exit ${output.exitCode}` });
  try {
    const result = checked(output.stdout.trim() === "" ? [] : JSON.parse(output.stdout));
    if (result.ok) return ok(result.value);
  } catch {
    // Not JSON: said below, like JSON of another shape.
  }
  return failed({
    kind: "failed",
    doing,
    message: `not the JSON that iproute2 prints: ${output.stdout.slice(0, 120)}`,
    meaning: "the node's `ip` is not iproute2 (busybox?) or older than 5.0",
    next: "install iproute2",
  });
}

function toLink(link: Static<typeof Links>[number]): FoundLink {
  const kind = link.linkinfo?.info_kind;
  const data = link.linkinfo?.info_data ?? {};
  const member = link.linkinfo?.info_slave_data;
  const aggregator = member?.ad_aggregator_id ?? data.ad_info?.aggregator;
  const parameters = {
    mode: data.mode,
    "lacp-rate": data.ad_lacp_rate,
    "mii-monitor-interval": data.miimon,
    "transmit-hash-policy": data.xmit_hash_policy,
  };
  return {
    name: link.ifname,
    mtu: link.mtu,
    up: link.flags.includes("UP"),
    master: link.master,
    macs: [link.address, link.permaddr].flatMap((mac) => (mac === undefined ? [] : [mac.toLowerCase()])),
    kind,
    parameters: kind === "bond" ? known(parameters) : {},
    vlan: kind === "vlan" && typeof data.id === "number" ? { id: data.id, parent: link.link } : undefined,
    carrier: typeof member?.mii_status === "string" ? member.mii_status === "UP" : undefined,
    aggregator: typeof aggregator === "number" ? aggregator : undefined,
    addresses: (link.addr_info ?? []).flatMap(({ local, prefixlen, scope }) =>
      local === undefined || prefixlen === undefined || scope !== "global" ? [] : [`${local}/${prefixlen}`],
    ),
  };
}

function known(values: Readonly<Record<string, unknown>>): Readonly<Record<string, string | number>> {
  const kept: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "string" || typeof value === "number") kept[name] = value;
  }
  return kept;
}
