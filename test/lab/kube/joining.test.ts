import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { listAt, textAt } from "../../../lab/bgp/kube-read.ts";
import type { LabJoin } from "../../../lab/parts.ts";
import { apply, conditionOf, nodeOf, running, workload } from "./day2.ts";
import { spec, startTestCluster, type TestCluster, until } from "./start.ts";

const test = suite("joining the cluster");
let lab: TestCluster;
const names = spec.nodes.map(({ name }) => name);
const TOKEN = "abcdef.0123456789abcdef";
const KEY = "5f".repeat(32);

/** Hash of the public key of the authority that the servers of this test show. */
function caHash(): string {
  const authority = new X509Certificate(readFileSync(path.join(lab.directory, "ca.pem")));
  return `sha256:${createHash("sha256")
    .update(authority.publicKey.export({ type: "spki", format: "der" }))
    .digest("hex")}`;
}

function token(fields: Readonly<Record<string, string | undefined>> = {}) {
  const data = {
    "token-id": "abcdef",
    "token-secret": "0123456789abcdef",
    "usage-bootstrap-authentication": "true",
    "usage-bootstrap-signing": "true",
    "auth-extra-groups": "system:bootstrappers:kubeadm:default-node-token",
    expiration: new Date(Date.now() + 3_600_000).toISOString(),
    ...fields,
  };
  const metadata = { name: "bootstrap-token-abcdef", namespace: "kube-system" };
  return { apiVersion: "v1", kind: "Secret", metadata, type: "bootstrap.kubernetes.io/token", stringData: data };
}

const request = (changes: Partial<LabJoin> = {}): LabJoin => ({
  node: "worker-7",
  token: TOKEN,
  caCertHashes: [caHash()],
  addresses: ["192.168.2.17"],
  labels: { rack_id: "2" },
  taints: [{ key: "underlay/joining", effect: "NoSchedule" }],
  certificateKey: undefined,
  ...changes,
});

/** What a refused join says. */
function refused(changes: Partial<LabJoin> = {}): string {
  const answer = lab.cluster.join(request(changes));
  return answer.ok ? "it joined" : answer.error;
}

async function replaceToken(fields: Readonly<Record<string, string | undefined>>): Promise<void> {
  await lab.kubectl(["delete", "secret", "-n", "kube-system", "bootstrap-token-abcdef", "--ignore-not-found"]);
  await apply(lab, token(fields));
}

test.before.each(async () => {
  lab = await startTestCluster();
  lab.cluster.machines([...running(names), ...running(["worker-7"], false)]);
});
test.after.each(() => lab.close());

test("cluster-info and kubeadm-config can be read, signed by each token", async () => {
  await apply(lab, token());
  const read = (name: string, key: string) =>
    textAt(
      lab.cluster.list("ConfigMap").find(({ metadata }) => metadata.name === name),
      "data",
      key,
    ) ?? "";
  assert.match(read("cluster-info", "kubeconfig"), `server: https://127.0.0.1:${lab.cluster.port}`);
  const ca = readFileSync(path.join(lab.directory, "ca.pem")).toString("base64");
  assert.match(read("cluster-info", "kubeconfig"), `certificate-authority-data: ${ca}`);
  assert.match(read("cluster-info", "jws-kubeconfig-abcdef"), /^[\w-]+\.\.[\w-]+$/);
  assert.match(read("kubeadm-config", "ClusterConfiguration"), `controlPlaneEndpoint: 127.0.0.1:${lab.cluster.port}`);
  await lab.kubectl(["delete", "secret", "-n", "kube-system", "bootstrap-token-abcdef"]);
  assert.is(read("cluster-info", "jws-kubeconfig-abcdef"), "");
});

test("a node joins with its labels, taints and addresses, and is Ready when the agent runs there", async () => {
  await apply(lab, token());
  assert.equal(lab.cluster.join(request()), { ok: true });
  const node = nodeOf(lab, "worker-7");
  assert.is(node?.metadata.labels?.rack_id, "2");
  assert.is(node?.metadata.labels?.["kubernetes.io/hostname"], "worker-7");
  const keys = listAt(node, "spec", "taints").map((taint) => textAt(taint, "key"));
  assert.equal(keys, ["underlay/joining", "node.kubernetes.io/not-ready"]);
  assert.is(textAt(listAt(node, "status", "addresses")[0], "address"), "192.168.2.17");
  assert.is(conditionOf(node, "Ready"), "False");

  const agent = workload("DaemonSet", "calico-node", 0, { tolerations: [{ operator: "Exists" }] });
  const labels = { "k8s-app": "calico-node" };
  const template = { ...agent.spec.template, metadata: { labels } };
  await apply(lab, { ...agent, spec: { selector: { matchLabels: labels }, template } });
  lab.cluster.machines(running([...names, "worker-7"]));
  await until(() => conditionOf(nodeOf(lab, "worker-7"), "Ready") === "True");
  assert.match(refused(), 'a Node with name "worker-7" and status "Ready" already exists in the cluster. You must delete');
  await lab.restart();
  assert.is(nodeOf(lab, "worker-7")?.metadata.labels?.rack_id, "2");
});

test("what a token lacks is told in kubeadm's words, and the token is not repeated", async () => {
  const unknown = refused();
  assert.match(unknown, "couldn't validate the identity of the API Server");
  assert.match(unknown, 'could not find a JWS signature in the cluster-info ConfigMap for token ID "abcdef"');
  await replaceToken({});
  assert.match(refused({ token: "abcdef.aaaaaaaaaaaaaaaa" }), "failed to verify JWS signature");
  assert.match(refused({ token: "short" }), "was not of the form");
  assert.match(refused({ caCertHashes: ["sha256:00"] }), `none of the public keys "${caHash()}" are pinned`);
  await replaceToken({ "usage-bootstrap-signing": "false" });
  assert.match(refused(), "could not find a JWS signature");
  await replaceToken({ "usage-bootstrap-authentication": "false" });
  assert.match(refused(), "failed to get config map: Unauthorized");
  await replaceToken({ "auth-extra-groups": "system:bootstrappers:others" });
  assert.match(refused(), 'configmaps "kubeadm-config" is forbidden: User "system:bootstrap:abcdef"');
  assert.not.match(refused(), TOKEN);
  assert.is(nodeOf(lab, "worker-7"), undefined);
  await replaceToken({});
  assert.equal(lab.cluster.join(request()), { ok: true });
});

test("an expired token goes", async () => {
  await replaceToken({ expiration: new Date(Date.now() + 1500).toISOString() });
  const secrets = () => lab.cluster.list("Secret").filter(({ metadata }) => metadata.name.startsWith("bootstrap-token-"));
  assert.is(secrets().length, 1);
  await until(() => secrets().length === 0);
  assert.match(refused(), "could not find a JWS signature");
});

test("a control plane node needs uploaded certificates, and their key", async () => {
  await apply(lab, token());
  assert.match(refused({ certificateKey: KEY }), 'Secret "kubeadm-certs" was not found in the "kube-system" Namespace');
  lab.cluster.uploadCertificates(KEY);
  assert.match(refused({ certificateKey: "ab".repeat(32) }), "cipher: message authentication failed");
  const taint = { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" };
  assert.equal(lab.cluster.join(request({ node: "master-2", certificateKey: KEY, taints: [taint] })), { ok: true });
  assert.is(nodeOf(lab, "master-2")?.metadata.labels?.["node-role.kubernetes.io/control-plane"], "");
  assert.match(JSON.stringify(nodeOf(lab, "master-2")), '"key":"node-role.kubernetes.io/control-plane"');
  // The Secret belongs to a token, and goes with it.
  const owner = lab.cluster.list("Secret").find(({ metadata }) => metadata.name === "kubeadm-certs")?.metadata;
  const name = textAt(listAt({ owner }, "owner", "ownerReferences")[0], "name") ?? "";
  await lab.kubectl(["delete", "secret", "-n", "kube-system", name]);
  assert.not.ok(lab.cluster.list("Secret").some(({ metadata }) => metadata.name === "kubeadm-certs"));
});

test("a node that comes into the inventory later has not joined; one that was there at first has", async () => {
  const before = lab.cluster.list("Node").map(({ metadata }) => metadata.name);
  assert.equal(before, names);
  const [first] = spec.nodes;
  await lab.restart({ ...spec, nodes: [...spec.nodes, ...(first === undefined ? [] : [{ ...first, name: "worker-8" }])] });
  assert.equal(
    lab.cluster.list("Node").map(({ metadata }) => metadata.name),
    names,
  );
});

test.run();
