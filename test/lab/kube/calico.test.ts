import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ChartRepository, startChartRepository } from "../../../lab/kube/chart-repository.ts";
import { isObject } from "../../../runner/json.ts";
import { startTestCluster, type TestCluster, until } from "./start.ts";

const test = suite("what Calico's operator does");
let lab: TestCluster;
let charts: ChartRepository;

const APPLY = ["apply", "--server-side", "--field-manager=underlay", "-f", "-"];
const pool = {
  name: "default-ipv4-ippool",
  cidr: "10.1.0.0/16",
  blockSize: 26,
  encapsulation: "None",
  natOutgoing: "Disabled",
  nodeSelector: "all()",
};
const complete = { ...pool, allowedUses: ["Workload", "Tunnel"], assignmentMode: "Automatic", disableBGPExport: false };
const installation = (ipPool: unknown) => ({
  apiVersion: "operator.tigera.io/v1",
  kind: "Installation",
  metadata: { name: "default" },
  spec: { calicoNetwork: { bgp: "Enabled", ipPools: [ipPool] } },
});
const apiServer = { apiVersion: "operator.tigera.io/v1", kind: "APIServer", metadata: { name: "default" } };
const v3 = (kind: string, name: string, spec: unknown) => ({
  apiVersion: "projectcalico.org/v3",
  kind,
  metadata: { name },
  spec,
});

async function ready(): Promise<string> {
  const path = '{.items[*].status.conditions[?(@.type=="Ready")].status}';
  return (await lab.kubectl(["get", "nodes", "-o", `jsonpath=${path}`])).stdout;
}

async function component(name: string, type: string): Promise<string> {
  const path = `{.status.conditions[?(@.type=="${type}")].status} {.status.conditions[?(@.type=="${type}")].message}`;
  return (await lab.kubectl(["get", "tigerastatus", name, "-o", `jsonpath=${path}`])).stdout;
}

test.before(async () => {
  lab = await startTestCluster();
  charts = await startChartRepository({ helm: lab.helmPath, cni: "calico", versions: ["v3.31.7"], directory: lab.directory });
  const values = {
    installation: { enabled: false },
    apiServer: { enabled: false },
    goldmane: { enabled: false },
    whisker: { enabled: false },
  };
  const chart = ["calico", "tigera-operator", "--repo", charts.url, "-n", "tigera-operator", "--create-namespace", "-f", "-"];
  await lab.helm(["upgrade", "--install", ...chart], values);
});
test.after(async () => {
  await charts.close();
  await lab.close();
});

test("before the CNI nodes are not ready, and say why", async () => {
  assert.is(await ready(), "False False False");
  const node = await lab.kubectl(["get", "node", "worker-1", "-o", "json"]);
  assert.match(node.stdout, "NetworkPluginNotReady");
  assert.match(node.stdout, "node.kubernetes.io/not-ready");
});

test("a pool outside kubeadm's pod subnet is refused in the operator's words", async () => {
  assert.is((await lab.kubectl(APPLY, installation({ ...pool, cidr: "10.2.0.0/16" }))).exitCode, 0);
  assert.match(
    await component("ippools", "Degraded"),
    "True IPPool 10.2.0.0/16 is not within the platform's configured pod network CIDR(s)",
  );
  assert.match(await component("calico", "Available"), /^False/);
  assert.is(lab.cluster.list("IPPool").length, 0);
  assert.is(await ready(), "False False False");
});

test("an Installation brings calico-node, ready nodes and a pool", async () => {
  assert.is((await lab.kubectl(APPLY, installation(complete))).exitCode, 0);
  const wait = ["wait", "--for=condition=Available", "tigerastatus/calico", "tigerastatus/ippools", "--timeout=45s"];
  assert.is((await lab.kubectl(wait)).exitCode, 0);
  assert.is((await lab.kubectl(["rollout", "status", "ds/calico-node", "-n", "calico-system", "--timeout=45s"])).exitCode, 0);
  assert.is(await ready(), "True True True");
  assert.is((await lab.kubectl(["get", "serviceaccount", "calico-node", "-n", "calico-system"])).exitCode, 0);
  const node = await lab.kubectl(["get", "node", "worker-1", "-o", "json"]);
  assert.not.match(node.stdout, "not-ready");
});

test("applied again a complete pool conflicts with nobody; an incomplete one does, as with the real operator", async () => {
  assert.is((await lab.kubectl(APPLY, installation(complete))).exitCode, 0);
  const refused = await lab.kubectl(APPLY, installation({ ...complete, natOutgoing: "Enabled" }));
  assert.is(refused.exitCode, 0, "underlay owns the list, so it may change it");
  assert.is((await lab.kubectl(APPLY, installation(pool))).exitCode, 0);
  const taken = await lab.kubectl(APPLY, installation(pool));
  assert.match(taken.stderr, 'conflict with "operator" using operator.tigera.io/v1: .spec.calicoNetwork.ipPools');
  assert.is((await lab.kubectl([...APPLY, "--force-conflicts"], installation(complete))).exitCode, 0);
});

test("projectcalico.org is served only after an APIServer asks for it", async () => {
  const blocks = ["get", "blockaffinities.projectcalico.org", "-o", "name"];
  assert.match((await lab.kubectl(blocks)).stderr, "doesn't have a resource type");
  assert.is((await lab.kubectl(APPLY, apiServer)).exitCode, 0);
  const wait = [
    "wait",
    "--for=condition=Available",
    "apiservice/v3.projectcalico.org",
    "tigerastatus/apiserver",
    "--timeout=45s",
  ];
  assert.is((await lab.kubectl(wait)).exitCode, 0);
  assert.is((await lab.kubectl(blocks)).stdout.split("\n").length, 3);
});

test("both of Calico's groups show the same objects", async () => {
  const name = "jsonpath={.items[*].metadata.name}";
  const v3Names = await lab.kubectl(["get", "blockaffinities.projectcalico.org", "-o", name]);
  const v1Names = await lab.kubectl(["get", "blockaffinities.crd.projectcalico.org", "-o", name]);
  assert.ok(v3Names.stdout.length > 0);
  assert.is(v1Names.stdout, v3Names.stdout);
});

test("every node has one confirmed block of its own; a deleted node gives its back", async () => {
  const blocks = () => lab.cluster.list("BlockAffinity").flatMap(({ spec }) => (isObject(spec) ? [spec] : []));
  assert.equal(
    blocks()
      .map((block) => block.node)
      .sort(),
    ["master-1", "worker-1", "worker-2"],
  );
  assert.is(new Set(blocks().map((block) => block.cidr)).size, 3);
  assert.ok(blocks().every((block) => /^10\.1\.\d+\.\d+\/26$/.test(String(block.cidr)) && block.state === "confirmed"));
  await lab.kubectl(["delete", "node", "worker-2"]);
  assert.is(blocks().length, 3, "kube-controllers does not look all the time");
  await until(() => blocks().length === 2);
  assert.equal(
    blocks()
      .map((block) => block.node)
      .sort(),
    ["master-1", "worker-1"],
  );
});

const accepted = [
  v3("BGPConfiguration", "default", {
    asNumber: 65003,
    nodeToNodeMeshEnabled: false,
    serviceClusterIPs: [{ cidr: "192.168.8.0/22" }],
  }),
  v3("BGPPeer", "201", {
    peerIP: "192.168.2.201",
    asNumber: 65002,
    nodeSelector: "rack_id == '1'",
    password: { secretKeyRef: { name: "bgp-secrets", key: "rr-password" } },
    filters: ["no-reexport"],
  }),
  v3("BGPFilter", "no-reexport", { exportV4: [{ action: "Reject", source: "RemotePeers" }] }),
  v3("CalicoNodeStatus", "underlay-worker-1", { node: "worker-1", classes: ["Agent", "BGP", "Routes"], updatePeriodSeconds: 5 }),
];

test("BGP objects are taken, and taken again without a change", async () => {
  const first = await lab.kubectl([...APPLY, "-o", "json"], accepted);
  assert.is(first.exitCode, 0, first.stderr);
  const again = await lab.kubectl([...APPLY, "-o", "json"], accepted);
  assert.is(again.stdout, first.stdout);
});

const mesh = { secretKeyRef: { name: "s", key: "k" } };
const refusals: readonly (readonly [object: unknown, words: string])[] = [
  [
    v3("BGPConfiguration", "default", { nodeToNodeMeshEnabled: false, nodeMeshPassword: mesh }),
    "nodeMeshPassword cannot be set when nodeToNodeMeshEnabled is false",
  ],
  [v3("BGPConfiguration", "other", {}), 'the name must be "default"'],
  [v3("BGPConfiguration", "default", { serviceClusterIPs: [{ cidr: "192.168.8.0" }] }), "invalid CIDR address"],
  [v3("BGPPeer", "x", { peerIP: "1.2.3.4", node: "a", nodeSelector: "all()" }), "node and nodeSelector cannot both be set"],
  [v3("BGPPeer", "x", { peerSelector: "all()", asNumber: 1 }), "asNumber must be empty when peerSelector is set"],
  [v3("BGPPeer", "x", { peerIP: "leaf201" }), "peerIP is not an address"],
  [
    v3("BGPPeer", "x", { peerIP: "1.2.3.4", password: { secretKeyRef: { name: "s" } } }),
    "spec.password.secretKeyRef.key: Required value",
  ],
  [v3("BGPPeer", "x", { peerIP: "1.2.3.4", asNumber: 4294967296 }), "less than or equal to 4294967295"],
  [v3("BGPPeer", "x", { peerIp: "1.2.3.4" }), ".spec.peerIp: field not declared in schema"],
  [v3("BGPFilter", "x", { exportV4: [{ source: "RemotePeers" }] }), "spec.exportV4[0].action: Required value"],
  [v3("BGPFilter", "x", { exportV4: [{ action: "Accept", cidr: "10.0.0.0/8" }] }), "cidr and matchOperator must be set together"],
  [v3("IPPool", "x", { cidr: "10.3.0.0/16", blockSize: 19 }), "block size must be between 20 and 32"],
  [v3("CalicoNodeStatus", "x", { node: "worker-1", classes: ["Bgp"], updatePeriodSeconds: 5 }), 'Unsupported value: "Bgp"'],
];

for (const [object, words] of refusals) {
  test(`refused: ${words}`, async () => {
    const refused = await lab.kubectl(APPLY, object);
    assert.is(refused.exitCode, 1);
    assert.ok(refused.stderr.includes(words), refused.stderr);
  });
}

test("an agent's status is written without telling those it comes from", async () => {
  let told = 0;
  const stop = lab.cluster.onChange(() => {
    told += 1;
  });
  const status = { lastUpdated: "2026-11-23T00:00:00Z", bgp: { numberEstablishedV4: 2 } };
  lab.cluster.setStatus("CalicoNodeStatus", undefined, "underlay-worker-1", status);
  await Promise.resolve();
  assert.is(told, 0);
  assert.equal(lab.cluster.list("CalicoNodeStatus")[0]?.status, status);
  await lab.kubectl(["label", "node", "worker-1", "rack_id=1"]);
  assert.ok(told > 0);
  stop();
});

test("everything is there after a restart", async () => {
  const before = await lab.kubectl([
    "get",
    "nodes,pods,blockaffinities.projectcalico.org,bgppeers.projectcalico.org",
    "-A",
    "-o",
    "json",
  ]);
  await lab.restart();
  const after = await lab.kubectl([
    "get",
    "nodes,pods,blockaffinities.projectcalico.org,bgppeers.projectcalico.org",
    "-A",
    "-o",
    "json",
  ]);
  assert.is(after.exitCode, 0, after.stderr);
  assert.is(after.stdout, before.stdout);
});

test("deleting APIServer and Installation takes Calico away; what was written stays for when it comes back", async () => {
  await lab.kubectl(["delete", "apiservers.operator.tigera.io", "default"]);
  assert.is((await lab.get("/apis/projectcalico.org/v3/bgppeers")).status, 404);
  await lab.kubectl(["delete", "installation", "default"]);
  assert.is(await ready(), "False False");
  assert.match((await lab.kubectl(["get", "namespace", "calico-system"])).stderr, "not found");
  await lab.kubectl(APPLY, [installation(complete), apiServer]);
  const peers = await lab.kubectl(["get", "bgppeers.projectcalico.org", "-o", "name"]);
  assert.is(peers.stdout, "bgppeer.projectcalico.org/201");
});

test.run();
