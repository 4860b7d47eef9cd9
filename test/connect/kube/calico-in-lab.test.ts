import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ChartRepository, startChartRepository } from "../../../lab/kube/chart-repository.ts";
import { findPrograms } from "../../../lab/programs.ts";
import type { Change, Unknown } from "../../../runner/change.ts";
import { openCluster } from "../../../runner/connect/kube/open-cluster.ts";
import type { Failure } from "../../../runner/result.ts";
import { Secret } from "../../../runner/secret.ts";
import { registry } from "../../../tasks/index.ts";
import { connectionsTo, prepare } from "../../k8s/fake-cluster.ts";
import { startTestCluster, type TestCluster } from "../../lab/kube/start.ts";
import { quiet } from "../../support/progress.ts";
import { writeKubeconfig } from "./kubeconfig.ts";

/** The CNI part against the lab's API server, with the real kubectl and helm: predicted, done, not done twice, repaired. */
const test = suite("cluster connection in the lab");

const CANARY = "canary-bgp-password";

let lab: TestCluster;
let charts: ChartRepository;
let kubeconfig: string;
let predicted: Seen;

/** What the tasks said, in order. */
interface Seen {
  readonly changes: readonly Change[];
  readonly unknown: readonly Unknown[];
  readonly failures: readonly Failure[];
  readonly counts: Readonly<Record<string, number>>;
}

const nodes = { "master-1": 1, "worker-1": 1, "worker-2": 1 };
const sessionsWith = (leaf: number) =>
  Object.keys(nodes).map((node) => {
    return { node, rack_id: 1, leaf: `leaf${leaf}`, leaf_id: leaf, family: "ipv4", peer_address: `192.168.2.${leaf}` };
  });

/** The playbook's CNI play; `leaves` and `password` vary. */
function tasks(leaves: readonly number[] = [201, 202], password = CANARY): readonly (readonly [string, unknown])[] {
  return [
    ["k8s.node_label", { label: "rack_id", values: nodes }],
    [
      "helm.release",
      {
        ...{ name: "calico", namespace: "tigera-operator", create_namespace: true, chart: "tigera-operator", version: "v3.31.7" },
        repository: charts.url,
        values: { installation: { enabled: false }, apiServer: { enabled: false } },
        brings: [
          ...["installations", "apiservers", "tigerastatuses"].map((name) => `${name}.operator.tigera.io`),
          ...["bgpconfigurations", "bgppeers", "bgpfilters", "caliconodestatuses"].map((name) => `${name}.projectcalico.org`),
        ],
      },
    ],
    ["calico.installation", { pools: [{ family: "ipv4", pod_subnet: "10.1.0.0/16", block_size: 26 }] }],
    ["calico.bgp_password", { secret: "bgp-secrets", key: "rr-password", password: new Secret(password) }],
    [
      "calico.bgp_peers",
      { asn: 65002, sessions: leaves.flatMap(sessionsWith), password: { secret: "bgp-secrets", key: "rr-password" } },
    ],
    ["calico.bgp_configuration", { asn: 65003, service_cluster_ips: ["192.168.8.0/22"] }],
  ];
}

/** Runs or checks tasks on a session of their own, as the engine does. */
async function go(list: readonly (readonly [string, unknown])[], check: boolean): Promise<Seen> {
  const programs = await findPrograms();
  const session = openCluster({
    ...programs,
    kubeconfig,
    check,
    secrets: [new Secret(CANARY)],
    timeouts: { pollMilliseconds: 200 },
  });
  const connections = connectionsTo({ connection: session.connection() });
  const changes: Change[] = [];
  const unknown: Unknown[] = [];
  const failures: Failure[] = [];
  for (const [name, args] of list) {
    const type = registry.get(name);
    if (type === undefined) throw new Error(name);
    const task = prepare(type, args, check);
    if (task.form !== "declared" && task.form !== "action") throw new Error(`${name} changes nothing`);
    const planned = await task.plan(connections);
    if (!planned.ok) {
      failures.push(planned.failure);
      continue;
    }
    changes.push(...planned.value.changes);
    unknown.push(...planned.value.unknown);
    if (check) {
      planned.value.project();
      continue;
    }
    const applied = planned.value.changes.length > 0 ? await planned.value.apply(quiet) : undefined;
    if (applied !== undefined && !applied.ok) failures.push(applied.failure);
  }
  const counts = session.counts();
  session.close();
  return { changes, unknown, failures, counts };
}

const targets = ({ changes }: Seen) => changes.map(({ target, action }) => `${action} ${target}`);

test.before(async () => {
  lab = await startTestCluster();
  charts = await startChartRepository({
    helm: lab.helmPath,
    cni: "calico",
    versions: ["v3.31.7"],
    directory: path.join(lab.directory, "charts"),
  });
  kubeconfig = writeKubeconfig(lab);
});

test.after(async () => {
  await charts.close();
  await lab.close();
});

test("check: what can be told is predicted, the kinds of the planned release are unknown, and nothing is written", async () => {
  predicted = await go(tasks(), true);
  assert.equal(predicted.failures, []);
  assert.equal(targets(predicted), [
    "modify node master-1",
    "modify node worker-1",
    "modify node worker-2",
    "create helm release tigera-operator/calico",
    "create secret calico-system/bgp-secrets",
    "create role calico-system/bgp-secrets-calico-node",
    "create rolebinding calico-system/bgp-secrets-calico-node",
  ]);
  assert.equal(
    predicted.unknown.map(({ target }) => target),
    [
      "installation.operator.tigera.io default",
      "apiserver.operator.tigera.io default",
      "bgpfilter.projectcalico.org underlay-no-reexport",
      "bgppeer.projectcalico.org 201",
      "bgppeer.projectcalico.org 202",
      "bgpconfiguration.projectcalico.org default",
    ],
  );
  const again = await go(tasks(), true);
  assert.equal(again.changes, predicted.changes);
});

test("run: makes exactly what was predicted, and what was unknown", async () => {
  const made = await go(tasks(), false);
  assert.equal(made.failures, []);
  const unknown = new Set(predicted.unknown.map(({ target }) => target));
  assert.equal(
    made.changes.filter(({ target }) => !unknown.has(target)),
    predicted.changes,
  );
  assert.is(made.changes.length, predicted.changes.length + predicted.unknown.length);
  assert.not.match(JSON.stringify(made), CANARY);
});

test("second run and second check: no change, not even the password, and no write", async () => {
  for (const check of [false, true]) {
    const second = await go(tasks(), check);
    assert.equal(second.failures, []);
    assert.equal(second.changes, []);
    assert.equal(second.unknown, []);
  }
});

test("when nothing is to be done: what the cluster serves once, one read a task, and two of helm", async () => {
  for (const check of [false, true]) assert.equal((await go(tasks(), check)).counts, { kubectl: 6, helm: 2 });
});

test("a label that somebody else has set is taken away too", async () => {
  const done = await lab.kubectl(["label", "node", "worker-1", "row=7"]);
  assert.is(done.exitCode, 0, done.stderr);
  const task = [["k8s.node_label", { label: "row", values: { "worker-1": null, "worker-2": null } }]] as const;
  for (const check of [true, false]) {
    const seen = await go(task, check);
    assert.equal(seen.failures, []);
    assert.equal(targets(seen), ["modify node worker-1"]);
  }
  assert.equal((await go(task, true)).changes, []);
});

const drifts: readonly (readonly [string, readonly string[], string, unknown, unknown])[] = [
  [
    "a label",
    ["label", "node", "worker-1", "rack_id=9", "--overwrite"],
    "node worker-1",
    { metadata: { labels: { rack_id: "9" } } },
    { metadata: { labels: { rack_id: "1" } } },
  ],
  [
    "a peer's AS",
    ["patch", "bgppeers.projectcalico.org", "201", "--type=merge", "-p", '{"spec":{"asNumber":64999}}'],
    "bgppeer.projectcalico.org 201",
    { spec: { asNumber: 64999 } },
    { spec: { asNumber: 65002 } },
  ],
  [
    "a field of the Installation",
    [
      "patch",
      "installations.operator.tigera.io",
      "default",
      "--type=merge",
      "-p",
      '{"spec":{"calicoNetwork":{"bgp":"Disabled"}}}',
    ],
    "installation.operator.tigera.io default",
    { spec: { calicoNetwork: { bgp: "Disabled" } } },
    { spec: { calicoNetwork: { bgp: "Enabled" } } },
  ],
  [
    "the password",
    ["patch", "secret", "bgp-secrets", "-n", "calico-system", "--type=merge", "-p", '{"data":{"rr-password":"b3RoZXI="}}'],
    "secret calico-system/bgp-secrets",
    { data: { "rr-password": "‹secret›" } },
    { data: { "rr-password": "‹secret›" } },
  ],
];
for (const [what, command, target, before, after] of drifts) {
  test(`${what} changed by hand: named by the check, repaired by the run, and nothing else`, async () => {
    const done = await lab.kubectl(command);
    assert.is(done.exitCode, 0, done.stderr);
    for (const check of [true, false]) {
      const seen = await go(tasks(), check);
      assert.equal(seen.failures, []);
      assert.equal(seen.changes, [{ target, action: "modify", before, after }]);
    }
    assert.equal((await go(tasks(), true)).changes, []);
  });
}

test("a new password is a change, shown masked; a leaf that is gone takes its peer with it", async () => {
  const wanted = tasks([201], "another-password");
  for (const check of [true, false]) {
    const seen = await go(wanted, check);
    assert.equal(seen.failures, []);
    assert.equal(targets(seen), ["modify secret calico-system/bgp-secrets", "delete bgppeer.projectcalico.org 202"]);
    assert.not.match(JSON.stringify(seen), Buffer.from("another-password").toString("base64"));
  }
  assert.equal((await go(wanted, false)).changes, []);
});

test("not forced, a field that somebody else owns is a failure with manager and field", async () => {
  const patch = ["patch", "bgpconfigurations.projectcalico.org", "default", "--type=merge", "-p", '{"spec":{"asNumber":64512}}'];
  const done = await lab.kubectl([...patch, "--field-manager=somebody"]);
  assert.is(done.exitCode, 0, done.stderr);
  const task = (force: boolean) => [["calico.bgp_configuration", { asn: 65003, force }]] as const;
  const [failure] = (await go(task(false), true)).failures;
  assert.match(failure?.message ?? "", '.spec.asNumber belongs to field manager "somebody"');
  const forced = await go(task(true), false);
  assert.equal(forced.failures, []);
  assert.is(forced.changes.length, 1);
});

test("a manifest with a field that the schema does not know is refused in words", async () => {
  const definition = {
    apiVersion: "projectcalico.org/v3",
    kind: "BGPFilter",
    metadata: { name: "typo" },
    spec: { exportV5: [] },
  };
  const [failure] = (await go([["k8s.manifest", { definition }]], true)).failures;
  assert.match(failure?.message ?? "", "exportV5");
});

test.run();
