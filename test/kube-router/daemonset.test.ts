import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isObject } from "../../runner/json.ts";
import { daemonSet } from "../../tasks/kube-router/daemonset.ts";
import { containerOf } from "../../tasks/kube-router/pods.ts";
import { detectedVersion } from "../../tasks/kube-router/release.ts";
import { desired, prepare } from "../k8s/fake-cluster.ts";

const test = suite("kube_router.daemonset");

/** As `underlay.families` has them, with keys that the task does not look at. */
const four = () => ({
  ...{ family: "ipv4", interface_profile: "floating-svi", node_subnet: "192.168.43.0/24", prefixes: [], anchors: [], paths: [] },
  ...{ pod_subnet: "192.168.44.0/24", service_subnet: "192.168.45.0/24", block_size: 28 },
  ...{ external_service_subnet: "192.168.46.0/24", load_balancer_subnet: "192.168.47.0/24" },
});
const six = () => ({ family: "ipv6", service_subnet: "fd00:8::/112", load_balancer_subnet: "fd00:13::/112" });
const args = (more: Record<string, unknown> = {}) => ({ version: "v2.11.1", asn: 65003, families: [four()], ...more });

async function manifests(more: Record<string, unknown> = {}) {
  return (await desired(daemonSet, args(more))).flatMap((resource) => (resource.kind === "manifest" ? [resource] : []));
}

async function podSpec(more: Record<string, unknown> = {}) {
  const object = (await manifests(more)).find(({ object: { kind } }) => kind === "DaemonSet")?.object;
  const spec = isObject(object?.spec) && isObject(object.spec.template) ? object.spec.template.spec : undefined;
  if (!isObject(spec)) throw new Error("no DaemonSet");
  return spec;
}

async function flags(more: Record<string, unknown> = {}): Promise<readonly string[]> {
  const list = containerOf(await podSpec(more))?.args;
  return Array.isArray(list) ? list.map(String) : [];
}

test("the objects, each of them ours", async () => {
  assert.equal(
    (await manifests()).map(({ object, state, force }) => [object.kind, object.metadata.namespace, state, force]),
    [
      ["ServiceAccount", "kube-system", "present", true],
      ["ClusterRole", undefined, "present", true],
      ["ClusterRoleBinding", undefined, "present", true],
      ["ConfigMap", "kube-system", "present", true],
      ["DaemonSet", "kube-system", "present", true],
    ],
  );
  assert.ok((await manifests({ state: "absent" })).every(({ state }) => state === "absent"));
});

test("the white paper's arguments and the ranges that 2.8 asks for; every flag with its value", async () => {
  const found = await flags();
  for (const flag of [
    ...["--cluster-asn=65003", "--advertise-external-ip=true", "--advertise-loadbalancer-ip=true", "--advertise-pod-cidr=true"],
    ...["--enable-ibgp=false", "--enable-overlay=false", "--enable-pod-egress=false", "--override-nexthop=true"],
    ...["--service-cluster-ip-range=192.168.45.0/24", "--service-external-ip-range=192.168.46.0/24"],
    ...["--loadbalancer-ip-range=192.168.47.0/24", "--run-loadbalancer=true", "--advertise-cluster-ip=false"],
    ...["--enable-ipv4=true", "--enable-ipv6=false", "--bgp-graceful-restart=true", "--run-service-proxy=false"],
  ]) {
    assert.ok(found.includes(flag), flag);
  }
  for (const flag of found) assert.match(flag, /^--[a-z0-9-]+=\S+$/);
  assert.not.ok(found.some((flag) => flag.startsWith("--bgp-holdtime") || flag.startsWith("--peer-router")));
  assert.ok((await flags({ hold_time: 6 })).includes("--bgp-holdtime=6s"));
});

test("dual stack: both ranges in one flag; IPv6 alone: a router ID is generated", async () => {
  const dual = await flags({ families: [four(), six()] });
  for (const flag of ["--enable-ipv6=true", "--service-cluster-ip-range=192.168.45.0/24,fd00:8::/112"])
    assert.ok(dual.includes(flag), flag);
  assert.ok(dual.includes("--loadbalancer-ip-range=192.168.47.0/24,fd00:13::/112"));
  assert.not.ok(dual.some((flag) => flag.startsWith("--router-id")));
  const alone = await flags({ families: [six()] });
  assert.ok(alone.includes("--router-id=generate"));
  assert.ok(alone.includes("--enable-ipv4=false"));
});

test("a release before 2.0 gets no flag that it does not know, nor the rights of the allocator", async () => {
  const old = await flags({ version: "1.6.0" });
  assert.not.ok(old.some((flag) => /^--(enable-ipv|run-loadbalancer|loadbalancer-ip-range|router-id)/.test(flag)));
  const rights = async (more: Record<string, unknown>) => JSON.stringify((await manifests(more))[1]?.object.rules);
  assert.not.match(await rights({ version: "1.6.0" }), "leases");
  assert.not.match(await rights({ allocate_load_balancer_ips: false }), "leases");
  assert.match(await rights({}), "services/status");
  assert.ok((await flags({ allocate_load_balancer_ips: false })).includes("--run-loadbalancer=false"));
});

test("every volume that is mounted is there, and every one that is there is mounted", async () => {
  const spec = await podSpec();
  const list = (value: unknown) => (Array.isArray(value) ? value.filter(isObject) : []);
  const mounted = [...list(spec.containers), ...list(spec.initContainers)].flatMap(({ volumeMounts }) => list(volumeMounts));
  assert.equal(
    [...new Set(mounted.map(({ name }) => name))].sort(),
    list(spec.volumes)
      .map(({ name }) => name)
      .sort(),
  );
  assert.is(spec.hostNetwork, true);
  assert.is(spec.hostPID, true);
});

test("kubeconfig: kube-proxy's, or our own with the address of the API", async () => {
  assert.match(JSON.stringify(await podSpec()), '"name":"kube-proxy"');
  const own = JSON.stringify(await podSpec({ api_server: "https://192.168.43.252:6443" }));
  assert.not.match(own, '"name":"kube-proxy"');
  const config = (await manifests({ api_server: "https://192.168.43.252:6443" }))[3]?.object.data;
  const text = isObject(config) ? JSON.parse(String(config.kubeconfig)) : undefined;
  assert.is(text?.clusters[0].cluster.server, "https://192.168.43.252:6443");
});

const releases: readonly (readonly [string, RegExp | undefined])[] = [
  ["1.5.0", /must be 1\.5\.1 or later/],
  ["1.4.9", /must be 1\.5\.1 or later/],
  ["latest", /is not a version/],
  ["1.5.1", undefined],
  ["v2.11.1", undefined],
  ["v9.0.0", undefined],
];
for (const [version, refusal] of releases) {
  test(`release ${version} is ${refusal === undefined ? "taken" : "refused"}`, () => {
    if (refusal === undefined) prepare(daemonSet, args({ version }));
    else assert.throws(() => prepare(daemonSet, args({ version })), refusal);
  });
}

test("IPv6 needs 2.0", () => {
  assert.throws(
    () => prepare(daemonSet, args({ version: "1.6.0", families: [four(), six()] })),
    /must be 2\.0 or later for IPv6/,
  );
});

test("an old release that works is warned of", () => {
  assert.match(prepare(daemonSet, args({ version: "1.6.0" })).warnings.join(), "use 2.x");
  assert.equal(prepare(daemonSet, args()).warnings, []);
});

for (const [asn, taken] of [
  [64511, false],
  [64512, true],
  [65535, true],
  [65536, false],
  [4199999999, false],
  [4200000000, true],
  [4294967294, true],
  [4294967295, false],
] as const) {
  test(`cluster AS ${asn} is ${taken ? "taken" : "refused"}`, () => {
    if (taken) prepare(daemonSet, args({ asn }));
    else assert.throws(() => prepare(daemonSet, args({ asn })), /must be|>=|<=/);
  });
}

test("the release is told from the image, also with a registry's port and a digest", async () => {
  const [, , , , own] = await manifests();
  assert.is(own === undefined ? undefined : detectedVersion(own.object)?.minor, 11);
  const image = (text: string) =>
    detectedVersion({
      ...{ apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "x" } },
      spec: { template: { spec: { containers: [{ name: "kube-router", image: text }] } } },
    });
  assert.is(image("registry.example:5000/kube-router:v2.6.1@sha256:00")?.minor, 6);
  assert.is(image("registry.example:5000/kube-router"), undefined);
  assert.is(image("kube-router@sha256:00"), undefined);
  assert.is(image("kube-router:latest"), undefined);
});

test.run();
