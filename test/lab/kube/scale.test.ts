import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ClusterSpec } from "../../../lab/kube/seeds.ts";
import { dualStack, startTestCluster } from "./start.ts";

const test = suite("a cluster of 128 nodes");

/** Growth that is allowed for four times the nodes: far below quadratic, which would be 16, with room for a busy machine. */
const GROWTH = 9;

function ofSize(count: number): ClusterSpec {
  const small = dualStack("kube-router", "v2.11.1");
  const [first] = small.nodes;
  if (first === undefined) throw new Error("no node to copy");
  const nodes = Array.from({ length: count }, (_, index) => ({
    ...first,
    name: `node-${index + 1}`,
    addresses: [`192.168.${2 + Math.floor(index / 250)}.${(index % 250) + 1}/22`, `fd00:2::${(index + 1).toString(16)}/64`],
    controlPlane: index === 0,
  }));
  return { ...small, nodes };
}

/** Seconds of the lab's own processor time (kubectl is another process) for the two heavy steps: annotating every node, and a DaemonSet whose pods must all run. */
async function measure(count: number): Promise<{ readonly annotate: number; readonly daemonSet: number }> {
  const lab = await startTestCluster({ spec: ofSize(count) });
  const timed = async (step: () => Promise<void>) => {
    const start = process.cpuUsage();
    await step();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
  const apply = async (documents: unknown) => {
    const done = await lab.kubectl(["apply", "--server-side", "--field-manager=underlay", "-f", "-"], documents);
    assert.is(done.exitCode, 0, done.stderr);
  };
  const nodes = ofSize(count).nodes.map(({ name }) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, annotations: { "kube-router.io/peers": "[{remoteip: 192.168.2.201, remoteasn: 65002}]" } },
  }));
  const labels = { "k8s-app": "kube-router" };
  const set = {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "kube-router", namespace: "kube-system" },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          tolerations: [{ operator: "Exists" }],
          containers: [{ name: "kube-router", image: "kube-router:v2.11.1" }],
        },
      },
    },
  };
  const daemonSet = await timed(() => apply(set));
  assert.is(lab.cluster.list("Pod").filter((pod) => JSON.stringify(pod.status).includes('"phase":"Running"')).length, count);
  const annotate = await timed(() => apply(nodes));
  await lab.close();
  return { annotate, daemonSet };
}

test("four times the nodes take no more than so many times the time", async () => {
  const few = await measure(32);
  const many = await measure(128);
  const words = `32 nodes: ${JSON.stringify(few)}, 128 nodes: ${JSON.stringify(many)}`;
  console.log(words);
  assert.ok(many.annotate < few.annotate * GROWTH, words);
  assert.ok(many.daemonSet < few.daemonSet * GROWTH, words);
});

test.run();
