import { suite } from "uvu";
import * as assert from "uvu/assert";
import { contains } from "../../../lab/kube/addresses/prefix.ts";
import { type ChartRepository, startChartRepository } from "../../../lab/kube/chart-repository.ts";
import { listAt, textAt, valueAt } from "../../../lab/kube/objects/kube-object.ts";
import type { Json } from "../../../runner/json.ts";
import { dualStack, startTestCluster, type TestCluster, until } from "./start.ts";

const test = suite("what Cilium's operator does");
let lab: TestCluster;
let charts: ChartRepository;

const APPLY = ["apply", "--server-side", "--field-manager=underlay", "-f", "-"];
const VERSION = "1.19.6";
const values = {
  bgpControlPlane: { enabled: true },
  ipam: {
    operator: {
      clusterPoolIPv4PodCIDRList: ["10.1.0.0/26", "10.1.1.0/24"],
      clusterPoolIPv4MaskSize: 27,
      clusterPoolIPv6PodCIDRList: ["fd00:10::/112"],
      clusterPoolIPv6MaskSize: 122,
    },
  },
  ipv6: { enabled: true },
  routingMode: "native",
  kubeProxyReplacement: true,
  operator: { replicas: 1 },
  hubble: { relay: { enabled: true }, ui: { enabled: true, service: { type: "LoadBalancer" } } },
};
const cilium = (kind: string, name: string, spec: unknown, version = "v2") => ({
  apiVersion: `cilium.io/${version}`,
  kind,
  metadata: { name, labels: { advertise: "bgp" } },
  spec,
});
const clusterConfig = (name: string, nodeSelector: unknown, peers: readonly unknown[] = []) =>
  cilium("CiliumBGPClusterConfig", name, {
    nodeSelector,
    bgpInstances: [{ name: "rack", localASN: 65003, peers }],
  });
const peer = { name: "leaf-201", peerAddress: "192.168.2.201", peerASN: 65002, peerConfigRef: { name: "leaves" } };

function install(more: unknown) {
  const chart = ["cilium", "cilium", "--repo", charts.url, "--version", VERSION, "-n", "kube-system"];
  return lab.helm(["upgrade", "--install", ...chart, "--wait", "--timeout", "45s", "-f", "-"], more);
}

async function get(...what: readonly string[]): Promise<Json> {
  const found = await lab.kubectl(["get", ...what, "-o", "json"]);
  assert.is(found.exitCode, 0, found.stderr);
  const json: Json = JSON.parse(found.stdout);
  return json;
}

async function states(...what: readonly string[]): Promise<readonly [string, string, string]> {
  const conditions = listAt(await get(...what), "status", "conditions");
  const texts = conditions.map((entry) =>
    `${textAt(entry, "type")}=${textAt(entry, "status")} ${textAt(entry, "message")}`.trim(),
  );
  const [first = "", second = "", third = ""] = texts;
  return [first, second, third];
}

test.before(async () => {
  lab = await startTestCluster({ spec: dualStack("cilium", VERSION) });
  charts = await startChartRepository({ helm: lab.helmPath, cni: "cilium", versions: [VERSION], directory: lab.directory });
});
test.after(async () => {
  await charts.close();
  await lab.close();
});

test("the chart refuses what the real one refuses at this version", async () => {
  for (const [wrong, words] of [
    [{ ...values, tunnel: "disabled" }, "removed in v1.15"],
    [{ ...values, kubeProxyReplacement: "strict" }, "kubeProxyReplacement must be explicitly set"],
    [{ ...values, hubble: { relay: { enabled: false }, ui: { enabled: true } } }, "Hubble UI requires"],
  ] as const) {
    const refused = await install(wrong);
    assert.is(refused.exitCode, 1);
    assert.match(refused.stderr, words);
  }
});

test("the release brings ready nodes, configuration and Cilium's kinds", async () => {
  const done = await install(values);
  assert.is(done.exitCode, 0, done.stderr);
  const config = await get("configmap", "cilium-config", "-n", "kube-system");
  const wanted = {
    "routing-mode": "native",
    "enable-bgp-control-plane": "true",
    "cluster-pool-ipv4-cidr": "10.1.0.0/26 10.1.1.0/24",
  };
  for (const [key, value] of Object.entries(wanted)) assert.is(textAt(config, "data", key), value);
  const rollout = await lab.kubectl(["rollout", "status", "ds/cilium", "-n", "kube-system", "--timeout=45s"]);
  assert.is(rollout.exitCode, 0, rollout.stderr);
  const wait = ["wait", "--for=condition=Ready", "nodes", "--all", "--timeout=45s"];
  assert.is((await lab.kubectl(wait)).exitCode, 0);
  const established = ["wait", "--for=condition=established", "crd/ciliumbgpclusterconfigs.cilium.io", "--timeout=45s"];
  assert.is((await lab.kubectl(established)).exitCode, 0);
  const policies = await lab.kubectl(["get", "ciliumbgppeeringpolicies"]);
  assert.match(policies.stderr, "doesn't have a resource type");
});

test("nodes have prefixes of the cluster pool, the list in order, and pods addresses of both families from them", async () => {
  const nodes = listAt(await get("ciliumnodes"), "items");
  assert.equal(
    nodes.map((node) => listAt(node, "spec", "ipam", "podCIDRs").join(" ")),
    ["10.1.0.0/27 fd00:10::/122", "10.1.0.32/27 fd00:10::40/122", "10.1.1.0/27 fd00:10::80/122"],
  );
  const [pod] = listAt(await get("pods", "-n", "kube-system", "-l", "k8s-app=hubble-ui"), "items");
  const node = nodes.find((entry) => textAt(entry, "metadata", "name") === textAt(pod, "spec", "nodeName"));
  const addresses = listAt(pod, "status", "podIPs").map((entry) => textAt(entry, "ip"));
  const prefixes = listAt(node, "spec", "ipam", "podCIDRs").map(String);
  assert.is(addresses.length, 2);
  for (const [index, address] of addresses.entries()) assert.ok(contains(prefixes[index] ?? "", address), address);
});

test("a CiliumNode has its node's labels, and no longer one that was taken off", async () => {
  const shelf = async () => textAt(await get("ciliumnode", "worker-2"), "metadata", "labels", "shelf");
  await lab.kubectl(["label", "node", "worker-2", "shelf=7"]);
  assert.is(await shelf(), "7");
  await lab.kubectl(["label", "node", "worker-2", "shelf-"]);
  assert.is(await shelf(), "");
});

test("a rack's cluster configuration becomes the configuration of its nodes, overrides laid over", async () => {
  await lab.kubectl(["label", "nodes", "worker-1", "worker-2", "rack_id=1"]);
  const override = {
    bgpInstances: [{ name: "rack", routerID: "1.1.1.1", peers: [{ name: "leaf-201", localAddress: "192.168.2.4" }] }],
  };
  const rack = clusterConfig("rack-1", { matchLabels: { rack_id: "1" } }, [peer]);
  const done = await lab.kubectl(APPLY, [rack, cilium("CiliumBGPNodeConfigOverride", "worker-1", override)]);
  assert.is(done.exitCode, 0, done.stderr);
  const configs = listAt(await get("ciliumbgpnodeconfigs"), "items");
  assert.equal(
    configs.map((config) => textAt(config, "metadata", "name")),
    ["worker-1", "worker-2"],
  );
  assert.equal(listAt(configs[0], "spec", "bgpInstances"), [
    { name: "rack", localASN: 65003, routerID: "1.1.1.1", peers: [{ ...peer, localAddress: "192.168.2.4" }] },
  ]);
  assert.equal(listAt(configs[1], "spec", "bgpInstances"), [{ name: "rack", localASN: 65003, peers: [peer] }]);
  const old = await get("ciliumbgpnodeconfigs.v2alpha1.cilium.io", "worker-1");
  assert.is(textAt(old, "apiVersion"), "cilium.io/v2alpha1");
});

test("conditions tell what is missing, and are False when all is well", async () => {
  await lab.kubectl(APPLY, [
    clusterConfig("rack-2", { matchLabels: { rack_id: "2" } }),
    clusterConfig("twice", { matchLabels: { rack_id: "1" } }),
  ]);
  assert.equal(await states("ciliumbgpclusterconfig", "rack-1"), [
    "cilium.io/NoMatchingNode=False",
    "cilium.io/MissingPeerConfigs=True Referenced CiliumBGPPeerConfig(s) are missing: [leaves]",
    "cilium.io/ConflictingClusterConfig=False",
  ]);
  assert.match((await states("ciliumbgpclusterconfig", "rack-2"))[0], "cilium.io/NoMatchingNode=True");
  assert.match((await states("ciliumbgpclusterconfig", "twice"))[2], "ConflictingClusterConfig=True");
  await lab.kubectl(APPLY, cilium("CiliumBGPPeerConfig", "leaves", { authSecretRef: "password" }));
  assert.match((await states("ciliumbgpclusterconfig", "rack-1"))[1], "MissingPeerConfigs=False");
  assert.match((await states("ciliumbgppeerconfig", "leaves"))[0], "MissingAuthSecret=True");
  await lab.kubectl(["create", "secret", "generic", "password", "-n", "kube-system", "--from-literal=password=lab-only"]);
  assert.match((await states("ciliumbgppeerconfig", "leaves"))[0], "MissingAuthSecret=False");
  await lab.kubectl(["delete", "ciliumbgpclusterconfig", "rack-1", "twice"]);
  assert.is(lab.cluster.list("CiliumBGPNodeConfig").length, 0);
});

test("services get addresses of the pools: any, or the one they ask for", async () => {
  const ui = ["service", "hubble-ui", "-n", "kube-system"];
  assert.is(valueAt(await get(...ui), "status", "loadBalancer", "ingress"), undefined);
  const pool = (name: string, block: unknown) => cilium("CiliumLoadBalancerIPPool", name, { blocks: [block] });
  const stops = { start: "192.168.21.10", stop: "192.168.21.11" };
  assert.is((await lab.kubectl(APPLY, [pool("a", stops), pool("b", { cidr: "192.168.22.0/30" })])).exitCode, 0);
  assert.equal(listAt(await get(...ui), "status", "loadBalancer", "ingress"), [{ ip: "192.168.21.10", ipMode: "VIP" }]);
  const web = (annotations: unknown, more = {}) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default", annotations },
    spec: { type: "LoadBalancer", selector: { app: "web" }, ports: [{ port: 80 }], externalTrafficPolicy: "Local", ...more },
  });
  const ask = (ips: string) => web({ "lbipam.cilium.io/ips": ips });
  await lab.kubectl(APPLY, ask("192.168.22.0"));
  assert.equal(listAt(await get("service", "web"), "status", "loadBalancer", "ingress"), [{ ip: "192.168.22.0", ipMode: "VIP" }]);
  await lab.kubectl(APPLY, ask("192.168.99.1"));
  assert.is((await states("service", "web"))[0], "cilium.io/IPAMRequestSatisfied=False");
  assert.match((await states("ciliumloadbalancerippool", "b"))[2], "IPsAvailable=Unknown 4");
  await lab.kubectl(["delete", "service", "web"]);
  await lab.kubectl(APPLY, web({}, { loadBalancerClass: "metallb" }));
  assert.is(valueAt(await get("service", "web"), "status", "loadBalancer", "ingress"), undefined);
});

test("a deleted node takes its CiliumNode and its BGP configuration along, and its prefixes are free at once", async () => {
  const names = async (kind: string) => listAt(await get(kind), "items").map((item) => textAt(item, "metadata", "name"));
  const freed = listAt(await get("ciliumnode", "worker-2"), "spec", "ipam", "podCIDRs");
  await lab.kubectl([...APPLY, "--force-conflicts"], clusterConfig("rack-2", { matchLabels: { rack_id: "1" } }, [peer]));
  assert.is((await names("ciliumbgpnodeconfigs")).includes("worker-2"), true);
  const operators = (replicas: number) => [
    ...["patch", "deployment", "cilium-operator", "-n", "kube-system"],
    ...["-p", JSON.stringify({ spec: { replicas } })],
  ];
  await lab.kubectl(operators(0));
  assert.is((await lab.kubectl(["delete", "node", "worker-2"])).exitCode, 0);
  assert.equal(await names("ciliumnodes"), ["master-1", "worker-1"], "it belongs to the Node, whether the operator runs or not");
  await lab.kubectl(operators(1));
  await until(async () => (await names("ciliumbgpnodeconfigs")).join() === "worker-1");
  const labels = { "kubernetes.io/os": "linux" };
  assert.is((await lab.kubectl(APPLY, { apiVersion: "v1", kind: "Node", metadata: { name: "worker-9", labels } })).exitCode, 0);
  await until(async () => (await names("ciliumnodes")).includes("worker-9"));
  assert.equal(listAt(await get("ciliumnode", "worker-9"), "spec", "ipam", "podCIDRs"), freed);
});

test("agents and operator have the configuration that they started with", async () => {
  const config = async (label: string) => {
    const [pod] = listAt(await get("pods", "-n", "kube-system", "-l", label), "items");
    return textAt(pod, "metadata", "annotations", "lab.underlay/cilium-config");
  };
  const pods = ["k8s-app=cilium", "io.cilium/app=operator"];
  const off = { ...values, bgpControlPlane: { enabled: false } };
  assert.is((await install(off)).exitCode, 0);
  assert.is(textAt(await get("configmap", "cilium-config", "-n", "kube-system"), "data", "enable-bgp-control-plane"), "false");
  for (const label of pods) assert.match(await config(label), '"enable-bgp-control-plane":"true"');
  const rolled = { ...off, rollOutCiliumPods: true, operator: { replicas: 1, rollOutPods: true } };
  assert.is((await install(rolled)).exitCode, 0);
  for (const label of pods) assert.match(await config(label), '"enable-bgp-control-plane":"false"');
});

test("objects with unknown fields, bad values or broken rules are refused", async () => {
  const strict = [...APPLY, "--validate=strict"];
  for (const [object, words] of [
    [clusterConfig("bad", {}, [{ ...peer, peerAddress: "192.168.2.201/32" }]), "peerAddress"],
    [clusterConfig("bad", {}, [{ ...peer, peerAS: 65002 }]), "peerAS"],
    [
      cilium("CiliumBGPAdvertisement", "bad", { advertisements: [{ advertisementType: "Service" }] }),
      "service field is required",
    ],
    [cilium("CiliumBGPPeerConfig", "bad", { timers: { holdTimeSeconds: 9, keepAliveTimeSeconds: 30 } }), "can not be larger"],
    [cilium("CiliumLoadBalancerIPPool", "bad", { cidrs: [{ cidr: "192.168.21.0/24" }] }), "cidrs"],
  ] as const) {
    const refused = await lab.kubectl(strict, object);
    assert.is(refused.exitCode, 1, words);
    assert.match(refused.stderr, words);
  }
});

test.run();
