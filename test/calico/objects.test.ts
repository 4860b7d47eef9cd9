import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Secret } from "../../runner/secret.ts";
import { bgpConfiguration } from "../../tasks/calico/bgp-configuration.ts";
import { bgpPassword } from "../../tasks/calico/bgp-password.ts";
import { bgpPeers } from "../../tasks/calico/bgp-peers.ts";
import { crds } from "../../tasks/calico/crds.ts";
import { installation } from "../../tasks/calico/installation.ts";
import { loadBalancerPool } from "../../tasks/calico/load-balancer-pool.ts";
import { desired, prepare } from "../k8s/fake-cluster.ts";
import { both, four, installationArgs, lbArgs, objects, peersArgs } from "./dual-stack.ts";

const test = suite("Calico's objects");

/** What the paper does not know: nodes that were withdrawn have no peers. */
const UNLESS = "&& !has(underlay/withdrawn)";

/** The white paper's BGPPeer list, section "Calico BGP Peering", as printed. */
const printed = [
  ["201", "192.168.2.201", `rack_id == "1" ${UNLESS}`, 65002],
  ["202", "192.168.2.202", `rack_id == "1" ${UNLESS}`, 65002],
  ["203", "192.168.2.203", `rack_id == "2" ${UNLESS}`, 65002],
  ["204", "192.168.2.204", `rack_id == "2" ${UNLESS}`, 65002],
];

test("by rack: the white paper's BGPPeers", async () => {
  const made = objects(await desired(bgpPeers, peersArgs({ sessions: four(), no_reexport: false })));
  assert.equal(
    made.map(({ metadata, spec }) => [metadata.name, ...["peerIP", "nodeSelector", "asNumber"].map((f) => Object(spec)[f])]),
    printed,
  );
});

test("a BGPPeer whole: name, selector, address, AS, password, filter", async () => {
  const [, peer] = objects(await desired(bgpPeers, peersArgs()));
  assert.equal(peer, {
    apiVersion: "projectcalico.org/v3",
    kind: "BGPPeer",
    metadata: { name: "201", labels: { "app.kubernetes.io/managed-by": "underlay" } },
    spec: {
      nodeSelector: 'rack_id == "1" && !has(underlay/withdrawn)',
      peerIP: "192.168.2.201",
      asNumber: 65002,
      password: { secretKeyRef: { name: "bgp-secrets", key: "rr-password" } },
      filters: ["underlay-no-reexport"],
    },
  });
});

test("a second family has BGPPeers of its own, with its name behind the leaf's", async () => {
  const made = objects(await desired(bgpPeers, peersArgs({ no_reexport: false })));
  const six = made.filter(({ metadata }) => metadata.name.endsWith("-ipv6"));
  assert.equal(
    six.map(({ metadata, spec }) => [metadata.name, Object(spec).peerIP, Object(spec).nodeSelector]),
    [201, 202, 203, 204].map((leaf) => [`${leaf}-ipv6`, `fd00:2::${leaf}`, `rack_id == "${leaf < 203 ? 1 : 2}" ${UNLESS}`]),
  );
  const only = objects(await desired(bgpPeers, peersArgs({ sessions: both().filter(({ family }) => family === "ipv6") })));
  assert.equal(
    only.slice(1).map(({ metadata }) => metadata.name),
    ["201", "202", "203", "204"],
  );
});

test("by node: one for each node, leaf and family", async () => {
  const made = objects(await desired(bgpPeers, peersArgs({ by: "node", no_reexport: false })));
  assert.is(made.length, both().length);
  assert.equal(
    made.slice(0, 4).map(({ metadata, spec }) => [metadata.name, Object(spec).nodeSelector, Object(spec).peerIP]),
    [
      ["master-1-201", `kubernetes.io/hostname == "master-1" ${UNLESS}`, "192.168.2.201"],
      ["master-1-201-ipv6", `kubernetes.io/hostname == "master-1" ${UNLESS}`, "fd00:2::201"],
      ["worker-1-201", `kubernetes.io/hostname == "worker-1" ${UNLESS}`, "192.168.2.201"],
      ["worker-1-201-ipv6", `kubernetes.io/hostname == "worker-1" ${UNLESS}`, "fd00:2::201"],
    ],
  );
  for (const { spec } of made) assert.not.ok("node" in Object(spec), "a name could not be withdrawn");
});

test("the filter goes before the peers that name it; what no session asks for is ours to delete", async () => {
  const shape = async (more: Record<string, unknown>) =>
    (await desired(bgpPeers, peersArgs({ sessions: four(), ...more }))).map((resource) =>
      resource.kind === "manifest" ? `${resource.object.kind} ${resource.state}` : resource.kind,
    );
  const peers = (state: string) => [1, 2, 3, 4].map(() => `BGPPeer ${state}`);
  const exclusive = ["exclusive", "exclusive"];
  assert.equal(await shape({}), ["BGPFilter present", ...peers("present"), ...exclusive]);
  assert.equal(await shape({ state: "absent" }), [...peers("absent"), "BGPFilter absent", ...exclusive]);
  assert.equal(await shape({ version: "v3.26.1" }), [...peers("present"), ...exclusive]);
  const plain = await desired(bgpPeers, { asn: 65002, sessions: four(), no_reexport: false, exclusive: false });
  for (const { spec } of objects(plain)) assert.is(Object.keys(Object(spec)).sort().join(), "asNumber,nodeSelector,peerIP");
});

test("Installation: no overlay, no NAT, address by family; what the operator fills in is kept", async () => {
  const [made] = await desired(installation, installationArgs());
  assert.ok(made?.kind === "manifest");
  if (made?.kind !== "manifest") return;
  assert.equal(made.object.spec, {
    kubernetesProvider: "OpenShift",
    calicoNetwork: {
      bgp: "Enabled",
      linuxDataplane: "Iptables",
      nodeAddressAutodetectionV4: { cidrs: ["192.168.2.0/24"] },
      nodeAddressAutodetectionV6: { cidrs: ["fd00:2::/64"] },
      ipPools: [
        {
          name: "default-ipv4-ippool",
          cidr: "10.1.0.0/16",
          blockSize: 26,
          encapsulation: "None",
          natOutgoing: "Disabled",
          nodeSelector: "all()",
        },
        {
          name: "default-ipv6-ippool",
          cidr: "fd00:10::/112",
          blockSize: 122,
          encapsulation: "None",
          natOutgoing: "Disabled",
          nodeSelector: "all()",
        },
      ],
    },
  });
  assert.equal(made.filledLists, [{ path: ["spec", "calicoNetwork", "ipPools"], key: "cidr" }]);
});

test("BGPConfiguration never sets what Calico refuses without the mesh, and no empty lists", async () => {
  const [made] = objects(await desired(bgpConfiguration, { asn: 65003, service_external_ips: [] }));
  assert.equal(made?.spec, { asNumber: 65003, nodeToNodeMeshEnabled: false });
  const [gone] = await desired(bgpConfiguration, { asn: 65003, state: "absent" });
  assert.ok(gone?.kind === "manifest" && gone.state === "absent");
});

test("the password is a Secret with Role and RoleBinding for calico-node, in its namespace", async () => {
  const password = new Secret("canary");
  const wanted = await desired(bgpPassword, { secret: "s", key: "k", password });
  assert.equal(
    objects(wanted).map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`),
    ["Secret calico-system/s", "Role calico-system/s-calico-node", "RoleBinding calico-system/s-calico-node"],
  );
  const [secret, role, binding] = objects(wanted);
  assert.not.match(JSON.stringify(secret), "canary");
  assert.equal(role?.rules, [{ apiGroups: [""], resources: ["secrets"], resourceNames: ["s"], verbs: ["get", "list", "watch"] }]);
  assert.equal(binding?.subjects, [{ kind: "ServiceAccount", name: "calico-node", namespace: "calico-system" }]);
});

test("a password longer than BIRD takes, or in plain text, is refused", () => {
  const args = (password: unknown) => ({ secret: "s", key: "k", password });
  prepare(bgpPassword, args(new Secret("x".repeat(80))));
  assert.throws(() => prepare(bgpPassword, args(new Secret("x".repeat(81)))), /80 bytes/);
  assert.throws(() => prepare(bgpPassword, args("plain")), /secret/);
});

test("doubtful arguments are warned about", () => {
  assert.is(prepare(bgpConfiguration, { asn: 4200000000 }).warnings.length, 1);
  assert.is(prepare(bgpConfiguration, { asn: 65003 }).warnings.length, 0);
  assert.is(prepare(installation, { ...installationArgs(), encapsulation: "IPIP", bgp: false }).warnings.length, 2);
  assert.is(prepare(installation, installationArgs()).warnings.length, 0);
  assert.is(prepare(bgpPeers, peersArgs({ version: "v3.26.1" })).warnings.length, 1);
  assert.is(prepare(bgpPeers, peersArgs({ version: "v3.27.0" })).warnings.length, 0);
});

const badPools: readonly (readonly [string, string, number, RegExp])[] = [
  ["ipv4", "10.1.0.0/16", 122, /block_size must be 20 to 32 for ipv4/],
  ["ipv6", "fd00:10::/112", 64, /block_size must be 116 to 128 for ipv6/],
  ["ipv6", "fd00:10::/124", 122, /smaller than one such block/],
  ["ipv4", "fd00:10::/112", 26, /not of family ipv4/],
];
for (const [family, pod_subnet, block_size, words] of badPools) {
  test(`refused at load: pool ${pod_subnet} of ${family} in blocks of /${block_size}`, () => {
    assert.throws(() => prepare(installation, { pools: [{ family, pod_subnet, block_size }] }), words);
  });
}

test("refused at load: what is no version", () => {
  const repository = "https://charts.example.org";
  assert.throws(() => prepare(crds, { version: "latest", repository }), /not a version of Calico/);
  assert.throws(() => prepare(bgpPeers, peersArgs({ version: "latest" })), /not a version of Calico/);
});

test("load balancer pools: one for each family, not smaller than a block, from 3.30 on", async () => {
  const made = objects(await desired(loadBalancerPool, lbArgs()));
  assert.equal(
    made.map(({ metadata, spec }) => [metadata.name, Object(spec).cidr, Object(spec).blockSize, Object(spec).allowedUses]),
    [
      ["calico-load-balancer-ipv4", "192.168.13.0/28", 28, ["LoadBalancer"]],
      ["calico-load-balancer-ipv6", "fd00:13::/112", 122, ["LoadBalancer"]],
    ],
  );
  assert.equal(await desired(loadBalancerPool, { ...lbArgs(), prefixes: [] }), []);
  assert.equal(await desired(loadBalancerPool, { ...lbArgs(), version: "v3.29.3" }), []);
  assert.is(prepare(loadBalancerPool, { ...lbArgs(), version: "v3.29.3" }).warnings.length, 1);
});

test("kinds are a chart of their own from 3.32; the set that is there is kept", async () => {
  const args = (version: string, api?: string) => ({
    version,
    repository: "https://charts.example.org",
    ...(api ? { api } : {}),
  });
  for (const version of ["v3.26.1", "v3.31.7"]) assert.equal(await desired(crds, args(version)), []);
  const charts = async (api?: string) =>
    (await desired(crds, args("v3.32.1", api))).map((resource) =>
      resource.kind === "rendered" ? [resource.chart, resource.instead?.when.name, resource.instead?.chart] : [],
    );
  const [one, other] = ["crd.projectcalico.org.v1", "projectcalico.org.v3"];
  assert.equal(await charts(), [[one, "bgppeers.projectcalico.org", other]]);
  assert.equal(await charts("native"), [[other, "bgppeers.crd.projectcalico.org", one]]);
});

test.run();
