import { suite } from "uvu";
import * as assert from "uvu/assert";
import { computeRouting, type Routing } from "../../../lab/bgp/routing.ts";
import type { LabKubeObject } from "../../../lab/parts.ts";
import { clusterOf, inputOf, onLeaf, route } from "./design.ts";
import { podPrefix } from "./design-addresses.ts";
import type { Design } from "./design-choices.ts";

const test = suite("what agents make of the cluster's objects");
const PODS = [0, 1, 2, 3, 4, 5].map((index) => podPrefix("ipv4", index));
const RANGES = ["10.1.0.0/16", "192.168.46.0/24", "192.168.47.0/24", "192.168.45.0/24"];

type Change = (object: LabKubeObject) => LabKubeObject | undefined;

/** A design with every object changed, and more of them. */
function changed(design: Partial<Design>, change: Change, more: readonly LabKubeObject[] = []): Routing {
  const input = inputOf({ services: false, matched: RANGES, ...design });
  const kube = [...input.kube.flatMap((object) => change(object) ?? []), ...more];
  return computeRouting({ ...input, cluster: clusterOf(kube) });
}

function withAnnotations(annotations: Record<string, string>): Change {
  const snapshot = { "lab.underlay/node-annotations": JSON.stringify(annotations) };
  return (object) => (object.kind === "Pod" ? { ...object, metadata: { ...object.metadata, annotations: snapshot } } : object);
}

const same: Change = (object) => object;

function service(name: string, spec: Record<string, unknown>, ingress: readonly string[] = []): LabKubeObject {
  const status = { loadBalancer: { ingress: ingress.map((ip) => ({ ip })) } };
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace: "default" }, spec, status };
}

function endpoint(name: string, nodeName: string, ready = true): LabKubeObject {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: `${name}-1`, namespace: "default", labels: { "kubernetes.io/service-name": name } },
    endpoints: [{ nodeName, conditions: { ready } }],
  };
}

function hops(routing: Routing, leaf: number, prefix: string): readonly string[] | undefined {
  const found = routing.routes.find((item) => item.leafId === leaf && item.prefix === prefix);
  return found?.nextHops.map((hop) => hop.address);
}

const BASE64 = Buffer.from("secret").toString("base64");
const OLD = {
  "kube-router.io/peer.ips": "192.168.2.201,192.168.2.202",
  "kube-router.io/peer.asns": "65002,65002",
  "kube-router.io/peer.passwords": `${BASE64},${BASE64}`,
};

for (const [what, annotations, version, sessions] of [
  ["the old lists", OLD, "v2.6.1", 12],
  ["the old lists, still read from 2.7 on", OLD, "v2.11.1", 12],
  ["the peers annotation before 2.7", { "kube-router.io/peers": "[{remoteip: 192.168.2.201, remoteasn: 65002}]" }, "v2.6.1", 0],
  ["the peers annotation wins", { ...OLD, "kube-router.io/peers": "[]" }, "v2.11.1", 0],
  ["lists of different length", { ...OLD, "kube-router.io/peer.asns": "65002" }, "v2.11.1", undefined],
  ["a password that is no base64", { ...OLD, "kube-router.io/peer.passwords": "secret!,secret!" }, "v2.11.1", undefined],
  ["text that is no YAML", { "kube-router.io/peers": "[{" }, "v2.11.1", undefined],
  [
    "a reserved AS number",
    { "kube-router.io/peers": "[{remoteip: 192.168.2.201, remoteasn: 64496}, {remoteip: 192.168.2.202, remoteasn: 64000}]" },
    "v2.11.1",
    undefined,
  ],
] as const) {
  test(`kube-router, ${what}: ${sessions === undefined ? "no BGP" : `${sessions} sessions`}`, () => {
    const routing = changed({ cni: "kube-router", version }, withAnnotations(annotations));
    assert.is(routing.agents.length, sessions === undefined ? 0 : 6);
    assert.is(routing.sessions.length, sessions ?? 0);
  });
}

test("kube-router with a newline in its password does not match the leaf's", () => {
  const wrong = Buffer.from("secret\n").toString("base64");
  const { sessions } = changed(
    { cni: "kube-router" },
    withAnnotations({ ...OLD, "kube-router.io/peer.passwords": `${wrong},${wrong}` }),
  );
  assert.match(sessions[0]?.reason ?? "", "passwords differ");
});

test("kube-router's arguments: peers for all nodes, a public AS, a word without dashes", () => {
  const flags = (...own: string[]) => route({ cni: "kube-router", services: false, flags: own });
  const global = flags("--peer-router-ips=192.168.2.201", "--peer-router-asns=65002", `--peer-router-passwords=${BASE64}`);
  assert.equal([global.sessions.length, global.sessions.every((session) => session.established)], [6, true]);
  assert.is(flags("--cluster-asn=64000").agents.length, 0);
  assert.is(flags("--enable-overlay", "false").agents.length, 0);
  assert.is(route({ cni: "kube-router", version: "v2.10.0", flags: ["--enable-overlay", "false"] }).agents.length, 6);
  assert.equal(onLeaf(flags("--advertise-pod-cidr=false"), 201), []);
});

test("kube-router tells external addresses inside its ranges only, from 2.8 on", () => {
  const web = service("web", { type: "LoadBalancer", clusterIP: "192.168.45.10", externalIPs: ["192.168.46.10"] }, [
    "192.168.47.10",
  ]);
  const told = (version: string, ...flags: string[]) =>
    onLeaf(changed({ cni: "kube-router", version, flags }, same, [web]), 201).filter((prefix) => prefix.endsWith("/32"));
  assert.equal(told("v2.11.1"), []);
  assert.equal(told("v2.7.0"), ["192.168.46.10/32", "192.168.47.10/32"]);
  const ranges = ["--service-external-ip-range=192.168.46.0/24", "--loadbalancer-ip-range=192.168.47.0/24"];
  assert.equal(told("v2.11.1", ...ranges), ["192.168.46.10/32", "192.168.47.10/32"]);
  assert.equal(told("v2.11.1", "--strict-external-ip-validation=false", "--advertise-cluster-ip"), [
    "192.168.45.10/32",
    "192.168.46.10/32",
    "192.168.47.10/32",
  ]);
});

test("kube-router with local traffic policy: only nodes with an endpoint, ready or not; and no node takes a service address", () => {
  const web = service("web", { type: "LoadBalancer", externalTrafficPolicy: "Local" }, ["192.168.47.10"]);
  const flags = ["--loadbalancer-ip-range=192.168.47.0/24"];
  const routing = changed({ cni: "kube-router", flags }, same, [web, endpoint("web", "n2", false)]);
  assert.equal(hops(routing, 201, "192.168.47.10/32"), ["192.168.2.3"]);
  assert.equal(hops(routing, 203, "192.168.47.10/32"), ["10.0.0.201", "10.0.0.202"]);
  assert.not.ok(routing.nodeRoutes.some((item) => item.prefix === "192.168.47.10/32"));
  assert.ok(routing.rejected.some((item) => item.by === "n0" && item.reason === "import policy"));
});

test("Cilium by version: policy up to 1.15, the operator's node configuration from 1.16", () => {
  const without = (kind: string) => (version: string) =>
    changed({ cni: "cilium", version }, (object) => (object.kind === kind ? undefined : object)).sessions.filter(
      (session) => session.established,
    ).length;
  assert.equal(["v1.15.9", "v1.16.0"].map(without("CiliumBGPPeeringPolicy")), [0, 12]);
  assert.equal(["v1.15.9", "v1.16.0"].map(without("CiliumBGPNodeConfig")), [12, 0]);
  // The policy's authSecretRef came with 1.15: before, there is no password.
  assert.is(without("CiliumBGPNodeConfig")("v1.14.5"), 0);
  assert.ok(route({ cni: "cilium", version: "v1.14.5", leafPassword: "" }).sessions.every((session) => session.established));
});

test("Cilium without IPv4: before 1.18 only a node that is told its router ID has BGP, then all", () => {
  const six = { cni: "cilium", families: ["ipv6"], matched: ["fd00:10::/112"] } as const;
  const told: Change = (object) => {
    if (object.kind !== "CiliumBGPNodeConfig" || object.metadata.name !== "n0") return object;
    const spec = JSON.parse(JSON.stringify(object.spec).replace('"name":"aci"', '"name":"aci","routerID":"10.0.0.1"'));
    return { ...object, spec };
  };
  assert.is(changed({ ...six, version: "v1.17.18" }, same).agents.length, 0);
  assert.equal(
    changed({ ...six, version: "v1.17.18" }, told).agents.map(({ node }) => node),
    ["n0"],
  );
  assert.is(changed({ ...six, version: "v1.18.12" }, same).agents.length, 6);
});

test("Cilium: control plane off, a node that the operator gives nothing, a local address that is not there, a missing Secret, a missing peer configuration", () => {
  const on = (kind: string, change: (object: LabKubeObject) => LabKubeObject | undefined) =>
    changed({ cni: "cilium" }, (object) => (object.kind === kind ? change(object) : object));
  const off = { "lab.underlay/cilium-config": JSON.stringify({ "enable-bgp-control-plane": "false" }) };
  assert.is(on("Pod", (object) => ({ ...object, metadata: { ...object.metadata, annotations: off } })).agents.length, 0);
  assert.is(on("CiliumBGPNodeConfig", (object) => (object.metadata.name === "n0" ? undefined : object)).sessions.length, 10);
  const overridden = on("CiliumBGPNodeConfig", (object) => {
    const peers = [{ name: "a", peerASN: 65002, peerAddress: "192.168.2.201", localAddress: "192.168.2.77" }];
    return { ...object, spec: { bgpInstances: [{ name: "aci", localASN: 65003, peers }] } };
  });
  assert.ok(overridden.sessions.every((session) => session.reason?.includes("no link up")));
  const open = on("Secret", () => undefined);
  assert.ok(
    open.sessions.every((session) => session.nodeState === "Active" && session.reason?.includes("the node has no password")),
  );
  assert.is(on("CiliumBGPPeerConfig", () => undefined).sessions.length, 0);
});

test("Cilium tells nothing without a selector, and LoadBalancer addresses by traffic policy", () => {
  const named = (change: (spec: Record<string, unknown>) => Record<string, unknown>, more: readonly LabKubeObject[] = []) => {
    const edit: Change = (object) => (object.kind === "CiliumBGPAdvertisement" ? { ...object, spec: change({}) } : object);
    return changed({ cni: "cilium" }, edit, more);
  };
  const web = service("web", { type: "LoadBalancer", externalTrafficPolicy: "Local" }, ["192.168.47.10"]);
  const all = service("all", { type: "LoadBalancer" }, ["192.168.47.20"]);
  const foreign = service("foreign", { type: "LoadBalancer", loadBalancerClass: "other/class" }, ["192.168.47.30"]);
  const cluster = [web, all, foreign, endpoint("web", "n2"), endpoint("all", "n2")];
  const routing = changed({ cni: "cilium" }, same, cluster);
  assert.equal(onLeaf(routing, 201), [...PODS, "192.168.47.10/32", "192.168.47.20/32"]);
  assert.equal(hops(routing, 201, "192.168.47.10/32"), ["192.168.2.3"]);
  assert.equal(hops(routing, 201, "192.168.47.20/32"), ["192.168.2.1", "192.168.2.3", "192.168.2.5"]);
  const blind = { advertisementType: "Service", service: { addresses: ["LoadBalancerIP"] } };
  assert.equal(
    onLeaf(
      named(() => ({ advertisements: [blind] }), cluster),
      201,
    ),
    [],
  );
  const unlabelled: Change = (object) =>
    object.kind === "CiliumBGPAdvertisement" ? { ...object, metadata: { name: "aci", labels: {} } } : object;
  assert.equal(onLeaf(changed({ cni: "cilium" }, unlabelled), 201), []);
});

test("keepalives that are not shorter than the hold time: the leaf ends the session", () => {
  const slow = route({ cni: "cilium", holdOffered: 6, keepaliveOffered: 30 });
  assert.ok(slow.sessions.every((session) => session.nodeState === "Idle" && session.reason?.includes("hold time of 6 s")));
  assert.ok(route({ cni: "cilium", holdOffered: 90, keepaliveOffered: 30 }).sessions.every((session) => session.established));
  const calico = changed({}, (object) =>
    object.kind === "BGPPeer" && typeof object.spec === "object"
      ? { ...object, spec: { ...object.spec, keepaliveTime: "30s" } }
      : object,
  );
  assert.ok(calico.sessions.every((session) => session.nodeState === "Idle"));
});

test("Calico by manifest lives in kube-system, and so does its Secret", () => {
  const moved: Change = (object) => {
    if (object.kind === "Installation") return undefined;
    const { metadata } = object;
    const text = JSON.stringify({ ...object, metadata }).replaceAll("calico-system", "kube-system");
    return JSON.parse(text);
  };
  const set = { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "calico-node", namespace: "kube-system" } };
  assert.is(changed({}, moved).agents.length, 0);
  assert.ok(changed({}, moved, [set]).sessions.every((session) => session.established));
  const data = { calico_backend: "vxlan" };
  const config = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "calico-config", namespace: "kube-system" }, data };
  assert.is(changed({}, moved, [set, config]).agents.length, 0);
});

test("Calico without an IPv6 pool has no IPv6 sessions", () => {
  const { sessions } = changed({ families: ["ipv4", "ipv6"] }, (object) =>
    object.kind === "Installation" ? { ...object, spec: { calicoNetwork: { ipPools: [{ cidr: "10.1.0.0/16" }] } } } : object,
  );
  assert.is(sessions.length, 12);
});

test("Calico tells one leaf what it learned from another, which drops it, unless a filter keeps it", () => {
  const reason = "AS path longer than 1";
  const told = (design: Partial<Design>) =>
    route({ services: false, ...design }).rejected.filter((item) => item.by.startsWith("leaf"));
  const open = told({ pools: ["10.1.0.0/16"] });
  // Six nodes, five others' blocks each, from the first leaf to the second.
  assert.is(open.length, 30);
  assert.ok(open.every((item) => item.reason === reason));
  assert.ok(told({ pools: ["10.1.0.0/16"], maxAsLimit: "0" }).every((item) => item.reason === "own AS in the path"));
  const rule = { action: "Reject", source: "RemotePeers" };
  assert.equal(told({ pools: ["10.1.0.0/16"], filterRules: [rule] }), []);
});

test.run();
