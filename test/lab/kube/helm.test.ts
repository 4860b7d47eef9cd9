import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ChartRepository, startChartRepository } from "../../../lab/kube/chart-repository.ts";
import { parsed, startTestCluster, type TestCluster } from "./start.ts";

const test = suite("helm against the lab's API");
let lab: TestCluster;
let charts: ChartRepository;

test.before(async () => {
  lab = await startTestCluster();
  charts = await startChartRepository({
    helm: lab.helmPath,
    cni: "calico",
    versions: ["v3.31.7", "v3.32.1"],
    directory: lab.directory,
  });
});
test.after(async () => {
  await charts.close();
  await lab.close();
});

const NAMESPACE = ["-n", "tigera-operator"];
const quiet = {
  installation: { enabled: false },
  apiServer: { enabled: false },
  goldmane: { enabled: false },
  whisker: { enabled: false },
};

function install(values: unknown, version = "v3.31.7") {
  const chart = ["tigera-operator", "--repo", charts.url, "--version", version];
  const options = ["--create-namespace", "--wait", "--timeout", "45s", "-f", "-"];
  return lab.helm(["upgrade", "--install", "calico", ...chart, ...NAMESPACE, ...options], values);
}

test("a version that the repository does not offer is refused", async () => {
  const refused = await install(quiet, "v9.9.9");
  assert.is(refused.exitCode, 1);
  assert.match(refused.stderr, "v9.9.9");
});

test("of several versions the newest is what helm takes by itself", async () => {
  const shown = await lab.helm(["show", "chart", "tigera-operator", "--repo", charts.url]);
  assert.match(shown.stdout, "version: v3.32.1");
  const older = await lab.helm(["show", "chart", "tigera-operator", "--repo", charts.url, "--version", "v3.31.7"]);
  assert.match(older.stdout, "version: v3.31.7");
  assert.is((await lab.helm(["show", "chart", "projectcalico.org.v3", "--repo", charts.url])).exitCode, 0);
});

test("install makes the namespace, the CRDs and a running operator", async () => {
  const done = await install(quiet);
  assert.is(done.exitCode, 0, done.stderr);
  const crds = await lab.kubectl(["get", "crd", "-o", "name"]);
  assert.match(crds.stdout, "installations.operator.tigera.io");
  assert.match(crds.stdout, "bgppeers.crd.projectcalico.org");
  const ready = await lab.kubectl(["get", "deploy", "tigera-operator", ...NAMESPACE, "-o", "jsonpath={.status.readyReplicas}"]);
  assert.is(ready.stdout, "1");
  assert.match((await lab.kubectl(["get", "installation", "default"])).stderr, "not found");
});

test("list, status, metadata and values tell what was installed", async () => {
  assert.match((await lab.helm(["list", "-A"])).stdout, "tigera-operator-v3.31.7");
  assert.match((await lab.helm(["status", "calico", ...NAMESPACE])).stdout, "STATUS: deployed");
  assert.equal(parsed(await lab.helm(["get", "values", "calico", ...NAMESPACE, "-o", "json"])), quiet);
  const metadata = await lab.helm(["get", "metadata", "calico", ...NAMESPACE, "-o", "json"]);
  assert.match(metadata.stdout, '"version":"v3.31.7"');
});

test("upgrade changes values: the Installation follows them", async () => {
  const installation = {
    enabled: true,
    calicoNetwork: { bgp: "Enabled", ipPools: [{ cidr: "10.1.0.0/16", encapsulation: "None" }] },
  };
  const done = await install({ ...quiet, installation });
  assert.is(done.exitCode, 0, done.stderr);
  const found = await lab.kubectl(["get", "installation", "default", "-o", "jsonpath={.spec.calicoNetwork.ipPools[0].cidr}"]);
  assert.is(found.stdout, "10.1.0.0/16");
  assert.match((await lab.helm(["history", "calico", ...NAMESPACE])).stdout, /^2\s.*deployed/m);
});

test("uninstall removes the operator, not what it installed", async () => {
  const done = await lab.helm(["uninstall", "calico", ...NAMESPACE, "--wait", "--timeout", "45s"]);
  assert.is(done.exitCode, 0, done.stderr);
  assert.match((await lab.helm(["get", "metadata", "calico", ...NAMESPACE])).stderr, "release: not found");
  assert.match((await lab.kubectl(["get", "deploy", "tigera-operator", ...NAMESPACE])).stderr, "not found");
  assert.is((await lab.kubectl(["get", "ds", "calico-node", "-n", "calico-system"])).exitCode, 0);
  assert.is((await lab.kubectl(["get", "crd", "installations.operator.tigera.io"])).exitCode, 0);
});

test.run();
