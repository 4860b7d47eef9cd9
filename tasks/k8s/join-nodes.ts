import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterReader, ClusterWriter } from "../../runner/connect/cluster.ts";
import { type Failure, failed, ok, type Result } from "../../runner/result.ts";
import type { Secret } from "../../runner/secret.ts";
import type { During } from "../../runner/task.ts";
import { kubeadmJoin, kubeadmUpload } from "../node/commands.ts";
import { joinConfiguration, uploadConfiguration } from "./join-configuration.ts";
import type { Discovery } from "./join-discovery.ts";
import type { ReadyNode } from "./join-preconditions.ts";
import { type BootstrapToken, newCertificateKey, newToken, tokenReference, tokenSecret } from "./join-token.ts";
import { runKubeadm } from "./kubeadm.ts";
import { nodeNamed } from "./node-state.ts";

/** Milliseconds between two looks for the Nodes. */
const PAUSE = 1000;

/** Everything that a join needs. */
interface Joins {
  readonly nodes: readonly ReadyNode[];
  readonly discovery: Discovery;
  /** Control plane node that uploads the certificates; undefined: only workers join. */
  readonly helper: string | undefined;
  /** Seconds. */
  readonly tokenTtl: number;
  readonly timeout: number;
  readonly reader: ClusterReader;
  readonly writer: ClusterWriter;
  readonly during: During;
}

/** Joins with one token for all, which is revoked whatever happens. */
export async function joinNodes(joins: Joins): Promise<Result<void>> {
  const { writer, during, tokenTtl } = joins;
  const token = newToken();
  let joined: Result<void> | undefined;
  let revoked: Result<void>;
  try {
    const made = await writer.apply([tokenSecret(token, tokenTtl)]);
    joined = made.ok ? await joinWith(token, joins) : made;
  } finally {
    revoked = await writer.delete([tokenReference(token)]);
    if (!revoked.ok) during.tell(`the token ${token.id} could not be revoked; it ends by itself within ${tokenTtl} s`);
  }
  return joined.ok ? revoked : joined;
}

/** Control plane nodes first and one after another, as etcd takes members; then all workers at once. */
async function joinWith(token: BootstrapToken, joins: Joins): Promise<Result<void>> {
  const { nodes, during } = joins;
  const failures: { readonly name: string; readonly failure: Failure }[] = [];
  const done: string[] = [];
  const one = async (node: ReadyNode, key: Secret | undefined): Promise<void> => {
    during.tell(`${node.name}: ${kubeadmJoin.slice(0, 2).join(" ")}`);
    const joined = await runKubeadm({
      during: joins.during,
      node: node.name,
      command: kubeadmJoin,
      configuration: joinConfiguration(node, node.version, joins.discovery, { token, key }),
      secrets: key === undefined ? [token.secret, token.whole] : [token.secret, token.whole, key],
      timeout: joins.timeout,
    });
    if (joined.ok) {
      during.tell(`${node.name} has joined`);
      done.push(node.name);
    } else failures.push({ name: node.name, failure: joined.failure });
  };

  const controlPlanes = nodes.filter(({ controlPlane }) => controlPlane);
  if (controlPlanes.length > 0 && joins.helper !== undefined) {
    const key = newCertificateKey();
    const uploaded = await upload(joins, joins.helper, key);
    if (!uploaded.ok) return uploaded;
    for (const node of controlPlanes) if (failures.length === 0 && !during.signal.aborted) await one(node, key);
  }
  const workers = during.signal.aborted ? [] : nodes.filter(({ controlPlane }) => !controlPlane);
  await Promise.all(workers.map((node) => one(node, undefined)));
  const registered = await untilRegistered(joins, done);
  if (failures.length > 0) return failed(together(failures));
  return done.length < nodes.length ? failed(interrupted()) : registered;
}

async function upload(joins: Joins, helper: string, key: Secret): Promise<Result<void>> {
  joins.during.tell(`${helper} uploads the control plane's certificates; they stay in the cluster, encrypted, for two hours`);
  return runKubeadm({
    during: joins.during,
    node: helper,
    command: kubeadmUpload,
    configuration: uploadConfiguration(joins.discovery.clusterConfiguration, key),
    secrets: [key],
    timeout: joins.timeout,
  });
}

/** Waits for the Nodes: the kubelet makes its own a moment after kubeadm has ended. One kubectl process a look, however many. */
async function untilRegistered({ reader, timeout }: Joins, names: readonly string[]): Promise<Result<void>> {
  const until = performance.now() + timeout * 1000;
  for (;;) {
    const found = await reader.objects(names.map(nodeNamed));
    if (!found.ok) return found;
    const there = new Set(found.value.map(({ metadata }) => metadata.name));
    const missing = names.filter((name) => !there.has(name));
    if (missing.length === 0) return ok(undefined);
    if (performance.now() >= until) {
      return failed({
        kind: "failed",
        doing: "waiting for the Nodes of those that have joined",
        message: `kubeadm has ended well, but there is no Node after ${timeout} s: ${missing.join(", ")}`,
        meaning: "the kubelet does not start, or registers under another name",
        next: "look at journalctl -u kubelet there, then run k8s.reset and join again",
      });
    }
    await sleep(PAUSE);
  }
}

function together(failures: readonly { readonly name: string; readonly failure: Failure }[]): Failure {
  const [first] = failures;
  const all = failures.map(({ name, failure }) => `${name}: ${failure.message}`).join("\n");
  return {
    kind: "failed",
    doing: `${first?.failure.doing ?? "kubeadm join"}${failures.length > 1 ? ` and ${failures.length - 1} more` : ""}`,
    message: all,
    ...(first?.failure.meaning === undefined ? {} : { meaning: first.failure.meaning }),
    next: "put right what kubeadm names; kubeadm reset (k8s.reset) where it got halfway, then run again: those that are in stay in",
  };
}

function interrupted(): Failure {
  return {
    kind: "failed",
    doing: "kubeadm join",
    message: "interrupted before all of them had joined",
    next: "resume the run, or run again: those that are in stay in",
  };
}
