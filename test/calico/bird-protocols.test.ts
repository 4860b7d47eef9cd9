import { suite } from "uvu";
import * as assert from "uvu/assert";
import { birdPeers } from "../../tasks/calico/bird-protocols.ts";

const test = suite("birdcl show protocols");

test("sessions with their state, whatever else runs in BIRD", () => {
  const output = `BIRD v0.3.3+birdv1.6.8 ready.
name     proto    table    state  since       info
static1  Static   master   up     23:35:26
kernel1  Kernel   master   up     23:35:26
device1  Device   master   up     23:35:26
direct1  Direct   master   up     23:35:26
Node_192_168_2_201 BGP      master   up     23:35:26    Established
Node_192_168_2_202 BGP      master   start  23:35:26    Connect
Node_192_168_2_203_port_1179 BGP      master   start  2026-11-22  Idle          BGP Error: Bad peer AS
Global_192_168_2_204 BGP      master   start  23:35:26    Active        Socket: Connection refused
Mesh_192_168_2_4 BGP      master   down   23:35:26
`;
  assert.equal(
    birdPeers(output, "ipv4").map(({ address, type, state }) => [address, type, state]),
    [
      ["192.168.2.201", "NodePeer", "Established"],
      ["192.168.2.202", "NodePeer", "Connect"],
      ["192.168.2.203", "NodePeer", "Idle"],
      ["192.168.2.204", "GlobalPeer", "Active"],
      ["192.168.2.4", "NodeMesh", "Idle"],
    ],
  );
});

test("IPv6 addresses, with their colons back", () => {
  const output = "Node_fd00_2__201 BGP      master   up     23:35:26    Established\n";
  assert.equal(birdPeers(output, "ipv6"), [{ address: "fd00:2::201", type: "NodePeer", state: "Established" }]);
});

test.run();
