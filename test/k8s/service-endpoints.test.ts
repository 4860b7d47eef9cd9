import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { serviceEndpoints } from "../../tasks/k8s/service-endpoints.ts";
import { fakeCluster, observe } from "./fake-cluster.ts";

const test = suite("k8s.service_endpoints");

const args = { namespace: "guestbook", name: "frontend", addresses: ["LoadBalancerIP"], replicas: 2 };
const place = { namespace: "guestbook" };

const service: KubeObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "frontend", ...place },
  spec: { clusterIP: "192.168.8.9", clusterIPs: ["192.168.8.9", "fd00:8::9"], externalIPs: ["192.168.12.1"] },
  status: { loadBalancer: { ingress: [{ ip: "192.168.21.186" }] } },
};

function slice(name: string, endpoints: readonly (readonly [node: string, ready: boolean | undefined])[]): KubeObject {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name, ...place, labels: { "kubernetes.io/service-name": "frontend" } },
    endpoints: endpoints.map(([nodeName, ready]) => ({ nodeName, conditions: ready === undefined ? {} : { ready } })),
  };
}

async function look(objects: { service?: KubeObject; slices?: readonly KubeObject[] }, more: object = {}) {
  const cluster = fakeCluster({
    services: objects.service === undefined ? [] : [objects.service],
    "endpointslices.discovery.k8s.io": objects.slices ?? [],
  });
  return observe(serviceEndpoints, { ...args, ...more }, cluster);
}

const slices = [
  slice("four", [
    ["worker-2", true],
    ["worker-1", undefined],
    ["worker-3", false],
  ]),
  slice("six", [
    ["worker-2", true],
    ["worker-1", true],
  ]),
];

test("addresses as host prefixes, nodes with ready endpoints", async () => {
  const seen = await look({ service, slices });
  assert.equal(seen.unmet, []);
  assert.equal(seen.facts, { prefixes: ["192.168.21.186/32"], nodes: ["worker-1", "worker-2"] });
});

test("every kind of address, both families", async () => {
  const seen = await look({ service, slices }, { addresses: ["ClusterIP", "ExternalIP"] });
  assert.equal(seen.facts?.prefixes, ["192.168.8.9/32", "fd00:8::9/128", "192.168.12.1/32"]);
});

test("what is missing, in words", async () => {
  assert.match((await look({ slices })).unmet.join(), "there is no service frontend in namespace guestbook");
  const waiting = { ...service, status: { loadBalancer: {} } };
  assert.match(
    (await look({ service: waiting, slices })).unmet.join(),
    "frontend has no LoadBalancerIP: has the CNI's allocator",
  );
  const headless = { ...service, spec: { clusterIP: "None", clusterIPs: ["None"] } };
  assert.match((await look({ service: headless, slices }, { addresses: ["ClusterIP"] })).unmet.join(), "headless");
  assert.match((await look({ service, slices }, { replicas: 3 })).unmet.join(), "2 of 3 endpoints of frontend are ready");
});

test.run();
