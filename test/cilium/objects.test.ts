import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../runner/connect/cluster.ts";
import { Secret } from "../../runner/secret.ts";
import { ciliumBgp } from "../../tasks/cilium/bgp.ts";
import { ciliumBgpPassword } from "../../tasks/cilium/bgp-password.ts";
import { ciliumLoadBalancerPool } from "../../tasks/cilium/load-balancer-pool.ts";
import { desired, prepare } from "../k8s/fake-cluster.ts";
import { bgpArgs, objects, paperSessions, session, VERSIONS, verdict } from "./design.ts";
import { crdVersionCheck } from "./schemas.ts";

const test = suite("Cilium's objects");

/** Nodes that were withdrawn have no peers. */
const matchExpressions = [{ key: "underlay/withdrawn", operator: "DoesNotExist" }];
const labels = { "app.kubernetes.io/managed-by": "underlay" };
const bgp = async (version: string, more: Record<string, unknown> = {}) =>
  objects(await desired(ciliumBgp, bgpArgs(version, more)));
const dualStack = () => [
  ...paperSessions(),
  session("pi-k8s-1", 1, 203, "FD00:2::0:203"),
  session("pi-k8s-2", 1, 203, "fd00:2::203"),
];
const everything = {
  secret: "bgp-secrets",
  timers: { hold: 3, keepalive: 1 },
  graceful_restart: 60,
};
const later = { services: ["LoadBalancerIP", "ClusterIP", "ExternalIP"], router_ids: { "pi-k8s-1": "10.0.0.1" } };

test("1.13: the paper's policy, without the namespace that a cluster-scoped kind has not", async () => {
  assert.equal(await bgp("1.13.4"), [
    {
      apiVersion: "cilium.io/v2alpha1",
      kind: "CiliumBGPPeeringPolicy",
      metadata: { name: "rack-1", labels },
      spec: {
        nodeSelector: { matchLabels: { rack_id: "1" }, matchExpressions },
        virtualRouters: [
          {
            localASN: 65003,
            exportPodCIDR: true,
            serviceSelector: { matchExpressions: [{ key: "CiliumAdvertiseAllServices", operator: "DoesNotExist" }] },
            neighbors: [
              { peerAddress: "192.168.18.203/32", peerASN: 65002 },
              { peerAddress: "192.168.18.204/32", peerASN: 65002 },
            ],
          },
        ],
      },
    },
  ]);
});

test("1.15: peers have a password and one family each", async () => {
  const [policy] = await bgp("1.15.19", { secret: "bgp-secrets", sessions: dualStack() });
  const [router] = Object(policy?.spec).virtualRouters;
  const peer = (peerAddress: string, afi: string) => ({
    peerAddress,
    peerASN: 65002,
    authSecretRef: "bgp-secrets",
    families: [{ afi, safi: "unicast" }],
  });
  assert.equal(router.neighbors, [
    peer("192.168.18.203/32", "ipv4"),
    peer("192.168.18.204/32", "ipv4"),
    peer("fd00:2::203/128", "ipv6"),
  ]);
});

test("1.19: one ClusterConfig for each rack; peers by plain address; settings and advertisement of their own", async () => {
  const wanted = await bgp("1.19.6", {
    secret: "bgp-secrets",
    sessions: [...dualStack(), session("pi-k8s-3", 2, 205, "192.168.18.205")],
  });
  const made = (kind: string, name: string) => wanted.find((object) => object.kind === kind && object.metadata.name === name);
  assert.equal(
    wanted.map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.name}`),
    [
      "cilium.io/v2 CiliumBGPAdvertisement aci",
      "cilium.io/v2 CiliumBGPPeerConfig aci-ipv4",
      "cilium.io/v2 CiliumBGPPeerConfig aci-ipv6",
      "cilium.io/v2 CiliumBGPClusterConfig rack-1",
      "cilium.io/v2 CiliumBGPClusterConfig rack-2",
    ],
  );
  const peer = (name: string, peerAddress: string, config: string) => ({
    name,
    peerASN: 65002,
    peerAddress,
    peerConfigRef: { name: config },
  });
  assert.equal(made("CiliumBGPClusterConfig", "rack-1")?.spec, {
    nodeSelector: { matchLabels: { rack_id: "1" }, matchExpressions },
    bgpInstances: [
      {
        name: "aci",
        localASN: 65003,
        peers: [
          peer("leaf-203", "192.168.18.203", "aci-ipv4"),
          peer("leaf-204", "192.168.18.204", "aci-ipv4"),
          peer("leaf-203-ipv6", "fd00:2::203", "aci-ipv6"),
        ],
      },
    ],
  });
  assert.equal(made("CiliumBGPPeerConfig", "aci-ipv6")?.spec, {
    authSecretRef: "bgp-secrets",
    timers: { holdTimeSeconds: 90, keepAliveTimeSeconds: 30 },
    gracefulRestart: { enabled: false },
    families: [{ afi: "ipv6", safi: "unicast", advertisements: { matchLabels: { advertise: "aci" } } }],
  });
  const advertisement = made("CiliumBGPAdvertisement", "aci");
  assert.equal(advertisement?.metadata.labels, { ...labels, advertise: "aci" });
  assert.equal(advertisement?.spec, {
    advertisements: [
      { advertisementType: "PodCIDR" },
      {
        advertisementType: "Service",
        service: { addresses: ["LoadBalancerIP"] },
        selector: { matchExpressions: [{ key: "CiliumAdvertiseAllServices", operator: "DoesNotExist" }] },
      },
    ],
  });
});

test("timers and graceful restart as they are given", async () => {
  const [, peerConfig] = await bgp("1.20.0", everything);
  assert.equal(Object(peerConfig?.spec).timers, { holdTimeSeconds: 3, keepAliveTimeSeconds: 1 });
  assert.equal(Object(peerConfig?.spec).gracefulRestart, { enabled: true, restartTimeSeconds: 60 });
});

test("standard SVI: one object for each node, by its name", async () => {
  const sessions = [session("a", 1, 201, "192.168.18.2"), session("b", 1, 201, "192.168.18.10")];
  const configs = (await bgp("1.19.6", { by: "node", sessions })).filter(({ kind }) => kind === "CiliumBGPClusterConfig");
  assert.equal(
    configs.map(({ metadata, spec }) => [metadata.name, Object(spec).nodeSelector, Object(spec).bgpInstances[0].peers.length]),
    [
      ["a", { matchLabels: { "kubernetes.io/hostname": "a" }, matchExpressions }, 1],
      ["b", { matchLabels: { "kubernetes.io/hostname": "b" }, matchExpressions }, 1],
    ],
  );
});

test("objects of ours that are not wanted go, those of the other generation too; absent takes all", async () => {
  for (const version of VERSIONS) {
    const wanted = await desired(ciliumBgp, bgpArgs(version));
    const exclusive = wanted.flatMap((resource) => (resource.kind === "exclusive" ? [resource] : []));
    assert.equal(
      exclusive.map(({ objectKind }) => objectKind.replace("CiliumBGP", "")),
      ["ClusterConfig", "PeerConfig", "Advertisement", "NodeConfigOverride", "PeeringPolicy"],
    );
    assert.ok(exclusive.every((resource) => resource.labels["app.kubernetes.io/managed-by"] === "underlay"));
  }
  const absent = await desired(ciliumBgp, bgpArgs("1.19.6", { state: "absent" }));
  assert.ok(
    absent.every((resource) => resource.kind === "exclusive" || (resource.kind === "manifest" && resource.state === "absent")),
  );
});

/** Arguments over the paper's, the releases that refuse them, and what they say. */
const refused: readonly (readonly [Record<string, unknown>, readonly string[], RegExp])[] = [
  [{ secret: "bgp-secrets" }, ["1.13.4", "1.14.19"], /^\/secret asks for a BGP password, which Cilium 1\.1[34]\.\d+ cannot do/],
  [{ timers: { hold: 3, keepalive: 1 } }, ["1.13.4"], /^\/timers cannot be set before Cilium 1\.14/],
  [{ graceful_restart: 60 }, ["1.13.4"], /^\/graceful_restart cannot be set/],
  [{ services: ["ClusterIP"] }, ["1.15.19"], /^\/services can only be LoadBalancerIP/],
  [{ router_ids: { a: "10.0.0.1" } }, ["1.15.19"], /^\/router_ids cannot be set/],
  [{ sessions: [session("a", 1, 201, "fd00:2::201")] }, ["1.13.4", "1.17.18"], /^\/sessions without IPv4 need router_ids/],
  [{ timers: { hold: 3, keepalive: 4 } }, ["1.19.6"], /^\/timers\/keepalive is longer than hold/],
  [{ sessions: [session("a", null, 201, "192.168.18.201")] }, ["1.19.6"], /^\/sessions has nodes without rack_id: a/],
  [{ sessions: [session("a", "R1", 201, "192.168.18.201")] }, ["1.19.6"], /^\/sessions has the rack R1/],
  [
    { sessions: [...paperSessions(), session("odd", 1, 203, "192.168.18.203")] },
    ["1.13.4", "1.19.6"],
    /^\/sessions gives node odd other leaves than the rest of rack 1/,
  ],
  [{}, ["1.12.0"], /^\/version is 1\.12\.0/],
];
for (const [more, versions, words] of refused) {
  for (const version of versions) {
    test(`${version} refuses ${words.source}`, () => {
      const { refused: said } = verdict(ciliumBgp, bgpArgs(version, more));
      assert.is(said.length, 1, said.join("\n"));
      assert.match(said[0] ?? "", words);
    });
  }
}

test("what the paper needs is refused and warned about nowhere", () => {
  for (const version of VERSIONS) assert.equal(verdict(ciliumBgp, bgpArgs(version)), { refused: [], warned: [] });
  assert.match(verdict(ciliumBgp, bgpArgs("1.17.5", { secret: "s" })).warned.join(), "#40478");
  assert.match(
    verdict(ciliumBgp, bgpArgs("1.18.12", { sessions: [session("a", 1, 201, "fd00::1")] })).warned.join(),
    "router_ids",
  );
});

test("IPv6 only: router IDs by node", async () => {
  const sessions = [session("a", 1, 201, "fd00:2::201")];
  const [override] = await bgp("1.17.18", { sessions, router_ids: { a: "10.0.0.1" } });
  assert.equal(override, {
    apiVersion: "cilium.io/v2alpha1",
    kind: "CiliumBGPNodeConfigOverride",
    metadata: { name: "a", labels },
    spec: { bgpInstances: [{ name: "aci", routerID: "10.0.0.1" }] },
  });
});

test("the password is a Secret with the one key that Cilium reads", async () => {
  const [wanted] = await desired(ciliumBgpPassword, { secret: "bgp-secrets", password: new Secret("canary") });
  assert.ok(wanted?.kind === "manifest");
  if (wanted?.kind !== "manifest") return;
  assert.equal(wanted.object.metadata, { name: "bgp-secrets", namespace: "kube-system", labels });
  assert.equal(Object.keys(wanted.secretData ?? {}), ["password"]);
  assert.not.match(JSON.stringify(wanted), "canary");
  assert.throws(() => prepare(ciliumBgpPassword, { secret: "s", password: new Secret("x".repeat(81)) }), /80 bytes/);
  assert.throws(() => prepare(ciliumBgpPassword, { secret: "s", password: "plain" }), /secret/);
});

const pool = (version: string, prefixes: readonly string[]) =>
  desired(ciliumLoadBalancerPool, { version, name: "lb-pool", prefixes: [...prefixes] });

test("address pool: the paper's until 1.14, blocks from 1.15, v2 from 1.18; none without prefixes", async () => {
  const forms: Record<string, readonly [string, string]> = {
    "1.13.4": ["cilium.io/v2alpha1", "cidrs"],
    "1.14.19": ["cilium.io/v2alpha1", "cidrs"],
    "1.15.19": ["cilium.io/v2alpha1", "blocks"],
    "1.17.18": ["cilium.io/v2alpha1", "blocks"],
    "1.18.12": ["cilium.io/v2", "blocks"],
    "1.20.0": ["cilium.io/v2", "blocks"],
  };
  for (const [version, [apiVersion, field]] of Object.entries(forms)) {
    const [made] = objects(await pool(version, ["192.168.21.0/24", "fd00:13::/112"]));
    assert.is(made?.apiVersion, apiVersion, version);
    assert.equal(made?.spec, { [field]: [{ cidr: "192.168.21.0/24" }, { cidr: "fd00:13::/112" }] });
  }
  const none = await pool("1.19.6", []);
  assert.equal(
    none.map((resource) => (resource.kind === "exclusive" ? resource.labels : resource.kind)),
    [{ ...labels, "app.kubernetes.io/instance": "lb-pool" }],
  );
});

/** Folder of reference data and API version for a release, and where the release's objects are of a kind that it has. */
const crds: readonly (readonly [string, string, string])[] = [
  ["1.14.19", "cilium-1.18", "v2alpha1"],
  ["1.15.19", "cilium-1.18", "v2alpha1"],
  ["1.16.19", "cilium-1.18", "v2alpha1"],
  ["1.17.18", "cilium-1.18", "v2alpha1"],
  ["1.18.12", "cilium-1.18", "v2"],
  ["1.19.6", "cilium-1.19-1.20", "v2"],
  ["1.20.0", "cilium-1.19-1.20", "v2"],
];
for (const [version, folder, api] of crds) {
  validate(`BGP objects for ${version} fit ${folder}, ${api}`, folder, api, async () => {
    const isOld = version === "1.14.19";
    const { secret: _none, ...withoutPassword } = everything;
    const policy = version.startsWith("1.14") || version.startsWith("1.15");
    return bgp(version, { sessions: dualStack(), ...(isOld ? withoutPassword : everything), ...(policy ? {} : later) });
  });
}
validate("the paper's policy fits", "cilium-1.18", "v2alpha1", () => bgp("1.13.4"));
for (const [version, folder, api] of [["1.13.4", "cilium-1.13-1.14", "v2alpha1"], ...crds.slice(1)] as const) {
  validate(`the address pool for ${version} fits ${folder}, ${api}`, folder, api, async () =>
    objects(await pool(version, ["192.168.21.0/24", "fd00:13::/112"])),
  );
}

function validate(name: string, folder: string, api: string, make: () => Promise<readonly KubeObject[]>): void {
  const body = async () => {
    const made = await make();
    assert.ok(made.length > 0);
    for (const object of made) {
      assert.is(object.apiVersion, `cilium.io/${api}`);
      const plural = object.kind.toLowerCase().replace(/y$/, "ie");
      const check = crdVersionCheck(folder, `cilium.io_${plural}s`, api);
      assert.equal(check?.(object), [], object.kind);
      assert.ok((check?.({ ...object, spec: { ...Object(object.spec), bogus: 1 } }) ?? []).length > 0);
    }
  };
  const isThere = crdVersionCheck(folder, "cilium.io_ciliumloadbalancerippools", api) !== undefined;
  if (!isThere) console.log(`skipped: ${name}: no CRD schemas beside the checkout`);
  (isThere ? test : test.skip)(name, body);
}

test.run();
