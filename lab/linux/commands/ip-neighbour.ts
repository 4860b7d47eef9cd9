import { fail, ok } from "../command.ts";
import { mainTable } from "../network.ts";
import type { IpObject } from "./ip-object.ts";

/** MAC address of an ACI leaf's SVI, the same on all leaves (l3extVirtualLIfP.mac). */
const LEAF_MAC = "00:22:bd:f8:19:ff";

/** `ip neighbour show`: the gateways, when the fabric answers for it. */
export const ipNeighbour: IpObject = ({ machine }, options, args) => {
  const [verb = "show"] = args;
  if (verb !== "show" && verb !== "list" && verb !== "ls")
    return fail(255, `Command "${verb}" is unknown, try "ip neighbour help".`);
  const found = mainTable(machine.network).flatMap(({ destination, gateway, device, family }) =>
    destination === "default" && gateway !== undefined && family === (options.family ?? family) ? [{ gateway, device }] : [],
  );
  if (!options.json) {
    const state = (gateway: string) => (machine.gatewayAnswers(gateway) ? `lladdr ${LEAF_MAC} REACHABLE` : "FAILED");
    return ok(found.map(({ gateway, device }) => `${gateway} dev ${device} ${state(gateway)} \n`).join(""));
  }
  if (found.length === 0) return ok("[ ]\n");
  const state = (gateway: string) =>
    machine.gatewayAnswers(gateway) ? { lladdr: LEAF_MAC, state: ["REACHABLE"] } : { state: ["FAILED"] };
  return ok(`${JSON.stringify(found.map(({ gateway, device }) => ({ dst: gateway, dev: device, ...state(gateway) })))}\n`);
};
