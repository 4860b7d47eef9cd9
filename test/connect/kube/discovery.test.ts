import { suite } from "uvu";
import * as assert from "uvu/assert";
import { fullName, guessFullName, parseApiResources } from "../../../runner/connect/kube/discovery.ts";
import { targetOf } from "../../../runner/connect/kube/object-name.ts";

const test = suite("kinds and names");

test("rows of kubectl api-resources, with and without short names", () => {
  const table = [
    "configmaps   cm   v1                      true    ConfigMap",
    "bgppeers          projectcalico.org/v3    false   BGPPeer",
    "crds  crd,crds    apiextensions.k8s.io/v1 false   CustomResourceDefinition",
    "",
  ].join("\n");
  const kinds = parseApiResources(table);
  assert.equal(kinds.map(fullName), ["configmaps", "bgppeers.projectcalico.org", "crds.apiextensions.k8s.io"]);
  assert.equal(kinds[1], { resource: "bgppeers", group: "projectcalico.org", version: "v3", kind: "BGPPeer", namespaced: false });
  assert.is(kinds[0]?.namespaced, true);
});

const guesses: readonly (readonly [string, string, string])[] = [
  ["projectcalico.org/v3", "BGPPeer", "bgppeers.projectcalico.org"],
  ["projectcalico.org/v3", "CalicoNodeStatus", "caliconodestatuses.projectcalico.org"],
  ["operator.tigera.io/v1", "TigeraStatus", "tigerastatuses.operator.tigera.io"],
  ["projectcalico.org/v3", "NetworkPolicy", "networkpolicies.projectcalico.org"],
  ["v1", "Node", "nodes"],
];
for (const [apiVersion, kind, resource] of guesses) {
  test(`${kind} is served as ${resource}`, () => assert.is(guessFullName(apiVersion, kind), resource));
}

test("targets: well-known kinds by name, others with their group", () => {
  const namespaced = { apiVersion: "v1", kind: "ConfigMap", name: "x", namespace: "kube-system" };
  assert.is(targetOf(namespaced), "configmap kube-system/x");
  assert.is(targetOf({ apiVersion: "projectcalico.org/v3", kind: "BGPPeer", name: "201" }), "bgppeer.projectcalico.org 201");
  assert.is(targetOf({ apiVersion: "apps/v1", kind: "DaemonSet", name: "d", namespace: "n" }), "daemonset n/d");
});

test.run();
