import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isObject } from "../../runner/json.ts";
import { writeKubeconfig } from "../connect/kube/kubeconfig.ts";
import { carryOut } from "../k8s/lab-task.ts";
import { startTestCluster, type TestCluster } from "../lab/kube/start.ts";

/** calico.withdraw and cilium.withdraw with the real kubectl against the lab's API server. */
const test = suite("withdrawal by label");

let lab: TestCluster;
let kubeconfig: string;

const APPLY = ["apply", "--server-side", "--field-manager=test", "-f", "-"];
const OURS = { "app.kubernetes.io/managed-by": "underlay" };
const LABEL = "underlay/withdrawn";

/** The least definition of a kind. */
const kindOf = (group: string, version: string, kind: string) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${kind.toLowerCase()}s.${group}` },
  spec: {
    group,
    scope: "Cluster",
    names: { kind, plural: `${kind.toLowerCase()}s`, singular: kind.toLowerCase() },
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
});
const peer = (name: string, spec: object, labels: object = OURS) => ({
  apiVersion: "projectcalico.org/v3",
  kind: "BGPPeer",
  metadata: { name, labels },
  spec: { peerIP: "192.168.2.201", asNumber: 65002, ...spec },
});
const config = (name: string, nodeSelector: object, labels: object = OURS) => ({
  apiVersion: "cilium.io/v2",
  kind: "CiliumBGPClusterConfig",
  metadata: { name, labels },
  spec: { nodeSelector, bgpInstances: [] },
});
const unless = [{ key: LABEL, operator: "DoesNotExist" }];

async function kubectl(args: readonly string[], input?: unknown): Promise<string> {
  const done = await lab.kubectl(args, input);
  assert.is(done.exitCode, 0, done.stderr);
  return done.stdout;
}

/** Labels of a node. */
async function labels(name: string): Promise<Readonly<Record<string, unknown>>> {
  const node: unknown = JSON.parse(await kubectl(["get", "node", name, "-o", "json"]));
  return isObject(node) && isObject(node.metadata) && isObject(node.metadata.labels) ? node.metadata.labels : {};
}

const withdraw = (cni: string, nodes: readonly string[], state = "present") => [`${cni}.withdraw`, { nodes, state }] as const;

test.before(async () => {
  lab = await startTestCluster();
  kubeconfig = writeKubeconfig(lab);
  await kubectl(APPLY, [
    kindOf("projectcalico.org", "v3", "BGPPeer"),
    kindOf("cilium.io", "v2", "CiliumBGPClusterConfig"),
    kindOf("cilium.io", "v2alpha1", "CiliumBGPPeeringPolicy"),
  ]);
  for (const name of ["worker-1", "worker-2"]) await kubectl(["label", "node", name, "rack_id=1"]);
  await kubectl(APPLY, [
    peer("201", { nodeSelector: `rack_id == "1" && !has(${LABEL})` }),
    peer("worker-2-202", { nodeSelector: `kubernetes.io/hostname == "worker-2" && !has(${LABEL})` }),
    config("rack-1", { matchLabels: { rack_id: "1" }, matchExpressions: unless }),
  ]);
});

test.after(async () => {
  await lab.close();
});

for (const cni of ["calico", "cilium"]) {
  test(`${cni}: label on and off; check equals run, a second run changes nothing, other labels stay`, async () => {
    const tasks = [withdraw(cni, ["worker-1", "worker-2"])];
    const checked = await carryOut(kubeconfig, tasks, { check: true });
    assert.is((await labels("worker-1"))[LABEL], undefined);
    const run = await carryOut(kubeconfig, tasks);
    assert.equal([run.failures, run.warnings], [[], []]);
    assert.equal(checked.changes, run.changes);
    assert.equal(run.changes, [
      ...["worker-1", "worker-2"].map((name) => ({
        target: `node ${name}`,
        action: "modify",
        before: { metadata: { labels: { [LABEL]: null } } },
        after: { metadata: { labels: { [LABEL]: "true" } } },
      })),
    ]);
    assert.equal((await carryOut(kubeconfig, tasks)).changes, []);
    const found = await labels("worker-2");
    assert.equal([found[LABEL], found.rack_id], ["true", "1"]);

    const back = [withdraw(cni, ["worker-1", "worker-2", "worker-9"], "absent")];
    const foreseen = await carryOut(kubeconfig, back, { check: true });
    const returned = await carryOut(kubeconfig, back);
    assert.equal(foreseen.changes, returned.changes);
    assert.is(returned.changes.length, 2);
    assert.equal([(await labels("worker-1"))[LABEL], (await labels("worker-1")).rack_id], [undefined, "1"]);
    assert.equal((await carryOut(kubeconfig, back)).changes, []);
  });
}

test("check mode: out of service and back in one run comes to the same changes as the run", async () => {
  const tasks = [withdraw("calico", ["worker-1"]), withdraw("calico", ["worker-1"], "absent")];
  const checked = await carryOut(kubeconfig, tasks, { check: true });
  const run = await carryOut(kubeconfig, tasks);
  assert.is(run.changes.length, 2);
  assert.equal(checked.changes, run.changes);
});

test("a label that was set by hand is taken away too", async () => {
  await kubectl(["label", "node", "worker-1", `${LABEL}=by-hand`]);
  assert.equal((await carryOut(kubeconfig, [withdraw("cilium", ["worker-1"], "absent")])).failures, []);
  assert.is((await labels("worker-1"))[LABEL], undefined);
});

test("a node that is not in the cluster: a failure for present, and none is made up", async () => {
  const { failures } = await carryOut(kubeconfig, [withdraw("calico", ["worker-1", "worker-9"])]);
  assert.match(failures[0]?.message ?? "", "not in the cluster: node worker-9");
  assert.is((await labels("worker-1"))[LABEL], undefined);
  assert.not.match(await kubectl(["get", "nodes"]), "worker-9");
});

const deaf: readonly (readonly [string, "calico" | "cilium", object, RegExp])[] = [
  [
    "a rack's BGPPeer of before",
    "calico",
    peer("old", { nodeSelector: 'rack_id == "1"' }),
    /^BGPPeer old: would still select it/,
  ],
  ["a BGPPeer by name", "calico", peer("old", { node: "worker-1" }), /^BGPPeer old: /],
  [
    "a rack's ClusterConfig of before",
    "cilium",
    config("old", { matchLabels: { rack_id: "1" } }),
    /^CiliumBGPClusterConfig old: /,
  ],
];
for (const [name, cni, object, message] of deaf) {
  test(`${name} does not heed the label: a failure before anything is changed`, async () => {
    await kubectl(APPLY, object);
    const { failures, changes } = await carryOut(kubeconfig, [withdraw(cni, ["worker-1"])]);
    await kubectl(["delete", "-f", "-"], object);
    assert.equal(changes, []);
    assert.match(failures[0]?.message ?? "", message);
    assert.match(failures[0]?.next ?? "", "design playbook");
    assert.is((await labels("worker-1"))[LABEL], undefined);
  });
}

test("objects of others: warned about where they select the node, and not elsewhere", async () => {
  const others = [
    peer("firewall", { nodeSelector: "all()" }, {}),
    peer("elsewhere", { nodeSelector: 'rack_id == "2"' }, {}),
    config("firewall", { matchLabels: { rack_id: "1" } }, {}),
  ];
  await kubectl(APPLY, others);
  const calico = await carryOut(kubeconfig, [withdraw("calico", ["worker-1"]), withdraw("calico", ["worker-1"], "absent")]);
  const cilium = await carryOut(kubeconfig, [withdraw("cilium", ["worker-1"]), withdraw("cilium", ["worker-1"], "absent")]);
  await kubectl(["delete", "-f", "-"], others);
  assert.equal([calico.failures, cilium.failures], [[], []]);
  assert.is(calico.warnings.length, 1);
  assert.match(calico.warnings[0] ?? "", /^BGPPeer firewall, which is not of underlay, selects worker-1/);
  assert.is(cilium.warnings.length, 1);
  assert.match(cilium.warnings[0] ?? "", /^CiliumBGPClusterConfig firewall/);
});

test.run();
