import { fail, ok } from "../command.ts";
import { mainTable } from "../network.ts";
import type { IpObject } from "./ip-object.ts";

/** MAC address of an ACI leaf's SVI, the same on all leaves (l3extVirtualLIfP.mac). */
const LEAF_MAC = "00:22:bd:f8:19:ff";

/** `ip neighbour show`: the gateway, when the fabric answers for it. */
export const ipNeighbour: IpObject = ({ machine }, options, args) => {
  const [verb = "show"] = args;
  if (verb !== "show" && verb !== "list" && verb !== "ls")
    return fail(255, `Command "${verb}" is unknown, try "ip neighbour help".`);
  const found = mainTable(machine.network).find((route) => route.destination === "default" && route.gateway !== undefined);
  if (found === undefined) return ok(options.json ? "[ ]\n" : "");
  const answers = machine.gatewayAnswers();
  if (!options.json) {
    return ok(`${found.gateway} dev ${found.device} ${answers ? `lladdr ${LEAF_MAC} REACHABLE` : "FAILED"} \n`);
  }
  const state = answers ? { lladdr: LEAF_MAC, state: ["REACHABLE"] } : { state: ["FAILED"] };
  return ok(`${JSON.stringify([{ dst: found.gateway, dev: found.device, ...state }])}\n`);
};
