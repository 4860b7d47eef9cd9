import { error, type Finding, warning } from "./finding.ts";
import type { PortEvidence, Range } from "./port-evidence.ts";

/** What this run is going to configure. */
export interface PortsWish {
  readonly model: "profiles" | "port";
  readonly cluster: string;
  readonly ports: readonly {
    readonly node: string;
    readonly leaf: number;
    readonly card: number;
    readonly port: number;
    /** DN of the policy group. */
    readonly group: string;
  }[];
  /** DN of the VLAN pool. */
  readonly pool: string;
  readonly vlans: Range;
}

type Port = PortsWish["ports"][number];

/** The controller makes profiles of this name for ports that are configured one by one (facts section 4); they are no second binding. */
const SYSTEM_MADE = /^uni\/infra\/accportprof-system-port-profile-/;
const OURS = "orchestrator:underlay";

/** A port has one policy group (paper, *Physical connectivity*): two bindings give a fault, and one of them decides. */
export function judgePorts(wish: PortsWish, found: PortEvidence): readonly Finding[] {
  return [
    ...wish.ports.flatMap((port) => [...selectorsAt(port, wish, found), ...singleAt(port, wish, found)]),
    ...overlaps(wish, found),
    ...stale(wish, found),
  ];
}

function selectorsAt(port: Port, { model, cluster }: PortsWish, found: PortEvidence): readonly Finding[] {
  const own = model === "profiles" ? `uni/infra/accportprof-${cluster}-leaf${port.leaf}` : undefined;
  const here = new Set(
    found.switches.filter(({ leaves }) => leaves.some((leaf) => holds(leaf, port.leaf))).flatMap(({ profiles }) => profiles),
  );
  return found.selectors
    .filter(({ profile }) => here.has(profile) && profile !== own && !SYSTEM_MADE.test(profile))
    .filter(({ blocks }) => blocks.some(({ cards, ports }) => holds(cards, port.card) && holds(ports, port.port)))
    .map(({ dn, group }) => bound(port, dn, group));
}

function singleAt(port: Port, { model }: PortsWish, found: PortEvidence): readonly Finding[] {
  const dn = `uni/infra/portconfnode-${port.leaf}-card-${port.card}-port-${port.port}-sub-0`;
  const there = found.single.find((one) => one.dn === dn);
  if (there === undefined) return [];
  const fine = model === "port" && (there.annotation === OURS || there.group === port.group || there.group === "");
  return fine ? [] : [bound(port, dn, there.group)];
}

function bound({ node, leaf, card, port }: Port, by: string, group: string): Finding {
  const to = group === "" ? "without a policy group" : `to ${group}`;
  return error(
    `port ${card}/${port} of leaf ${leaf} (${node}) is bound already by ${by}, ${to}: a port has one policy group (paper, Physical connectivity). ` +
      "Correct ports in the inventory, have its owner release the port, or leave out access_policies when the ports are configured as they should be",
  );
}

function overlaps({ pool, vlans }: PortsWish, found: PortEvidence): readonly Finding[] {
  const own = `${pool}/from-[vlan-${vlans.from}]-to-[vlan-${vlans.to}]`;
  return found.ranges
    .filter((range) => range.dn !== own && range.vlans.from <= vlans.to && vlans.from <= range.vlans.to)
    .map((range) => {
      const { from, to } = range.vlans;
      const covers = from <= vlans.from && vlans.to <= to;
      const next = covers ? `set access_policies.vlans to { from: ${from}, to: ${to} }` : "take other VLANs, or another pool";
      return error(
        `VLANs ${vlans.from} to ${vlans.to} overlap range ${from} to ${to} of ${pool}: the controller refuses overlapping ranges in a pool. ${next}`,
      );
    });
}

/** Profiles by the cluster's name for leaves that are not its any more. */
function stale({ cluster, ports }: PortsWish, found: PortEvidence): readonly Finding[] {
  const listed = new Set(ports.map(({ leaf }) => `uni/infra/nprof-${cluster}-leaf${leaf}`));
  return found.switches.flatMap(({ dn }) => {
    const prefix = `uni/infra/nprof-${cluster}-leaf`;
    if (!dn.startsWith(prefix) || !/^\d+$/.test(dn.slice(prefix.length)) || listed.has(dn)) return [];
    return [
      warning(
        `${dn} is this cluster's, and no node has a port on its leaf: it stays with its ports. To take it away list the port once more and run with state=absent, or delete it and the interface profile of that name by hand`,
      ),
    ];
  });
}

function holds({ from, to }: Range, value: number): boolean {
  return from <= value && value <= to;
}
