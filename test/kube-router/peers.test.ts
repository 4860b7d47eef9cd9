import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import type { KubeObject, Manifest } from "../../runner/connect/cluster.ts";
import { sendable } from "../../runner/connect/kube/documents.ts";
import { Secret } from "../../runner/secret.ts";
import { parseVersion } from "../../tasks/cni/version.ts";
import { configuredPeers } from "../../tasks/kube-router/configured-peers.ts";
import { digestOf } from "../../tasks/kube-router/gobgp.ts";
import { peers } from "../../tasks/kube-router/peers.ts";
import { connectionsTo, fakeCluster, prepare } from "../k8s/fake-cluster.ts";
import { CANARY, ENCODED, node, session } from "./running.ts";

const test = suite("kube_router.peers");

const sessions = () => [
  session("worker-1", "192.168.43.201"),
  session("worker-1", "192.168.43.202"),
  session("worker-2", "192.168.43.203", { local_address: "192.168.43.2" }),
];
const dual = () => [
  session("worker-1", "192.168.43.201"),
  session("worker-1", "fd00:2::201", { family: "ipv6", local_address: "fd00:2::1" }),
];
const args = (more: Record<string, unknown> = {}) => ({
  ...{ version: "v2.11.1", asn: 65002, sessions: sessions(), password: new Secret(CANARY) },
  ...more,
});

async function manifests(more: Record<string, unknown> = {}): Promise<readonly Manifest[]> {
  return (await planned(more)).manifests;
}

/** What the task asks of the cluster, which has these nodes. */
async function planned(more: Record<string, unknown> = {}, nodes: readonly KubeObject[] = []) {
  const cluster = fakeCluster({ nodes });
  const task = prepare(peers, args(more));
  if (task.form !== "action") throw new Error("not an action");
  const plan = await task.plan(connectionsTo(cluster));
  if (!plan.ok) throw new Error(plan.failure.message);
  const wanted = cluster.wanted.flatMap((resource) => (resource.kind === "manifest" ? [resource] : []));
  return { manifests: wanted, warnings: plan.value.warnings ?? [] };
}

/** The annotations as kubectl gets them. */
function sent(manifest: Manifest | undefined): Readonly<Record<string, string>> {
  const object = manifest === undefined ? undefined : sendable(manifest);
  if (!object?.ok) throw new Error("not sendable");
  return object.value.metadata.annotations ?? {};
}

test("2.7 and later: one YAML list for each node, the password encoded without a line end", async () => {
  const [first, second, ...others] = await manifests();
  assert.equal(others, []);
  assert.equal(Object.keys(sent(first)), ["kube-router.io/peers"]);
  assert.equal(parse(sent(first)["kube-router.io/peers"] ?? ""), [
    { remoteip: "192.168.43.201", remoteasn: 65002, password: ENCODED },
    { remoteip: "192.168.43.202", remoteasn: 65002, password: ENCODED },
  ]);
  assert.is(second?.object.metadata.name, "worker-2");
  assert.is(Buffer.from(ENCODED, "base64").toString(), CANARY);
});

test("before 2.7: comma lists of equal length", async () => {
  const [first] = await manifests({ version: "2.6.1" });
  assert.equal(sent(first), {
    "kube-router.io/peer.ips": "192.168.43.201,192.168.43.202",
    "kube-router.io/peer.asns": "65002,65002",
    "kube-router.io/peer.passwords": `${ENCODED},${ENCODED}`,
  });
  const [open] = await manifests({ version: "2.6.1", password: undefined });
  assert.equal(Object.keys(sent(open)), ["kube-router.io/peer.ips", "kube-router.io/peer.asns"]);
});

test("a node with two families says from which address each session goes; IPv6 addresses are texts", async () => {
  const [first] = await manifests({ sessions: dual(), password: undefined });
  assert.equal(parse(sent(first)["kube-router.io/peers"] ?? ""), [
    { remoteip: "192.168.43.201", remoteasn: 65002, localip: "192.168.43.1" },
    { remoteip: "fd00:2::201", remoteasn: 65002, localip: "fd00:2::1" },
  ]);
  const [old] = await manifests({ sessions: dual(), version: "2.0.0" });
  assert.is(sent(old)["kube-router.io/peer.localips"], "192.168.43.1,fd00:2::1");
});

for (const version of ["1.5.1", "2.6.1", "2.7.0", "2.11.1"]) {
  test(`${version} reads back what was written for it`, async () => {
    const both = version === "1.5.1" ? sessions() : dual();
    const [first] = await manifests({ version, sessions: both });
    const found = configuredPeers(node("worker-1", { ...sent(first) }), parseVersion(version));
    const expected = both.filter(({ node: name }) => name === "worker-1");
    assert.equal(
      found?.map(({ address, asn, password }) => [address, asn, password]),
      expected.map(({ peer_address: address }) => [address, 65002, digestOf(CANARY)]),
    );
  });
}

test("the other form's annotations are read only by the releases that do", () => {
  const old = { "kube-router.io/peer.ips": "192.0.2.1", "kube-router.io/peer.asns": "65002" };
  const both = node("worker-1", { ...old, "kube-router.io/peers": "- {remoteip: 192.0.2.2, remoteasn: 65002}" });
  const addresses = (version: string) => configuredPeers(both, parseVersion(version))?.map(({ address }) => address);
  assert.equal(addresses("2.7.0"), ["192.0.2.2"]);
  assert.equal(addresses("2.6.9"), ["192.0.2.1"]);
  assert.equal(
    configuredPeers(node("worker-1", old), parseVersion("2.11.1"))?.map(({ address }) => address),
    ["192.0.2.1"],
  );
});

for (const text of ["- remoteip: [", "just text", "- {remoteip: 192.0.2.1}", "- {remoteasn: 65002}"]) {
  test(`annotation ${text} cannot be read`, () => {
    assert.is(configuredPeers(node("worker-1", { "kube-router.io/peers": text }), undefined), undefined);
  });
}

test("nothing but the connection puts the password in", async () => {
  const text = JSON.stringify(await manifests()) + JSON.stringify(await manifests({ version: "2.6.1" }));
  assert.not.match(text, CANARY);
  assert.not.match(text, ENCODED);
});

test("a field manager of its own, and no node is made up", async () => {
  for (const { fieldManager, force, state, whenMissing } of await manifests()) {
    assert.equal([fieldManager, force, state, whenMissing], ["underlay-kube-router-peers", true, "present", "fail"]);
  }
});

test("absent: an apply of nothing, never a deletion of the Node", async () => {
  for (const manifest of await manifests({ state: "absent" })) {
    assert.equal([manifest.state, manifest.whenMissing, sent(manifest)], ["present", "leave", {}]);
  }
});

test("reserved AS numbers, old releases and long passwords are refused", () => {
  for (const asn of [23456, 64000, 64511, 65535, 131071]) assert.throws(() => prepare(peers, args({ asn })), /is reserved/);
  for (const asn of [1, 65002, 65534, 131072, 4200000000]) prepare(peers, args({ asn }));
  assert.throws(() => prepare(peers, args({ version: "1.5.0" })), /1\.5\.1/);
  assert.throws(() => prepare(peers, args({ password: new Secret("x".repeat(81)) })), /80 bytes/);
});

test("the log of releases before 2.7 holds the password: warned of", () => {
  assert.match(prepare(peers, args({ version: "2.6.1" })).warnings.join(), "writes these annotations to its log");
  assert.equal(prepare(peers, args()).warnings, []);
});

test("a node that was withdrawn gets no peers, and that is said; the others get theirs", async () => {
  const resting = { ...node("worker-1"), metadata: { name: "worker-1", labels: { "underlay/withdrawn": "true" } } };
  const { manifests: wanted, warnings } = await planned({}, [resting, node("worker-2")]);
  assert.equal(
    wanted.map((manifest) => [manifest.object.metadata.name, Object.keys(sent(manifest)), manifest.whenMissing]),
    [
      ["worker-2", ["kube-router.io/peers"], "fail"],
      ["worker-1", [], "leave"],
    ],
  );
  assert.is(warnings.length, 1);
  assert.match(warnings[0] ?? "", /^worker-1 gets no peers: withdrawn \(label underlay\/withdrawn\)/);
});

test.run();
