import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { present } from "../../tasks/calico/present.ts";
import { fakeCluster, observe } from "../k8s/fake-cluster.ts";

const test = suite("calico.present");

function pod(namespace: string, image = "quay.io/calico/node:v3.31.7"): KubeObject {
  const containers = [{ name: "calico-node", image }];
  return { apiVersion: "v1", kind: "Pod", metadata: { name: "calico-node-1", namespace }, spec: { containers } };
}

function installation(calicoVersion: string, bgp = "Enabled"): KubeObject {
  const spec = { calicoNetwork: { bgp } };
  return {
    apiVersion: "operator.tigera.io/v1",
    kind: "Installation",
    metadata: { name: "default" },
    spec,
    status: { calicoVersion },
  };
}

function information(calicoVersion: string): KubeObject {
  const named = { apiVersion: "crd.projectcalico.org/v1", kind: "ClusterInformation", metadata: { name: "default" } };
  return { ...named, spec: { calicoVersion } };
}

interface There {
  readonly pods?: readonly KubeObject[];
  readonly installation?: KubeObject;
  readonly information?: KubeObject;
}

function look(there: There, install: "helm" | "present", more: Record<string, unknown> = {}) {
  const listed = (object: KubeObject | undefined) => (object === undefined ? [] : [object]);
  const cluster = fakeCluster({
    pods: there.pods ?? [],
    installations: listed(there.installation),
    "clusterinformations.crd.projectcalico.org": listed(there.information),
  });
  return observe(present, { version: "v3.31.7", namespace: "calico-system", install, ...more }, cluster);
}

const versions: readonly (readonly [string, There, string])[] = [
  ["the operator's word first", { installation: installation("v3.31.2"), information: information("v3.31.1") }, "v3.31.2"],
  ["then Calico's own", { information: information("v3.31.1") }, "v3.31.1"],
  ["then the image", {}, "v3.31.7"],
];
for (const [name, there, version] of versions) {
  test(`version: ${name}`, async () => {
    const seen = await look({ pods: [pod("calico-system")], ...there }, "present");
    assert.equal(seen.facts, { version, namespaces: ["calico-system"], served: false });
  });
}

test("an image by digest, or from a registry with a port, gives its tag or nothing", async () => {
  const tag = async (image: string) => (await look({ pods: [pod("calico-system", image)] }, "present")).facts?.version;
  assert.is(await tag("registry.example.org:5000/calico/node:v3.31.1@sha256:abc"), "v3.31.1");
  assert.is(await tag("registry.example.org:5000/calico/node@sha256:abc"), null);
});

const wrong: readonly (readonly [string, There, "helm" | "present", RegExp])[] = [
  ["present, and not there", {}, "present", /no pod with label/],
  [
    "another namespace",
    { pods: [pod("kube-system")] },
    "present",
    /runs in namespace kube-system, the inventory says calico-system/,
  ],
  ["another namespace, by helm", { pods: [pod("kube-system")] }, "helm", /runs in namespace kube-system/],
  ["another release line", { pods: [pod("calico-system", "calico/node:v3.26.1")] }, "present", /runs Calico v3\.26\.1/],
  ["without BGP", { pods: [pod("calico-system")], installation: installation("v3.31.7", "Disabled") }, "present", /bgp Disabled/],
];
for (const [name, there, install, message] of wrong) {
  test(`refused: ${name}`, async () => {
    const said = await look(there, install).then(
      () => "",
      (error: Error) => error.message,
    );
    assert.match(said, message);
  });
}

test("by helm nothing need be there; an upgrade is fine, a step back is warned about", async () => {
  assert.is((await look({}, "helm")).message, "not there yet");
  const upgrade = await look({ pods: [pod("calico-system")] }, "helm", { version: "v3.32.1" });
  assert.equal(upgrade.warnings, []);
  const back = await look({ pods: [pod("calico-system")] }, "helm", { version: "v3.30.0" });
  assert.is(back.warnings?.length, 1);
});

test.run();
