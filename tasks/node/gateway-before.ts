import type { NodeReader } from "../../runner/connect/node.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import { ping, showOwnEnd } from "./commands.ts";
import type { FoundNetwork } from "./found-network.ts";
import { familyOf, hostOf, sameAddress, type WantedNetwork } from "./wanted-network.ts";

/** One lost packet is no reason to refuse a change. */
const TRIES = 3;

/**
 * Refuses a change that cannot be confirmed: the gateway does not answer although this very connection comes in over the wanted address and
 * VLAN, so that the node's side is not the cause. Everything else goes on: with another address or VLAN, or when the node is reached over
 * another network, the gateway may well answer only after the change (a leaf suspends a port that does not speak LACP yet).
 */
export async function gatewayBefore(reader: NodeReader, wanted: WantedNetwork, found: FoundNetwork): Promise<Result<void>> {
  const end = await reader.run(showOwnEnd);
  if (!end.ok) return end;
  const [, , server] = end.value.stdout.trim().split(" ");
  const ours = wanted.addresses.find((address) => server !== undefined && sameAddress(server, hostOf(address)));
  const gateway = wanted.gateways.find((next) => ours !== undefined && familyOf(next) === familyOf(ours));
  if (ours === undefined || gateway === undefined) return ok(undefined);
  const here = found.links.find((link) => link.addresses.some((address) => sameAddress(hostOf(address), hostOf(ours))));
  if (here === undefined || here.vlan?.id !== wanted.vlan?.id) return ok(undefined);
  for (let tried = 0; tried < TRIES; tried += 1) {
    const answer = await reader.run(ping(gateway));
    if (!answer.ok) return answer;
    if (answer.value.exitCode === 0) return ok(undefined);
  }
  return failed({
    kind: "failed",
    doing: "asking the gateway before the change",
    message: `the gateway ${gateway} does not answer, though ${here.name} already has ${ours}; nothing was changed`,
    meaning: "the node can be reached at this address, so the gateway itself is missing: the secondary address of the SVI",
    next: "bring up the fabric's side first (run without --tags nodes); set `require_gateway: false` if the gateway answers no ping",
  });
}
