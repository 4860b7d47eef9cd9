import { bareAddress } from "./bare-address.ts";
import type { CalicoPeer } from "./node-status.ts";

/** How calico-node names a BGP protocol by what it is for, and what CalicoNodeStatus calls that. */
const TYPES: Readonly<Record<string, string>> = { Node: "NodePeer", Global: "GlobalPeer", Mesh: "NodeMesh" };

/**
 * BGP sessions in the output of `birdcl show protocols` (`birdcl6` for IPv6; facts: Calico, section 1.7):
 *
 *     name     proto    table    state  since       info
 *     Node_192_168_2_201 BGP      master   up     23:35:26    Established
 *
 * Names hold the peer's address with `_` for `.` and `:`, maybe `_port_N` behind it. `info` is the FSM's state, maybe a last error
 * behind it; empty when the session is shut down.
 */
export function birdPeers(output: string, family: "ipv4" | "ipv6"): readonly CalicoPeer[] {
  return output.split("\n").flatMap((row) => {
    const [name = "", protocol, , , , state = "Idle"] = row.trim().split(/\s+/);
    const [, kind = "", text = ""] = /^([A-Z][a-z]+)_(.+?)(?:_port_\d+)?$/.exec(name) ?? [];
    const type = TYPES[kind];
    if (protocol !== "BGP" || type === undefined) return [];
    return [{ address: bareAddress(text.replaceAll("_", family === "ipv4" ? "." : ":")), type, state }];
  });
}
