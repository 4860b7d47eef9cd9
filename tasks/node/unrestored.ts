import type { NodeReader } from "../../runner/connect/node.ts";
import { ok, type Result } from "../../runner/result.ts";
import { showGuard, showLinks } from "./commands.ts";
import { readNetwork } from "./found-network.ts";
import { guardStates } from "./read-node.ts";
import type { RestorePlan } from "./restore-plan.ts";
import { canonical } from "./wanted-network.ts";

/** What keeps the way back from being confirmed, in words; empty: nothing. A failure: the node could not be asked. */
export async function unrestored(reader: NodeReader, plan: RestorePlan): Promise<Result<readonly string[]>> {
  const [links, guard] = await Promise.all([reader.run(showLinks), reader.run(showGuard)]);
  if (!links.ok) return links;
  if (!guard.ok) return guard;
  if (guardStates(guard.value).apply) return ok(["netplan apply is still running"]);
  const network = readNetwork(links.value, []);
  if (!network.ok) return network;
  const held = new Set(network.value.links.flatMap(({ addresses }) => addresses.map(canonical)));
  const left = new Set(network.value.links.map(({ name }) => name));
  return ok([
    ...plan.addresses.filter((address) => !held.has(canonical(address))).map((address) => `no link has the address ${address}`),
    ...plan.drift.remove.filter((name) => left.has(name)).map((name) => `link ${name} is still there`),
  ]);
}
