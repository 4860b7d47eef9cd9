import { suite } from "uvu";
import * as assert from "uvu/assert";
import { podProgram } from "../../../lab/bgp/pod-program.ts";
import { route } from "./design.ts";
import { podPrefix } from "./design-addresses.ts";
import type { Design } from "./design-choices.ts";

const test = suite("BGP programs in the CNIs' pods");
const NOW = new Date("2026-11-23T12:00:00Z");
const SINCE = new Date("2026-11-23T11:59:30Z");
const APPS = { calico: "calico-node", "kube-router": "kube-router", cilium: "cilium" };

function run(change: Partial<Design> & Pick<Design, "cni">, line: string, node = "n0") {
  const routing = route({ services: false, matched: ["10.1.0.0/16", "fd00:10::/112"], ...change });
  const labels = { "k8s-app": APPS[change.cni] };
  const program = { namespace: "kube-system", pod: "p", container: "c", node, labels, command: line.split(" ") };
  return podProgram(routing, program, { now: NOW, since: () => SINCE }, { turn: () => undefined });
}

/** The parsed JSON that a program prints. */
function json(change: Partial<Design> & Pick<Design, "cni">, line: string) {
  const { stdout, exitCode } = run(change, line);
  assert.is(exitCode, 0);
  return JSON.parse(stdout);
}

test("gobgp neighbor: enums are numbers, zeros are left out, the password is in clear", () => {
  const [first, second] = json({ cni: "kube-router" }, "gobgp neighbor -j");
  assert.equal(first.conf, {
    neighbor_address: "192.168.2.201",
    peer_asn: 65002,
    local_asn: 65003,
    auth_password: "secret",
    type: 1,
  });
  assert.is(first.state.session_state, 6);
  assert.not.ok("admin_state" in first.state);
  assert.equal(first.timers.state, { negotiated_hold_time: 6, keepalive_interval: 2, uptime: { seconds: 30 } });
  assert.equal(first.afi_safis[0].state, { family: { afi: 1, safi: 1 }, enabled: true, received: 5, accepted: 5 });
  assert.is(second.conf.neighbor_address, "192.168.2.202");
  assert.is(json({ cni: "kube-router" }, "gobgp neighbor 192.168.2.201 -j").afi_safis[0].state.advertised, 1);
});

test("gobgp neighbor of a session that is down, and without AS override", () => {
  const [down] = json({ cni: "kube-router", nodePassword: "other" }, "gobgp neighbor -j");
  assert.is(down.state.session_state, 3);
  assert.equal(down.timers.state, {});
  const [looped] = json({ cni: "kube-router", peerControl: "dis-peer-as-check" }, "gobgp neighbor -j");
  assert.equal(looped.afi_safis[0].state, { family: { afi: 1, safi: 1 }, enabled: true, received: 5 });
  const refused = run({ cni: "kube-router", nodePassword: "other" }, "gobgp neighbor 192.168.2.201 adj-in -j");
  assert.equal([refused.exitCode, Object.keys(JSON.parse(refused.stdout))], [1, ["error"]]);
});

test("gobgp tables: own routes without AS path, learned ones with next hop and source", () => {
  const rib = json({ cni: "kube-router" }, "gobgp global rib -j");
  assert.equal(Object.keys(rib).length, 6);
  const own = rib[podPrefix("ipv4", 0)][0];
  assert.equal(
    own.attrs.map((attribute: { type: number }) => attribute.type),
    [1, 3],
  );
  const [best, other] = rib[podPrefix("ipv4", 2)];
  assert.equal([best.best, other.best], [true, undefined]);
  assert.equal(best.attrs[1], { type: 2, as_paths: [{ segment_type: 2, num: 2, asns: [65002, 65002] }] });
  assert.equal(best.attrs[2], { type: 3, nexthop: "192.168.2.3" });
  assert.is(best["peer-address"], "192.168.2.201");
  assert.is(
    json({ cni: "kube-router", version: "v2.6.0", leafPassword: "" }, "gobgp global rib -j")[podPrefix("ipv4", 0)].length,
    1,
  );
  const looped = { cni: "kube-router", peerControl: "dis-peer-as-check" } as const;
  assert.equal(Object.keys(json(looped, "gobgp global rib -j")), [podPrefix("ipv4", 0)]);
  assert.is(Object.keys(json(looped, "gobgp neighbor 192.168.2.201 adj-in -j")).length, 5);
  assert.equal(Object.keys(json({ cni: "kube-router" }, "gobgp neighbor 192.168.2.201 adj-out -j")), [podPrefix("ipv4", 0)]);
});

test("gobgp in both families: a session carries its own only", () => {
  const families = ["ipv4", "ipv6"] as const;
  const neighbours = json({ cni: "kube-router", families }, "gobgp neighbor -j");
  assert.is(neighbours.length, 4);
  const received = neighbours.map((one: { afi_safis: { state: { received?: number } }[] }) =>
    one.afi_safis.map(({ state }) => state.received ?? 0),
  );
  assert.equal(received, [
    [5, 0],
    [5, 0],
    [0, 5],
    [0, 5],
  ]);
  assert.is(Object.keys(json({ cni: "kube-router", families }, "gobgp global rib -a ipv6 -j")).length, 6);
});

test("cilium-dbg bgp peers: received, nothing accepted", () => {
  const peers = json({ cni: "cilium" }, "cilium-dbg bgp peers -o json");
  assert.is(peers.length, 2);
  assert.equal(
    [peers[0]["peer-address"], peers[0]["session-state"], peers[0].name, peers[0]["tcp-password-enabled"]],
    ["192.168.2.201", "established", "leaf-201-ipv4", true],
  );
  assert.equal(peers[0].families, [{ afi: "ipv4", safi: "unicast", received: 5, advertised: 1 }]);
  const [down] = json({ cni: "cilium", clusterAs: 65010 }, "cilium-dbg bgp peers -o json");
  assert.equal([down["session-state"], down["uptime-nanoseconds"]], ["idle", undefined]);
});

test("cilium-dbg bgp routes: attributes as BGP bytes", () => {
  const [own, ...others] = json({ cni: "cilium" }, "cilium-dbg bgp routes available ipv4 unicast -o json");
  assert.equal([own.prefix, others], [podPrefix("ipv4", 0), []]);
  const [sent] = json({ cni: "cilium" }, "cilium-dbg bgp routes advertised ipv4 unicast peer 192.168.2.202 -o json");
  assert.is(sent.neighbor, "192.168.2.202");
  const bytes = (text: string) => [...Buffer.from(text, "base64")];
  assert.equal(bytes(sent.paths[0].nlri.base64), [26, 10, 1, 0, 0]);
  const attributes = sent.paths[0]["path-attributes"].map(({ base64 }: { base64: string }) => bytes(base64));
  assert.equal(attributes, [
    [0x40, 1, 1, 0],
    [0x40, 2, 6, 2, 1, 0, 0, 0xfd, 0xeb],
    [0x40, 3, 4, 192, 168, 2, 1],
  ]);
  const [six] = json({ cni: "cilium", families: ["ipv6"] }, "cilium-dbg bgp routes available ipv6 unicast -o json");
  const reach = bytes(six.paths[0]["path-attributes"][2].base64);
  assert.equal(reach.slice(0, 7), [0x80, 14, reach.length - 3, 0, 2, 1, 16]);
});

test("birdcl shows each family's protocols; a wrong password is Connect, a wrong AS an error, a loop 0 imported", () => {
  const line = (change: Partial<Design>, command = "birdcl show protocols") =>
    run({ cni: "calico", ...change }, command)
      .stdout.split("\n")
      .find((text) => text.startsWith("Node_"))
      ?.trimEnd();
  assert.is(line({}), "Node_192_168_2_201 BGP      master   up     11:59:30    Established");
  assert.is(line({ nodePassword: "other" }), "Node_192_168_2_201 BGP      master   start  11:59:30    Connect");
  assert.is(line({ clusterAs: 65010 }), "Node_192_168_2_201 BGP      master   start  11:59:30    Idle BGP Error: Bad peer AS");
  const families = ["ipv4", "ipv6"] as const;
  assert.match(line({ families }, "birdcl6 show protocols") ?? "", "Node_fd00_2__c9 BGP");
  assert.is(run({ cni: "calico" }, "birdcl6 show protocols").exitCode, 1);
  const all = "birdcl show protocols all Node_192_168_2_201";
  assert.match(run({ cni: "calico" }, all).stdout, "Routes:         5 imported, 1 exported, 5 preferred");
  assert.match(
    run({ cni: "calico", peerControl: "dis-peer-as-check" }, all).stdout,
    /0 imported[\s\S]*Import withdraws:\s+5\s+0\s+---\s+5\s+0/,
  );
});

test("birdcl shows routes of and for a neighbour", () => {
  const routes = run({ cni: "calico" }, "birdcl show route protocol Node_192_168_2_201").stdout;
  assert.match(routes, "via 192.168.2.3 on eth0 [Node_192_168_2_201 11:59:30] * (100/0) [AS65002i]");
  assert.match(run({ cni: "calico" }, "birdcl show route export Node_192_168_2_201").stdout, podPrefix("ipv4", 0));
});

test("a program that the image does not have, and a node without the agent", () => {
  assert.is(run({ cni: "calico" }, "gobgp neighbor -j").exitCode, 127);
  assert.is(run({ cni: "kube-router" }, "gobgp neighbor -j", "nowhere").exitCode, 1);
});

test.run();
