import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { LabJoin } from "../../../lab/parts.ts";
import { connect, forget, makeKeys, NODE, once, run, startLab, stopAll, type TestLab } from "./lab-node.ts";

const keys = makeKeys();
const test = suite("kubeadm on lab nodes");
test.after(stopAll);

const OTHER = { ...NODE, name: "worker-2", addresses: ["192.168.2.5/24", "fd00::5/64"] };
const TOKEN = "abcdef.0123456789abcdef";

/** What the lab's cluster was asked. */
function fakeCluster(error?: string) {
  const joins: LabJoin[] = [];
  const uploaded: string[] = [];
  return {
    joins,
    uploaded,
    cluster: () => ({
      join: (request: LabJoin) => {
        joins.push(request);
        return error === undefined ? { ok: true as const } : { ok: false as const, error };
      },
      uploadCertificates: (key: string) => void uploaded.push(key),
      list: () => [
        { apiVersion: "v1", kind: "Node", metadata: { name: "m" }, status: { nodeInfo: { kubeletVersion: "v1.34.1" } } },
      ],
    }),
  };
}

/** A machine that came later: the lab has run before without it. */
async function withLater(options: Parameters<typeof startLab>[2]): Promise<TestLab> {
  const first = await startLab(keys, [NODE]);
  await first.stop();
  return startLab(keys, [NODE, OTHER], { ...options, directory: first.directory });
}

function configuration(version: "v1beta3" | "v1beta4", more: object = {}): string {
  const extra = { "node-ip": "192.168.2.5,fd00::5", "node-labels": "rack_id=2,zone=a" };
  return JSON.stringify({
    apiVersion: `kubeadm.k8s.io/${version}`,
    kind: "JoinConfiguration",
    discovery: { bootstrapToken: { token: TOKEN, apiServerEndpoint: "192.168.2.1:6443", caCertHashes: ["sha256:aa"] } },
    nodeRegistration: {
      name: "worker-2",
      kubeletExtraArgs: version === "v1beta3" ? extra : Object.entries(extra).map(([name, value]) => ({ name, value })),
      taints: [{ key: "underlay/joining", effect: "NoSchedule" }],
    },
    ...more,
  });
}

async function join(lab: TestLab, text: string) {
  const client = await connect(lab, "worker-2");
  await run(client, "sudo tee /run/join", text);
  const answer = await run(client, "sudo kubeadm join --config /run/join");
  client.end();
  return answer;
}

const kubelets = (lab: TestLab) => lab.nodes.states().map(({ kubelet }) => kubelet);

test("the machines of the first start have joined, one that comes later has not, and its kubelet starts without end", async () => {
  const lab = await withLater({});
  assert.equal(kubelets(lab), [true, false]);
  assert.is((await once(lab, "worker-2", "systemctl is-active kubelet")).stdout, "activating\n");
  await lab.stop();
  const again = await startLab(keys, [NODE, OTHER], { directory: lab.directory });
  assert.equal(kubelets(again), [true, false]);
  await again.stop();
  forget(lab);
});

for (const version of ["v1beta3", "v1beta4"] as const) {
  test(`join with a configuration of ${version}: the cluster is asked, the kubelet runs, and that survives`, async () => {
    const fake = fakeCluster();
    const lab = await withLater({ cluster: fake.cluster });
    const answer = await join(lab, configuration(version));
    assert.is(answer.exitCode, 0, answer.stderr);
    assert.match(answer.stdout, "This node has joined the cluster");
    assert.equal(fake.joins, [
      {
        node: "worker-2",
        token: TOKEN,
        caCertHashes: ["sha256:aa"],
        addresses: ["192.168.2.5", "fd00::5"],
        labels: { rack_id: "2", zone: "a" },
        taints: [{ key: "underlay/joining", effect: "NoSchedule" }],
        certificateKey: undefined,
      },
    ]);
    assert.equal(kubelets(lab), [true, true]);
    const twice = await join(lab, configuration(version));
    assert.is(twice.exitCode, 1);
    assert.match(
      twice.stderr,
      "\t[ERROR FileAvailable--etc-kubernetes-kubelet.conf]: /etc/kubernetes/kubelet.conf already exists\n",
    );
    await lab.stop();
    const again = await startLab(keys, [NODE, OTHER], { directory: lab.directory });
    assert.equal(kubelets(again), [true, true]);
    await again.stop();
    forget(lab);
  });
}

test("a control plane node brings its key, and has manifests afterwards", async () => {
  const fake = fakeCluster();
  const lab = await withLater({ cluster: fake.cluster });
  const key = "a1".repeat(32);
  await join(lab, configuration("v1beta4", { controlPlane: { certificateKey: key } }));
  assert.is(fake.joins[0]?.certificateKey, key);
  assert.match((await once(lab, "worker-2", "ls /etc/kubernetes/manifests")).stdout, "kube-apiserver.yaml");
  await lab.stop();
  forget(lab);
});

for (const [what, text, expected, faults] of [
  ["no file of kubeadm's", "kind: Pod", "no JoinConfiguration found", {}],
  [
    "an unknown version",
    configuration("v1beta4").replace("v1beta4", "v1beta9"),
    'unknown API spec: "kubeadm.k8s.io/v1beta9"',
    {},
  ],
  ["arguments of the other version", configuration("v1beta4").replace("v1beta4", "v1beta3"), "kubeletExtraArgs", {}],
  ["no token", configuration("v1beta4").replace(TOKEN, "x"), "bootstrap token is not of the form", {}],
  [
    "a gateway that does not answer",
    configuration("v1beta4").replace("192.168.2.1:", "10.0.0.1:"),
    "no route to host",
    { silent: true },
  ],
  ["a cluster that lets nobody in", configuration("v1beta4"), "the token is expired", { error: "the token is expired" }],
] as const) {
  test(`join is refused: ${what}`, async () => {
    const fake = fakeCluster("error" in faults ? faults.error : undefined);
    const lab = await withLater({ cluster: fake.cluster, gatewayAnswers: () => !("silent" in faults) });
    const answer = await join(lab, text);
    assert.is(answer.exitCode, 1);
    assert.match(answer.stderr, expected);
    assert.equal(kubelets(lab), [true, false]);
    await lab.stop();
    forget(lab);
  });
}

test("reset -f undoes a join and stops the kubelet; without -f it asks, and nobody answers", async () => {
  const lab = await startLab(keys, [NODE]);
  assert.is((await once(lab, NODE.name, "sudo kubeadm reset")).exitCode, 1);
  assert.equal(kubelets(lab), [true]);
  assert.match((await once(lab, NODE.name, "kubeadm reset -f")).stderr, "not running as root");
  assert.is((await once(lab, NODE.name, "sudo kubeadm reset -f")).exitCode, 0);
  assert.equal(kubelets(lab), [false]);
  assert.is((await once(lab, NODE.name, "test -e /etc/kubernetes/kubelet.conf")).exitCode, 1);
  assert.is((await once(lab, NODE.name, "systemctl is-active kubelet")).stdout, "inactive\n");
  await lab.stop();
  forget(lab);
});

test("certificates are uploaded by a control plane node only, and the key is not printed when asked not to", async () => {
  const fake = fakeCluster();
  const lab = await startLab(keys, [{ ...NODE, controlPlane: true }, OTHER], { cluster: fake.cluster });
  const key = "0f".repeat(32);
  const text = JSON.stringify({ apiVersion: "kubeadm.k8s.io/v1beta4", kind: "InitConfiguration", certificateKey: key });
  await once(lab, NODE.name, "sudo tee /run/init", text);
  const upload = "sudo kubeadm init phase upload-certs --upload-certs --config /run/init";
  assert.match((await once(lab, NODE.name, upload)).stdout, key);
  assert.not.match((await once(lab, NODE.name, `${upload} --skip-certificate-key-print`)).stdout, key);
  assert.equal(fake.uploaded, [key, key]);
  assert.match((await once(lab, "worker-2", upload)).stderr, "failed to load admin kubeconfig");
  assert.is((await once(lab, NODE.name, "kubeadm version -o short")).stdout, "v1.34.1\n");
  await lab.stop();
  forget(lab);
});

test.run();
