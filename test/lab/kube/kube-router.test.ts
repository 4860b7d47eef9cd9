import { suite } from "uvu";
import * as assert from "uvu/assert";
import { contains } from "../../../lab/kube/addresses/prefix.ts";
import { listAt, textAt, valueAt } from "../../../lab/kube/objects/kube-object.ts";
import type { Json } from "../../../runner/json.ts";
import { dualStack, startTestCluster, type TestCluster } from "./start.ts";

const test = suite("kube-router and services");
let lab: TestCluster;

const APPLY = ["apply", "--server-side", "--field-manager=underlay", "-f", "-"];
const ANNOTATION = "lab.underlay/node-annotations";

const workload = (kind: string, name: string, namespace: string, labels: Json, podSpec: object, more: object = {}) => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name, namespace },
  spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec }, ...more },
});
const router = workload(
  "DaemonSet",
  "kube-router",
  "kube-system",
  { "k8s-app": "kube-router" },
  {
    hostNetwork: true,
    tolerations: [{ operator: "Exists" }],
    containers: [
      {
        name: "kube-router",
        image: "docker.io/cloudnativelabs/kube-router:v2.11.1",
        args: ["--run-router=true", "--run-loadbalancer", "--loadbalancer-ip-range=192.168.47.0/29,fd00:47::/125"],
      },
    ],
  },
);
const service = (name: string, spec: object) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "default" },
  spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: "http" }], ...spec },
});

async function get(...what: readonly string[]): Promise<Json> {
  const found = await lab.kubectl(["get", ...what, "-o", "json"]);
  assert.is(found.exitCode, 0, found.stderr);
  const json: Json = JSON.parse(found.stdout);
  return json;
}

async function routerOn(node: string): Promise<Json> {
  const pods = listAt(await get("pods", "-n", "kube-system", "-l", "k8s-app=kube-router"), "items");
  return pods.find((pod) => textAt(pod, "spec", "nodeName") === node) ?? null;
}

test.before(async () => {
  lab = await startTestCluster({ spec: dualStack("kube-router", "v2.11.1") });
});
test.after(() => lab.close());

test("the controller manager gives each node prefixes of both families, which do not overlap", async () => {
  const nodes = listAt(await get("nodes"), "items");
  const cidrs = nodes.map((node) => listAt(node, "spec", "podCIDRs").join(" "));
  assert.equal(cidrs, ["10.1.0.0/28 fd00:10::/122", "10.1.0.16/28 fd00:10::40/122", "10.1.0.32/28 fd00:10::80/122"]);
  assert.is(textAt(nodes[0], "spec", "podCIDR"), "10.1.0.0/28");
});

test("pods of the DaemonSet run, know the annotations of their start, and make nodes ready", async () => {
  await lab.kubectl(["annotate", "node", "worker-1", "kube-router.io/peers=one"]);
  assert.is((await lab.kubectl(APPLY, router)).exitCode, 0);
  const rollout = await lab.kubectl(["rollout", "status", "ds/kube-router", "-n", "kube-system", "--timeout=45s"]);
  assert.is(rollout.exitCode, 0, rollout.stderr);
  assert.is((await lab.kubectl(["wait", "--for=condition=Ready", "nodes", "--all", "--timeout=45s"])).exitCode, 0);
  const pod = await routerOn("worker-1");
  const known: Json = JSON.parse(textAt(pod, "metadata", "annotations", ANNOTATION));
  assert.is(valueAt(known, "kube-router.io/peers"), "one");
  const [container] = listAt(pod, "status", "containerStatuses");
  assert.match(textAt(container, "state", "running", "startedAt"), /^20.*Z$/);
  assert.equal(listAt(pod, "status", "podIPs"), [{ ip: "192.168.2.4" }, { ip: "fd00:2::2" }]);
});

test("annotations written later are known only to the pod that is started anew", async () => {
  await lab.kubectl(["annotate", "--overwrite", "node", "worker-1", "kube-router.io/peers=two"]);
  const before = await routerOn("worker-1");
  assert.match(textAt(before, "metadata", "annotations", ANNOTATION), '"one"');
  const deleted = await lab.kubectl(["delete", "pod", "-n", "kube-system", textAt(before, "metadata", "name"), "--timeout=45s"]);
  assert.is(deleted.exitCode, 0, deleted.stderr);
  const rollout = await lab.kubectl(["rollout", "status", "ds/kube-router", "-n", "kube-system", "--timeout=45s"]);
  assert.is(rollout.exitCode, 0, rollout.stderr);
  const after = await routerOn("worker-1");
  assert.match(textAt(after, "metadata", "annotations", ANNOTATION), '"two"');
  assert.is.not(textAt(after, "metadata", "name"), textAt(before, "metadata", "name"));
  assert.is.not(textAt(after, "metadata", "uid"), textAt(before, "metadata", "uid"));
});

test("a Deployment is spread over the workers, with addresses of both families out of their prefixes", async () => {
  const containers = [{ name: "web", image: "web:1", ports: [{ name: "http", containerPort: 8080 }] }];
  const web = workload("Deployment", "web", "default", { app: "web" }, { containers }, { replicas: 4 });
  assert.is((await lab.kubectl(APPLY, web)).exitCode, 0);
  assert.is((await lab.kubectl(["rollout", "status", "deploy/web", "--timeout=45s"])).exitCode, 0);
  const pods = listAt(await get("pods", "-l", "app=web"), "items");
  const nodes = listAt(await get("nodes"), "items");
  assert.equal(pods.map((pod) => textAt(pod, "spec", "nodeName")).sort(), ["worker-1", "worker-1", "worker-2", "worker-2"]);
  const seen = new Set<string>();
  for (const pod of pods) {
    const node = nodes.find((entry) => textAt(entry, "metadata", "name") === textAt(pod, "spec", "nodeName"));
    const prefixes = listAt(node, "spec", "podCIDRs").map(String);
    const addresses = listAt(pod, "status", "podIPs").map((entry) => textAt(entry, "ip"));
    assert.is(addresses.length, 2);
    for (const [index, address] of addresses.entries()) assert.ok(contains(prefixes[index] ?? "", address), address);
    for (const address of addresses) seen.add(address);
  }
  assert.is(seen.size, 8);
});

test("services get cluster addresses by their family policy, node ports, and what else the API server fills in", async () => {
  await lab.kubectl(APPLY, [
    service("one", { externalIPs: ["192.168.46.9"] }),
    service("two", { ipFamilyPolicy: "PreferDualStack", type: "NodePort" }),
    service("six", { ipFamilies: ["IPv6"] }),
    service("none", { clusterIP: "None" }),
  ]);
  const [none, one, six, two] = listAt(await get("services", "none", "one", "six", "two"), "items");
  assert.equal(listAt(one, "spec", "ipFamilies"), ["IPv4"]);
  assert.ok(contains("192.168.8.0/22", textAt(one, "spec", "clusterIP")));
  assert.equal(listAt(one, "spec", "externalIPs"), ["192.168.46.9"]);
  assert.is(textAt(one, "spec", "externalTrafficPolicy"), "Cluster");
  assert.equal(listAt(two, "spec", "ipFamilies"), ["IPv4", "IPv6"]);
  assert.ok(contains("fd00:8::/112", String(listAt(two, "spec", "clusterIPs")[1])));
  assert.ok(Number(valueAt(listAt(two, "spec", "ports")[0], "nodePort")) >= 30_000);
  assert.ok(contains("fd00:8::/112", textAt(six, "spec", "clusterIP")));
  assert.is(textAt(none, "spec", "clusterIP"), "None");
  const addresses = listAt(await get("services", "-A"), "items").map((entry) => textAt(entry, "spec", "clusterIP"));
  assert.is(new Set(addresses).size, addresses.length);
  assert.is(
    (
      await lab.kubectl(
        ["diff", "--server-side", "--field-manager=underlay", "-f", "-"],
        service("one", { externalIPs: ["192.168.46.9"] }),
      )
    ).exitCode,
    0,
  );
});

test("endpoint slices follow the pods, one for each family", async () => {
  const slices = listAt(await get("endpointslices", "-l", "kubernetes.io/service-name=two"), "items");
  assert.equal(slices.map((slice) => textAt(slice, "addressType")).sort(), ["IPv4", "IPv6"]);
  const [first] = slices;
  assert.equal(listAt(first, "ports"), [{ name: "", protocol: "TCP", port: 8080 }]);
  const [endpoint] = listAt(first, "endpoints");
  assert.equal(valueAt(endpoint, "conditions"), { ready: true, serving: true, terminating: false });
  assert.match(textAt(endpoint, "nodeName"), /^worker-/);
  await lab.kubectl(["patch", "deploy", "web", "-p", '{"spec":{"replicas":1}}']);
  const after = listAt(await get("endpointslices", "-l", "kubernetes.io/service-name=two"), "items");
  assert.is(listAt(after[0], "endpoints").length, 1);
  await lab.kubectl(["delete", "service", "two"]);
  assert.is(listAt(await get("endpointslices", "-l", "kubernetes.io/service-name=two"), "items").length, 0);
});

test("services of type LoadBalancer get an address of each family while there are any, and lose it with the type", async () => {
  await lab.kubectl(APPLY, service("balanced", { type: "LoadBalancer", ipFamilyPolicy: "RequireDualStack" }));
  const ingress = async () => listAt(await get("service", "balanced"), "status", "loadBalancer", "ingress");
  assert.equal(await ingress(), [
    { ip: "192.168.47.1", ipMode: "VIP" },
    { ip: "fd00:47::1", ipMode: "VIP" },
  ]);
  // Earlier by name: it must not take what another has.
  await lab.kubectl(APPLY, service("another", { type: "LoadBalancer" }));
  assert.match(JSON.stringify(await ingress()), "192.168.47.1");
  await lab.kubectl(APPLY, service("other", { type: "LoadBalancer", loadBalancerClass: "somebody" }));
  assert.is(valueAt(await get("service", "other"), "status", "loadBalancer", "ingress"), undefined);
  await lab.kubectl(["patch", "service", "balanced", "-p", '{"spec":{"type":"ClusterIP"}}']);
  assert.equal(await ingress(), []);
});

test("prefixes of a deleted node go to the next one", async () => {
  const freed = listAt(await get("node", "worker-2"), "spec", "podCIDRs");
  assert.is((await lab.kubectl(["delete", "node", "worker-2"])).exitCode, 0);
  assert.is((await lab.kubectl(APPLY, { apiVersion: "v1", kind: "Node", metadata: { name: "worker-9" } })).exitCode, 0);
  assert.equal(listAt(await get("node", "worker-9"), "spec", "podCIDRs"), freed);
});

test("all of it survives a restart", async () => {
  const what = ["get", "nodes,pods,services,endpointslices", "-A", "-o", "json"];
  // What the tests before began may still go on: a node that was made becomes Ready when its pod has started.
  let before = await lab.kubectl(what);
  for (let last = ""; last !== before.stdout; ) {
    last = before.stdout;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    before = await lab.kubectl(what);
  }
  await lab.restart();
  assert.is((await lab.kubectl(what)).stdout, before.stdout);
});

test.run();
