import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { volumesDetached } from "../../tasks/k8s/volumes-detached.ts";
import { fakeCluster, observe } from "./fake-cluster.ts";

const test = suite("k8s.volumes_detached");

const attachment = (node: string, volume: string): KubeObject => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "VolumeAttachment",
  metadata: { name: `csi-${volume}` },
  spec: { attacher: "csi.example.com", nodeName: node, source: { persistentVolumeName: volume } },
});

test("volumes of these nodes are waited for, those of others are not", async () => {
  const list = [attachment("worker-6", "pv-a"), attachment("worker-6", "pv-b"), attachment("worker-1", "pv-c")];
  const args = { nodes: ["worker-6", "worker-7"] };
  const { unmet } = await observe(volumesDetached, args, fakeCluster({ "volumeattachments.storage.k8s.io": list }));
  assert.is(unmet.length, 1);
  assert.match(unmet[0] ?? "", /^worker-6 still has pv-a, pv-b attached/);
  const gone = await observe(volumesDetached, args, fakeCluster({ "volumeattachments.storage.k8s.io": list.slice(2) }));
  assert.equal([gone.unmet, gone.message], [[], "no volumes attached to worker-6, worker-7"]);
});

test("a cluster without such a kind has none", async () => {
  assert.equal((await observe(volumesDetached, { nodes: ["worker-6"] }, fakeCluster({}))).unmet, []);
});

test.run();
