import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { JsonObject } from "../../runner/json.ts";
import { chartKeys, ignoredValues } from "../../tasks/cilium/check-values.ts";
import { ciliumRelease } from "../../tasks/cilium/release.ts";
import { checkedVersion } from "../../tasks/cilium/release-line.ts";
import { desired } from "../k8s/fake-cluster.ts";
import { sharedPath } from "../support/shared.ts";
import { releaseArgs, SIX, VERSIONS, verdict } from "./design.ts";
import { valuesCheck } from "./schemas.ts";

const test = suite("cilium.release");

const everything = { hubble: { relay: true, ui: true }, cluster_ip_advertised: true };

async function release(version: string, more: JsonObject = {}) {
  const [wanted] = await desired(ciliumRelease, releaseArgs(version, more));
  if (wanted?.kind !== "release") throw new Error("no release");
  return wanted;
}

/** What the paper's example sets that charts of its time understood, without what this list says was never a key or belongs elsewhere. */
const paper = {
  bgpControlPlane: { enabled: true },
  ipam: { mode: "cluster-pool", operator: { clusterPoolIPv4PodCIDRList: ["192.168.19.0/24"], clusterPoolIPv4MaskSize: 27 } },
  ipv4: { enabled: true },
  ipv6: { enabled: false },
  loadBalancer: { algorithm: "maglev" },
  tunnel: "disabled",
  enableIPv6Masquerade: false,
  enableIPv4Masquerade: false,
  kubeProxyReplacement: "strict",
  k8sServiceHost: "192.168.18.252",
  k8sServicePort: 8443,
};
const ours = {
  ipv4NativeRoutingCIDR: "192.168.19.0/24",
  autoDirectNodeRoutes: false,
  endpointRoutes: { enabled: true },
  rollOutCiliumPods: true,
  operator: { rollOutPods: true },
};

test("the paper's version gives the paper's values, where they are right", async () => {
  const { values, ...rest } = await release("1.13.4");
  assert.equal(values, { ...paper, ...ours });
  assert.equal(rest, {
    kind: "release",
    state: "present",
    name: "cilium",
    namespace: "kube-system",
    createNamespace: false,
    chart: "cilium",
    repository: "https://helm.cilium.io/",
    version: "1.13.4",
    brings: ["ciliumnodes.cilium.io", "ciliumloadbalancerippools.cilium.io", "ciliumbgppeeringpolicies.cilium.io"],
    timeoutSeconds: 300,
  });
});

test("a later version gives the same in its own names", async () => {
  const { tunnel: _gone, ...same } = paper;
  const { values, brings } = await release("1.19.6");
  assert.equal(values, {
    ...same,
    ...ours,
    bgpControlPlane: { enabled: true, secretsNamespace: { name: "kube-system" } },
    routingMode: "native",
    kubeProxyReplacement: true,
  });
  assert.ok(brings.includes("ciliumbgpclusterconfigs.cilium.io"));
  assert.not(brings.includes("ciliumbgppeeringpolicies.cilium.io"));
});

test("a second family, Hubble, ClusterIPs and values of one's own come on top", async () => {
  const families = [{ family: "ipv4", pod_subnet: "192.168.19.0/24", block_size: 27 }, { ...SIX }];
  const { values } = await release("1.20.0", {
    ...everything,
    families,
    values: { operator: { replicas: 1 }, hubble: { tls: { enabled: false } } },
  });
  const operator: unknown = Object(values.ipam).operator;
  assert.equal(operator, {
    clusterPoolIPv4PodCIDRList: ["192.168.19.0/24"],
    clusterPoolIPv4MaskSize: 27,
    clusterPoolIPv6PodCIDRList: ["fd00:10::/112"],
    clusterPoolIPv6MaskSize: 122,
  });
  assert.equal(values.ipv6, { enabled: true });
  assert.is(values.ipv6NativeRoutingCIDR, "fd00:10::/112");
  assert.equal(values.hubble, { relay: { enabled: true }, ui: { enabled: true }, tls: { enabled: false } });
  assert.equal(values.bpf, { lbExternalClusterIP: true });
  assert.equal(values.operator, { rollOutPods: true, replicas: 1 });
});

for (const version of VERSIONS) {
  test(`the chart of ${version} ignores none of the values that are written for it`, async () => {
    const { values } = await release(version, {
      ...everything,
      families: [{ family: "ipv4", pod_subnet: "10.0.0.0/8", block_size: 24 }, { ...SIX }],
    });
    assert.equal(ignoredValues(values, checkedVersion(version)), []);
    assert.equal(verdict(ciliumRelease, releaseArgs(version)).refused, []);
  });
}

test("the table of keys has exactly the keys of the charts", () => {
  const path = sharedPath("crds", "cilium-charts", "values-keys-by-version.tsv");
  if (path === undefined) return console.log("skipped: no chart keys beside the checkout");
  const [head = "", ...rows] = readFileSync(path, "utf8").trimEnd().split("\n");
  for (const [column, version] of head.split("\t").entries()) {
    if (column === 0) continue;
    const keys = rows.map((row) => row.split("\t")).flatMap((cells) => (cells[column] === "x" ? [cells[0] ?? ""] : []));
    const table = chartKeys(checkedVersion(version));
    assert.equal(
      keys.filter((key) => !table.has(key)),
      [],
      version,
    );
    const commented = [...table].filter((key) => !keys.includes(key));
    assert.ok(commented.length <= 15 && keys.length > 500, `${version}: ${commented.length} more than the chart`);
  }
});

for (const version of ["1.17.18", "1.20.0"]) {
  const check = valuesCheck(version);
  if (check === undefined) console.log(`skipped: no values.schema.json of ${version} beside the checkout`);
  const body = async () => {
    const { values } = await release(version, {
      ...everything,
      families: [{ family: "ipv4", pod_subnet: "10.0.0.0/8", block_size: 24 }, { ...SIX }],
    });
    assert.equal(check?.(values), []);
    assert.ok((check?.({ ...values, ipv4: "yes" }) ?? []).length > 0);
  };
  (check === undefined ? test.skip : test)(`values fit values.schema.json of ${version}`, body);
}

/** Values of a user, the releases they are for, and what is said about them. */
const refused: readonly (readonly [JsonObject, readonly string[], RegExp])[] = [
  [{ tunnel: "disabled" }, ["1.15.19", "1.20.0"], /^\/values\/tunnel was removed in Cilium 1\.15/],
  [{ kubeProxyReplacement: "strict" }, ["1.16.19", "1.20.0"], /^\/values\/kubeProxyReplacement is true or false/],
  [{ kubeProxyReplacement: true }, ["1.13.4"], /^\/values\/kubeProxyReplacement is strict/],
  [{ bgp: { enabled: true } }, ["1.13.4", "1.16.19"], /^\/values\/bgp\/enabled is MetalLB/],
  [{ hubble: { ui: { enabled: true } } }, ["1.13.4", "1.20.0"], /^\/values\/hubble\/ui asks for Hubble's UI without its relay/],
];
const ignored: readonly (readonly [JsonObject, readonly string[], RegExp])[] = [
  [{ "enable-endpoint-routes": true }, ["1.13.4", "1.20.0"], /endpointRoutes\.enabled/],
  [{ ui: { enabled: true } }, ["1.13.4", "1.20.0"], /hubble\.ui/],
  [{ tls: { enabled: false } }, ["1.13.4", "1.20.0"], /hubble\.tls\.enabled/],
  [{ bgp: { enabled: true } }, ["1.17.18", "1.20.0"], /bgpControlPlane/],
  [{ ipam: { operator: { clusterPoolIPv4PodCIDR: "10.0.0.0/8" } } }, ["1.14.19", "1.20.0"], /PodCIDRList/],
  [{ externalIPs: { enabled: true } }, ["1.17.18"], /kubeProxyReplacement/],
  [{ hostPort: { enabled: true } }, ["1.18.12"], /kubeProxyReplacement/],
  [{ nodePort: { enabled: true } }, ["1.19.6"], /kubeProxyReplacement/],
  [{ routingMode: "native" }, ["1.13.4"], /tunnel: disabled/],
  [{ ipv4NativeRoutingCIRD: "10.0.0.0/8" }, ["1.20.0"], /did you mean ipv4NativeRoutingCIDR\?/],
  [{ hubble: { relay: { enabeld: true } } }, ["1.20.0"], /did you mean enabled\?/],
];
const fine: readonly (readonly [JsonObject, readonly string[]])[] = [
  [{ tunnel: "disabled" }, ["1.13.4", "1.14.19"]],
  [{ kubeProxyReplacement: true }, ["1.14.19", "1.20.0"]],
  [{ externalIPs: { enabled: true }, hostPort: { enabled: true }, nodePort: { enabled: true } }, ["1.16.19"]],
  [{ ipam: { operator: { clusterPoolIPv4PodCIDR: "10.0.0.0/8" } } }, ["1.13.4"]],
  [{ loadBalancer: { algorithm: "maglev" }, maglev: { tableSize: 65521 }, podAnnotations: { a: "b" } }, VERSIONS],
];

for (const [values, versions, words] of refused) {
  for (const version of versions) {
    test(`${version} refuses ${JSON.stringify(values)}`, () => {
      const { refused: said } = verdict(ciliumRelease, releaseArgs(version, { values }));
      assert.is(said.length, 1, said.join("\n"));
      assert.match(said[0] ?? "", words);
    });
  }
}
for (const [values, versions, words] of ignored) {
  for (const version of versions) {
    test(`${version} would ignore ${JSON.stringify(values)}`, () => {
      const said = ignoredValues(values, checkedVersion(version));
      assert.is(said.length, 1, said.join("\n"));
      assert.match(said[0] ?? "", words);
      assert.ok(verdict(ciliumRelease, releaseArgs(version, { values })).warned.includes(said[0] ?? ""));
    });
  }
}
for (const [values, versions] of fine) {
  for (const version of versions) {
    test(`${version} knows ${JSON.stringify(values)}`, () => {
      assert.equal(ignoredValues(values, checkedVersion(version)), []);
      assert.equal(verdict(ciliumRelease, releaseArgs(version, { values })).refused, []);
    });
  }
}

test("values that go against the design are named", () => {
  const { warned } = verdict(ciliumRelease, releaseArgs("1.19.6", { max_pods: 20, values: { enableIPv4Masquerade: true } }));
  assert.equal(warned, ["values.enableIPv4Masquerade replaces what the design needs (false)"]);
});

test("versions: too old and unreadable are refused, bad and unknown ones are warned about", () => {
  const said = (version: string) => verdict(ciliumRelease, releaseArgs(version, { max_pods: 20 }));
  assert.match(said("1.12.9").refused.join(), /^\/version is 1\.12\.9: Cilium before 1\.13/);
  assert.match(said("latest").refused.join(), /^\/version is not a version/);
  for (const version of ["1.17.4", "1.17.5"]) assert.match(said(version).warned.join(), "#40478");
  assert.equal(said("1.17.6").warned, []);
  assert.match(said("1.23.0").warned.join(), "treated as 1.20");
  assert.equal(said("v1.20.3").warned, []);
});

test("pools: too few shares for the nodes are refused, shares smaller than kubelet's maxPods warned about", () => {
  assert.equal(verdict(ciliumRelease, releaseArgs("1.19.6", { nodes: 8, max_pods: 29 })), { refused: [], warned: [] });
  assert.match(
    verdict(ciliumRelease, releaseArgs("1.19.6", { nodes: 9 })).refused.join(),
    /^\/families\/0 has room for 8 nodes .* not for 9/,
  );
  assert.match(verdict(ciliumRelease, releaseArgs("1.19.6")).warned.join(), /a \/27 of 192\.168\.19\.0\/24 is for about 29 pods/);
  const families = [{ family: "ipv4", pod_subnet: "192.168.19.0/24", block_size: 23 }];
  assert.match(verdict(ciliumRelease, releaseArgs("1.19.6", { families })).refused.join(), "cannot cut shares of length 23");
});

test.run();
