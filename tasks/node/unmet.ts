import type { NodeReader } from "../../runner/connect/node.ts";
import { ok, type Result } from "../../runner/result.ts";
import { ping, showGuard, showLinks } from "./commands.ts";
import { findDrift } from "./drift.ts";
import { type FoundNetwork, readNetwork } from "./found-network.ts";
import { guardStates, readDefaultRoutes } from "./read-node.ts";
import { familyOf, type WantedNetwork } from "./wanted-network.ts";

/** What keeps a change from being confirmed, in words; empty: nothing. A failure: the node could not be asked. */
export async function unmet(
  reader: NodeReader,
  wanted: WantedNetwork,
  requireGateway: boolean,
): Promise<Result<readonly string[]>> {
  const [links, routes, guard] = await Promise.all([
    reader.run(showLinks),
    readDefaultRoutes(reader, wanted.gateways.map(familyOf)),
    reader.run(showGuard),
  ]);
  if (!links.ok) return links;
  if (!routes.ok) return routes;
  if (!guard.ok) return guard;
  if (guardStates(guard.value).apply) return ok(["netplan apply is still running"]);
  const network = readNetwork(links.value, routes.value);
  if (!network.ok) return network;
  const drift = findDrift(wanted, network.value).changes;
  if (drift.length > 0) {
    return ok(drift.map(({ target, before, after }) => `${target} is ${JSON.stringify(before)}, not ${JSON.stringify(after)}`));
  }
  const idle = idlePorts(wanted, network.value);
  if (idle.length > 0 || !requireGateway) return ok(idle);
  const silent: string[] = [];
  for (const gateway of wanted.gateways) {
    const answer = await reader.run(ping(gateway));
    if (!answer.ok) return answer;
    if (answer.value.exitCode !== 0) silent.push(`the gateway ${gateway} does not answer`);
  }
  return ok(silent);
}

/**
 * Members that the bond cannot use: no carrier, or bundled by LACP with another partner than the rest, because the leaves are no vPC pair or
 * a port there speaks no LACP. Traffic flows over the others, so nothing else would show that a failure is no longer survived.
 */
export function idlePorts(wanted: WantedNetwork, found: FoundNetwork): readonly string[] {
  const { bond } = wanted;
  if (bond === undefined) return [];
  const active = found.links.find((link) => link.name === bond)?.aggregator;
  return found.links.flatMap(({ name, master, carrier, aggregator }) => {
    if (master !== bond) return [];
    if (carrier === false) return [`${name} in ${bond} has no carrier`];
    if (active === undefined || aggregator === undefined || aggregator === active) return [];
    return [`${name} in ${bond} is not bundled: its LACP partner is not that of the other members`];
  });
}
