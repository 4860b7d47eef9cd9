import { suite } from "uvu";
import * as assert from "uvu/assert";
import { computeRouting } from "../../../lab/bgp/routing.ts";
import { clusterOf, inputOf, route } from "./design.ts";
import type { Design } from "./design-choices.ts";

const test = suite("BGP sessions");

/** Every session's states, when they are all the same. */
function allStates(change: Partial<Design>): string {
  const states = new Set(route(change).sessions.map((session) => `${session.leafState} ${session.nodeState}`));
  return [...states].join(", ");
}

test("the paper's example: six nodes, each to both leaves of its rack", () => {
  const { sessions } = route();
  assert.is(sessions.length, 12);
  assert.ok(
    sessions.every(
      (session) => session.established && session.leafState === "established" && session.nodeState === "Established",
    ),
  );
  assert.equal(
    sessions.filter((session) => session.node === "n1").map((session) => session.leafId),
    [203, 204],
  );
});

test("a wrong password, and one on one side only: no entry on the leaf, Connect on the node", () => {
  assert.is(allStates({ nodePassword: "other" }), "undefined Connect");
  assert.is(allStates({ leafPassword: "" }), "undefined Connect");
  assert.match(route({ nodePassword: "other" }).sessions[0]?.reason ?? "", "TCP MD5: passwords differ");
});

test("without the Role calico-node cannot read the Secret and uses no password", () => {
  assert.is(allStates({ passwordRole: false }), "undefined Connect");
  assert.is(allStates({ passwordRole: false, leafPassword: "" }), "established Established");
});

test("a Secret in kube-system is not found by the operator's calico-node", () => {
  const input = inputOf();
  const moved = input.kube.map((item) =>
    item.kind === "Secret" ? { ...item, metadata: { ...item.metadata, namespace: "kube-system" } } : item,
  );
  const { sessions } = computeRouting({ ...input, cluster: clusterOf(moved) });
  assert.ok(sessions.every((session) => session.nodeState === "Connect" && session.reason?.includes("the node has no password")));
});

test("a wrong AS on either side: idle", () => {
  assert.is(allStates({ leafRemoteAs: "65010" }), "idle Idle");
  assert.is(allStates({ clusterAs: 65010 }), "idle Idle");
  assert.is(allStates({ peerAs: 65010 }), "idle Idle");
  assert.match(route({ clusterAs: 65010 }).sessions[0]?.reason ?? "", "expects AS 65003, the node is AS 65010");
});

test("a wrong VLAN tag, or one that the leaf's mode does not take: no entry, Active", () => {
  assert.is(allStates({ nodeVlan: 311 }), "undefined Active");
  assert.is(allStates({ nodeVlan: undefined }), "undefined Active");
  assert.is(allStates({ nodeVlan: undefined, mode: "native" }), "established Established");
  assert.is(allStates({ nodeVlan: undefined, mode: "untagged" }), "established Established");
  assert.is(allStates({ mode: "untagged" }), "undefined Active");
});

test("a VLAN outside the domain's pool is not deployed: no leaf has the peer's address", () => {
  const { sessions } = route({ vlanPool: [100, 199] });
  assert.is(sessions.length, 12);
  assert.ok(sessions.every((session) => !session.established && session.leafState === undefined));
});

test("an SVI that the leaf refused with F0467 is not deployed there", () => {
  const input = inputOf();
  const svi = [...input.objects.keys()].find((dn) => dn.includes("node-201]-[vlan") && dn.endsWith("]-[vlan-310]")) ?? "";
  const dn = `topology/pod-1/node-201/local/svc-policyelem-id-0/uni/epp/rtd-[${svi}]/nwissues/fault-F0467`;
  const objects = new Map(input.objects).set(dn, { className: "faultInst", dn, attributes: { code: "F0467" }, secure: {} });
  const { sessions } = computeRouting({ ...input, objects });
  assert.equal(
    new Set(sessions.filter((session) => !session.established).map((session) => session.leafAddress)),
    new Set(["192.168.2.201"]),
  );
});

test("a peer subnet without the nodes refuses the connection", () => {
  assert.is(allStates({ peerAddress: "192.168.99.0/24" }), "undefined Active");
});

test("a host peer is an entry that the leaf keeps trying, also while passwords differ", () => {
  const { sessions } = route({ peerAddress: "192.168.2.1", nodePassword: "other" });
  const [first] = sessions;
  assert.is(first?.nodeAddress, "192.168.2.1");
  assert.is(first?.leafState, "active");
});

test("a node with one member of its bond keeps its sessions, with none it loses them", () => {
  const input = inputOf();
  const down = (count: number) =>
    input.nodes.map((state) => ({
      ...state,
      links: state.links.map((link) => ({
        ...link,
        up: link.kind === "ethernet" ? Number(link.name.slice(-1)) > count : count < 2,
      })),
    }));
  assert.ok(computeRouting({ ...input, nodes: down(1) }).sessions.every((session) => session.established));
  assert.ok(computeRouting({ ...input, nodes: down(2) }).sessions.every((session) => !session.established));
});

test("a node that is off, or has no calico-node, has no session", () => {
  const input = inputOf();
  const off = input.nodes.map((state) => (state.name === "n0" ? { ...state, poweredOn: false } : state));
  assert.is(computeRouting({ ...input, nodes: off }).sessions.filter(({ node }) => node === "n0").length, 0);
  const left = input.nodes.map((state) => (state.name === "n0" ? { ...state, containers: false } : state));
  assert.is(computeRouting({ ...input, nodes: left }).sessions.filter(({ node }) => node === "n0").length, 0);
  const kube = input.kube.filter((item) => item.metadata.name !== "calico-node-0");
  assert.is(computeRouting({ ...input, cluster: clusterOf(kube) }).sessions.filter(({ node }) => node === "n0").length, 0);
});

test("a gateway that is no address of the leaves does not answer; the secondary and a primary do", () => {
  assert.equal(route().unreachable, []);
  assert.equal(route({ gateway: "192.168.2.201" }).unreachable, []);
  const { unreachable, sessions } = route({ gateway: "192.168.2.253" });
  assert.is(unreachable.length, 6);
  assert.is(unreachable[0]?.reason, "no leaf has the address 192.168.2.253");
  assert.ok(sessions.every((session) => session.established));
});

test.run();
