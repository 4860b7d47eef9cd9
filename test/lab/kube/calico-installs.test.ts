import { suite } from "uvu";
import * as assert from "uvu/assert";
import { contains } from "../../../lab/kube/addresses/prefix.ts";
import { startChartRepository } from "../../../lab/kube/chart-repository.ts";
import { listAt, textAt } from "../../../lab/kube/objects/kube-object.ts";
import type { Json } from "../../../runner/json.ts";
import { dualStack, startTestCluster, type TestCluster } from "./start.ts";

const test = suite("Calico by manifest, dual stack, and by the charts of 3.32");

const APPLY = ["apply", "--server-side", "--field-manager=underlay", "-f", "-"];

async function items(lab: TestCluster, ...what: readonly string[]): Promise<readonly Json[]> {
  const found = await lab.kubectl(["get", ...what, "-o", "json"]);
  assert.is(found.exitCode, 0, found.stderr);
  const json: Json = JSON.parse(found.stdout);
  return listAt(json, "items");
}

async function repository(lab: TestCluster, version: string) {
  return startChartRepository({ helm: lab.helmPath, cni: "calico", versions: [version], directory: lab.directory });
}

const workload = (kind: string, name: string, image: string, podSpec: object) => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name, namespace: "kube-system" },
  spec: {
    selector: { matchLabels: { "k8s-app": name } },
    template: {
      metadata: { labels: { "k8s-app": name } },
      spec: {
        tolerations: [{ operator: "Exists" }],
        containers: [{ name, image, ...podSpec }],
        hostNetwork: name === "calico-node",
      },
    },
  },
});

test("a manifest's pools come from the environment of calico-node, with a block of each for every node", async () => {
  const lab = await startTestCluster({ spec: dualStack("calico", "v3.31.7") });
  const charts = await repository(lab, "v3.31.7");
  const crds = await lab.helm(["show", "crds", "tigera-operator", "--repo", charts.url]);
  assert.is(crds.exitCode, 0, crds.stderr);
  assert.is((await lab.kubectl(["apply", "--server-side", "-f", "-"], crds.stdout)).exitCode, 0);
  const env = Object.entries({
    CALICO_IPV4POOL_CIDR: "10.1.0.0/16",
    CALICO_IPV4POOL_BLOCK_SIZE: "27",
    CALICO_IPV4POOL_IPIP: "Never",
    CALICO_IPV4POOL_NAT_OUTGOING: "false",
    FELIX_IPV6SUPPORT: "true",
    CALICO_IPV6POOL_CIDR: "fd00:10::/112",
  }).map(([name, value]) => ({ name, value }));
  const node = workload("DaemonSet", "calico-node", "quay.io/calico/node:v3.31.7", { env });
  const controllers = workload("Deployment", "calico-kube-controllers", "quay.io/calico/kube-controllers:v3.31.7", {});
  assert.is((await lab.kubectl(APPLY, [node, controllers])).exitCode, 0);
  assert.is((await lab.kubectl(["wait", "--for=condition=Ready", "nodes", "--all", "--timeout=45s"])).exitCode, 0);
  const pools = await items(lab, "ippools.crd.projectcalico.org");
  assert.equal(
    pools.map((pool) => [textAt(pool, "metadata", "name"), textAt(pool, "spec", "cidr"), textAt(pool, "spec", "ipipMode")]),
    [
      ["default-ipv4-ippool", "10.1.0.0/16", "Never"],
      ["default-ipv6-ippool", "fd00:10::/112", "Never"],
    ],
  );
  const blocks = (await items(lab, "blockaffinities.crd.projectcalico.org")).map((block) => textAt(block, "spec", "cidr"));
  assert.is(blocks.filter((block) => block.endsWith("/27") && contains("10.1.0.0/16", block)).length, 3);
  assert.is(blocks.filter((block) => block.endsWith("/122") && contains("fd00:10::/112", block)).length, 3);
  assert.is(
    (await lab.kubectl(["rollout", "status", "deploy/calico-kube-controllers", "-n", "kube-system", "--timeout=45s"])).exitCode,
    0,
  );
  assert.match((await lab.kubectl(["get", "bgppeers.projectcalico.org"])).stderr, "doesn't have a resource type");

  const pool = {
    apiVersion: "crd.projectcalico.org/v1",
    kind: "IPPool",
    metadata: { name: "services" },
    spec: { cidr: "192.168.47.0/24", allowedUses: ["LoadBalancer"], nodeSelector: "all()" },
  };
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default", annotations: { "projectcalico.org/loadBalancerIPs": '["192.168.47.5"]' } },
    spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
  };
  await lab.kubectl(APPLY, [pool, service]);
  const ingress = await lab.kubectl(["get", "service", "web", "-o", "jsonpath={.status.loadBalancer.ingress[*].ip}"]);
  assert.is(ingress.stdout, "192.168.47.5");
  const after = await items(lab, "blockaffinities.crd.projectcalico.org");
  assert.is(after.length, 6, "no blocks out of a pool for load balancers");
  await charts.close();
  await lab.close();
});

test("from 3.32 the operator's chart has no definitions: they are a chart of their own, native ones serve v3 at once", async () => {
  const lab = await startTestCluster();
  const charts = await repository(lab, "v3.32.1");
  const none = await lab.helm(["show", "crds", "tigera-operator", "--repo", charts.url]);
  assert.not.match(none.stdout, "CustomResourceDefinition");
  const template = (chart: string) => lab.helm(["template", "crds", chart, "--repo", charts.url, "--version", "v3.32.1"]);
  const aggregated = await template("crd.projectcalico.org.v1");
  assert.match(aggregated.stdout, "name: bgppeers.crd.projectcalico.org");
  assert.match(aggregated.stdout, "name: installations.operator.tigera.io");
  const native = await template("projectcalico.org.v3");
  assert.is(native.exitCode, 0, native.stderr);
  assert.is((await lab.kubectl(["apply", "--server-side", "-f", "-"], native.stdout)).exitCode, 0);
  const peer = (spec: object) => ({ apiVersion: "projectcalico.org/v3", kind: "BGPPeer", metadata: { name: "201" }, spec });
  assert.is((await lab.kubectl(APPLY, peer({ peerIP: "192.168.2.201", asNumber: 65002 }))).exitCode, 0);
  const refused = await lab.kubectl(APPLY, peer({ peerIP: "192.168.2.201", asNumber: 65002, node: "a", nodeSelector: "all()" }));
  assert.match(refused.stderr, "node and nodeSelector cannot both be set");

  const quiet = { goldmane: { enabled: false }, whisker: { enabled: false }, apiServer: { enabled: false } };
  const release = ["calico", "tigera-operator", "--repo", charts.url, "-n", "tigera-operator", "--create-namespace"];
  const done = await lab.helm(["upgrade", "--install", ...release, "--wait", "--timeout", "45s", "-f", "-"], quiet);
  assert.is(done.exitCode, 0, done.stderr);
  assert.is((await lab.kubectl(["wait", "--for=condition=Ready", "nodes", "--all", "--timeout=45s"])).exitCode, 0);
  assert.is((await items(lab, "blockaffinities.projectcalico.org")).length, 3);
  await charts.close();
  await lab.close();
});

test("an Installation with pools of two families brings blocks and pod addresses of both", async () => {
  const lab = await startTestCluster({ spec: dualStack("calico", "v3.31.7") });
  const charts = await repository(lab, "v3.31.7");
  const pool = (cidr: string) => ({ cidr, encapsulation: "None", natOutgoing: "Disabled" });
  const values = {
    goldmane: { enabled: false },
    whisker: { enabled: false },
    installation: { calicoNetwork: { ipPools: [pool("10.1.0.0/16"), pool("fd00:10::/112")] } },
  };
  const release = ["calico", "tigera-operator", "--repo", charts.url, "-n", "tigera-operator", "--create-namespace"];
  const done = await lab.helm(["upgrade", "--install", ...release, "--wait", "--timeout", "45s", "-f", "-"], values);
  assert.is(done.exitCode, 0, done.stderr);
  const sizes = (await items(lab, "blockaffinities.projectcalico.org")).map(
    (block) => textAt(block, "spec", "cidr").split("/")[1],
  );
  assert.equal(sizes.sort(), ["122", "122", "122", "26", "26", "26"]);
  const [pod] = await items(lab, "pods", "-n", "calico-system", "-l", "k8s-app=calico-kube-controllers");
  assert.is(listAt(pod, "status", "podIPs").length, 2);
  const config = await lab.kubectl([
    "get",
    "cm",
    "kubeadm-config",
    "-n",
    "kube-system",
    "-o",
    "jsonpath={.data.ClusterConfiguration}",
  ]);
  assert.match(config.stdout, "podSubnet: 10.1.0.0/16,fd00:10::/112");
  await charts.close();
  await lab.close();
});

test.run();
