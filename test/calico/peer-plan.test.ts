import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type PlannedPeer, plannedPeers } from "../../tasks/calico/peer-plan.ts";
import type { Session } from "../../tasks/calico/sessions.ts";

const test = suite("which BGPPeers make the planned sessions");

function session(node: string, rack: string | null, leaf: number, address = `192.168.2.${leaf}`): Session {
  return { node, rack_id: rack, leaf: `leaf${leaf}`, leaf_id: leaf, family: "ipv4", peer_address: address };
}

/** `201: racks 1`, `worker-1-201: node worker-1`. */
function words({ name, nodes }: PlannedPeer): string {
  return `${name}: ${nodes.kind === "node" ? `node ${nodes.name}` : `racks ${nodes.racks.join("+")}`}`;
}

const cases: readonly (readonly [string, readonly Session[], readonly string[]])[] = [
  ["all nodes of a rack share a leaf", [session("a", "1", 201), session("b", "1", 201)], ["201: racks 1"]],
  ["two racks share a leaf", [session("a", "1", 201), session("b", "2", 201)], ["201: racks 1+2"]],
  [
    "a node that is cabled to fewer leaves than its rack takes the rack's peer apart",
    [session("a", "1", 201), session("a", "1", 202), session("b", "1", 201)],
    ["201: racks 1", "a-202: node a"],
  ],
  ["a node without a rack", [session("a", null, 201), session("b", "1", 201)], ["201: racks 1", "a-201: node a"]],
  [
    "a leaf with an address for each node",
    [session("a", "1", 201, "192.168.1.2"), session("b", "2", 201, "192.168.1.10")],
    ["a-201: node a", "b-201: node b"],
  ],
];
for (const [name, sessions, wanted] of cases) {
  test(name, () => assert.equal(plannedPeers(sessions, "rack").map(words), wanted));
}

test.run();
