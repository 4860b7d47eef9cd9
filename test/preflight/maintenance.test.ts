import { suite } from "uvu";
import * as assert from "uvu/assert";
import { preflightMaintenance } from "../../tasks/preflight/maintenance.ts";
import { fakeCluster, observe } from "../k8s/fake-cluster.ts";
import { type MemberParts, member } from "./member.ts";

const test = suite("preflight.maintenance");

const control: MemberParts = { controlPlane: true, taints: ["NoSchedule"] };
const workers = { "worker-1": {}, "worker-2": {} };
const three = { "master-1": control, "master-2": control, "master-3": control, ...workers };
const two = { "master-1": control, "master-2": control, ...workers };
const down = { ...control, ready: false };

const cases: readonly {
  readonly rule: string;
  readonly nodes?: Readonly<Record<string, MemberParts>>;
  readonly etcd?: string;
  readonly resting: readonly string[];
  readonly says: readonly string[];
}[] = [
  { rule: "a worker", resting: ["worker-1"], says: [] },
  { rule: "a stranger", resting: ["worker-9"], says: ["error: not in the cluster: worker-9"] },
  {
    rule: "the last node that takes pods",
    resting: ["worker-1", "worker-2"],
    says: ["warning: no other node takes pods"],
  },
  { rule: "one of three control plane nodes", resting: ["master-1", "worker-1"], says: [] },
  {
    rule: "one of three while another is down",
    nodes: { ...three, "master-3": down },
    resting: ["master-1"],
    says: ["error: master-1: 1 Ready control plane node would be left, and the cluster needs 2 of 3 members of etcd"],
  },
  {
    rule: "two of three at once",
    resting: ["master-1", "master-2"],
    says: ["error: master-1, master-2: 1 Ready control plane node would be left, and the cluster needs 2 of 3 members of etcd"],
  },
  {
    rule: "one of two: nothing helps, and it has to be done some day",
    nodes: two,
    resting: ["master-1"],
    says: ["warning: master-1: 1 Ready control plane node would be left, and the cluster needs 2 of 2 members of etcd"],
  },
  {
    rule: "both of two at once",
    nodes: two,
    resting: ["master-1", "master-2"],
    says: ["error: master-1, master-2: 0 Ready control plane nodes would be left, and the cluster needs 2 of 2 members of etcd"],
  },
  { rule: "etcd elsewhere, one API server left", etcd: "external", nodes: two, resting: ["master-1"], says: [] },
  {
    rule: "etcd elsewhere, no API server left",
    etcd: "external",
    nodes: two,
    resting: ["master-1", "master-2"],
    says: ["error: master-1, master-2: 0 Ready control plane nodes would be left, and the cluster needs an API server"],
  },
];

for (const { rule, nodes = three, etcd = "local", resting, says } of cases) {
  test(rule, async () => {
    const metadata = { name: "kubeadm-config", namespace: "kube-system" };
    const data = { ClusterConfiguration: `etcd: {${etcd}: {}}` };
    const cluster = fakeCluster({
      nodes: Object.entries(nodes).map(([name, parts]) => member(name, parts)),
      configmaps: [{ apiVersion: "v1", kind: "ConfigMap", metadata, data }],
    });
    const { unmet, warnings = [] } = await observe(preflightMaintenance, { nodes: resting }, cluster, true);
    const lines = [...unmet.map((text) => `error: ${text}`), ...warnings.map((text) => `warning: ${text}`)];
    assert.is(lines.length, says.length, lines.join("\n"));
    for (const [index, text] of says.entries()) assert.ok(lines[index]?.startsWith(text), lines[index]);
  });
}

test.run();
