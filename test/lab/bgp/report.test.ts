import { suite } from "uvu";
import * as assert from "uvu/assert";
import { reportRouting } from "../../../lab/bgp/report.ts";
import { computeRouting } from "../../../lab/bgp/routing.ts";
import type { LabCluster, LabFabric, LabKubeObject, LabObject } from "../../../lab/parts.ts";
import type { LabSpec } from "../../../lab/spec.ts";
import { inputOf } from "./design.ts";
import { type Design, LEAVES } from "./design-choices.ts";

const NOW = new Date("2026-11-23T12:00:00Z");
const test = suite("what leaves and agents report");

/** A fabric and a cluster that keep what they are told, and count it. */
function fakes(change: Partial<Design>, statuses: readonly LabKubeObject[] = []) {
  const input = inputOf(change);
  const objects = new Map(input.objects);
  const calls = { report: 0, raise: 0, status: 0 };
  const put = (object: Omit<LabObject, "secure">) => objects.set(object.dn, { ...object, secure: {} });
  const fabric: LabFabric = {
    asn: 65002,
    objects: () => objects,
    report(dn, reported) {
      calls.report += 1;
      for (const old of [...objects.keys()]) if (old.startsWith(`${dn}/`)) objects.delete(old);
      for (const object of reported) put(object);
    },
    raise(faults) {
      calls.raise += 1;
      for (const [dn, object] of objects) if (object.className === "faultInst") objects.delete(dn);
      for (const { dn, code, severity, descr } of faults) {
        put({ className: "faultInst", dn: `${dn}/fault-${code}`, attributes: { code, severity, descr } });
      }
    },
    plug: () => undefined,
    onWrite: () => () => undefined,
    ports: new Map(),
    close: async () => undefined,
  };
  let kube: readonly LabKubeObject[] = [...input.kube, ...statuses];
  const cluster: LabCluster = {
    list: (kind) => kube.filter((item) => item.kind === kind),
    setStatus(kind, _namespace, name, status) {
      calls.status += 1;
      kube = kube.map((item) => (item.kind === kind && item.metadata.name === name ? { ...item, status } : item));
    },
    machines: () => undefined,
    join: () => ({ ok: true }),
    uploadCertificates: () => undefined,
    onChange: () => () => undefined,
    port: 0,
    close: async () => undefined,
  };
  const spec: LabSpec = {
    directory: "",
    fabric: {
      asn: 65002,
      username: "admin",
      password: "",
      certificate: undefined,
      controllers: [],
      leaves: LEAVES,
      vrfs: [],
      prepared: true,
      outside: undefined,
      epgs: [],
      physicalDomain: "k8s",
      routedDomain: "k8s",
      vlans: { from: 300, to: 399 },
    },
    nodes: input.cabling,
    cluster: {
      name: "c",
      asn: 65003,
      podSubnets: ["10.1.0.0/16"],
      serviceSubnets: ["192.168.8.0/22"],
      kubernetesVersion: "v1.35.2",
    },
    cni: { name: "calico", version: "v3.31.7", podPrefixLengths: [26] },
  };
  const update = () =>
    reportRouting(computeRouting({ ...input, objects, cluster }), spec, fabric, cluster, { now: NOW, since: () => NOW });
  return {
    objects,
    calls,
    update,
    status: (name: string, kind = "CalicoNodeStatus") => cluster.list(kind).find((item) => item.metadata.name === name)?.status,
  };
}

function statusOf(node: string, updatePeriodSeconds: number, classes = ["Agent", "BGP", "Routes"]): LabKubeObject {
  return {
    apiVersion: "projectcalico.org/v3",
    kind: "CalicoNodeStatus",
    metadata: { name: `underlay-${node}` },
    spec: { node, classes, updatePeriodSeconds },
  };
}

const DOMAIN = "topology/pod-1/node-201/sys/bgp/inst/dom-k8s:calico";

test("a dynamic peer's sessions hang below its subnet, with counters", () => {
  const { objects, update } = fakes({});
  update();
  const entry = `${DOMAIN}/peer-[192.168.0.0/16]/ent-[192.168.2.1]`;
  assert.is(objects.get(entry)?.attributes.operSt, "established");
  assert.is(objects.get(entry)?.attributes.passwdSet, "enabled");
  assert.is(objects.get(entry)?.attributes.holdIntvl, "6");
  assert.is(objects.get(`${entry}/af-ipv4-ucast`)?.attributes.acceptedPaths, "2");
  assert.equal(objects.get(DOMAIN)?.attributes, { numPeers: "3", numEstPeers: "3" });
});

test("routes and next hops carry owner, VRF, preference and tag", () => {
  const { objects, update } = fakes({});
  update();
  const route = "topology/pod-1/node-201/sys/uribv4/dom-k8s:calico/db-rt/rt-[10.1.0.0/26]";
  assert.equal(objects.get(route)?.attributes, { prefix: "10.1.0.0/26", prefixLength: "26" });
  const hop = objects.get(`${route}/nh-[bgp-65002]-[192.168.2.1/32]-[unspecified]-[k8s:calico]`)?.attributes;
  assert.equal([hop?.routeType, hop?.pref, hop?.tag], ["ebgp", "20", "65003"]);
  assert.ok(objects.has("topology/pod-1/node-201/sys/arp/inst/dom-k8s:calico/db-ip/adj-[192.168.2.1]"));
});

test("a wrong password leaves no entry of the nodes; a wrong AS an idle one with F0299", () => {
  const locked = fakes({ nodePassword: "other" });
  locked.update();
  assert.is([...locked.objects.values()].filter((item) => item.className === "bgpPeerEntry").length, 0);
  assert.is(locked.objects.get(DOMAIN)?.attributes.numEstPeers, "0");
  const idle = fakes({ clusterAs: 65010 });
  idle.update();
  const entry = `${DOMAIN}/peer-[192.168.0.0/16]/ent-[192.168.2.1]`;
  assert.is(idle.objects.get(entry)?.attributes.operSt, "idle");
  assert.is(idle.objects.get(`${entry}/fault-F0299`)?.attributes.code, "F0299");
});

test("an exceeded prefix limit shows as flag and F1215, or shut with F1214", () => {
  const entry = `${DOMAIN}/peer-[192.168.0.0/16]/ent-[192.168.2.1]`;
  const rejecting = fakes({ maxPfx: "1" });
  rejecting.update();
  assert.is(rejecting.objects.get(`${entry}/af-ipv4-ucast`)?.attributes.flags, "pfxlimit-exceeded");
  assert.ok(rejecting.objects.has(`${entry}/af-ipv4-ucast/fault-F1215`));
  const shut = fakes({ maxPfx: "1", limitAction: "shut" });
  shut.update();
  assert.is(shut.objects.get(entry)?.attributes.shutStQual, "exceeded-pfxlimit");
  assert.ok(shut.objects.has(`${entry}/fault-F1214`));
});

test("a second report of the same writes nothing, and what is gone is withdrawn", () => {
  const one = fakes({}, [statusOf("n0", 600)]);
  one.update();
  const after = { ...one.calls };
  one.update();
  assert.equal(one.calls, after);
  const peer = [...one.objects.keys()].filter((dn) => dn.endsWith("peerP-[192.168.0.0/16]"));
  for (const dn of peer) one.objects.delete(dn);
  one.update();
  assert.is([...one.objects.values()].filter((item) => item.className === "bgpPeerEntry").length, 0);
});

test("CalicoNodeStatus lists peers with their states, and routes with gateway and source", () => {
  const one = fakes({}, [statusOf("n0", 10)]);
  one.update();
  const text = JSON.stringify(one.status("underlay-n0"));
  assert.match(text, '"numberEstablishedV4":2,"numberNotEstablishedV4":0');
  assert.match(text, '"peerIP":"192.168.2.201","type":"NodePeer","state":"Established"');
  assert.match(
    text,
    '{"type":"FIB","destination":"10.1.0.64/26","gateway":"192.168.2.201","learnedFrom":{"sourceType":"BGPPeer","peerIP":"192.168.2.201"}}',
  );
  assert.match(text, '"lastUpdated":"');
});

test("without AS override the node's status has its sessions but no learned route", () => {
  const one = fakes({ peerControl: "dis-peer-as-check" }, [statusOf("n0", 10)]);
  one.update();
  const text = JSON.stringify(one.status("underlay-n0"));
  assert.match(text, '"numberEstablishedV4":2');
  assert.not.match(text, "BGPPeer");
});

test("only the classes that were asked for are filled in, and only where an agent runs", () => {
  const one = fakes({}, [statusOf("n0", 10, ["BGP"]), statusOf("nowhere", 10)]);
  one.update();
  const status = JSON.stringify(one.status("underlay-n0"));
  assert.match(status, "peersV4");
  assert.not.match(status, "routesV4");
  assert.is(one.status("underlay-nowhere"), undefined);
});

test("IPv6: its own peers, address family and table", () => {
  const { objects, update } = fakes({ families: ["ipv4", "ipv6"], matched: ["10.1.0.0/16", "fd00:10::/112"], services: false });
  update();
  const entry = `${DOMAIN}/peer-[fd00:2::/64]/ent-[fd00:2::1000]`;
  assert.is(objects.get(entry)?.attributes.localIp, "fd00:2::c9");
  assert.equal(objects.get(`${entry}/af-ipv6-ucast`)?.attributes, {
    type: "ipv6-ucast",
    acceptedPaths: "1",
    pfxSent: "5",
    flags: "",
  });
  assert.equal(objects.get(DOMAIN)?.attributes, { numPeers: "6", numEstPeers: "6" });
  const route = "topology/pod-1/node-201/sys/uribv6/dom-k8s:calico/db-rt/rt-[fd00:10::/122]";
  assert.equal(objects.get(route)?.attributes, { prefix: "fd00:10::/122", prefixLength: "122" });
  const hop = objects.get(`${route}/nh-[bgp-65002]-[fd00:2::1000/128]-[unspecified]-[k8s:calico]`)?.attributes;
  assert.equal([hop?.addr, hop?.routeType], ["fd00:2::1000/128", "ebgp"]);
  assert.not.ok([...objects.keys()].some((dn) => dn.includes("/uribv4/") && dn.includes("fd00")));
});

test("standard SVI: host peers stand with their length, also while the node is silent", () => {
  const design: Partial<Design> = { svi: "standard", families: ["ipv4", "ipv6"] };
  const up = fakes(design);
  up.update();
  assert.is(up.objects.get(`${DOMAIN}/peer-[192.168.4.1/32]/ent-[192.168.4.1]`)?.attributes.operSt, "established");
  assert.is(up.objects.get(`${DOMAIN}/peer-[fd00:5::1/128]/ent-[fd00:5::1]`)?.attributes.operSt, "established");
  assert.ok(up.objects.has("topology/pod-1/node-201/sys/arp/inst/dom-k8s:calico/db-ip/adj-[192.168.4.1]"));
  const down = fakes({ ...design, nodePassword: "other" });
  down.update();
  const entry = `${DOMAIN}/peer-[192.168.4.1/32]/ent-[192.168.4.1]`;
  assert.is(down.objects.get(entry)?.attributes.operSt, "active");
  assert.is(down.objects.get(`${entry}/fault-F0299`)?.attributes.severity, "major");
});

test("a router outside: what its L3Out exports is what was sent", () => {
  const { objects, update } = fakes({ outsideExports: [["10.1.0.0/16", true]] });
  update();
  const entry = `${DOMAIN}/peer-[192.0.2.2/32]/ent-[192.0.2.2]`;
  assert.is(objects.get(entry)?.attributes.operSt, "established");
  assert.is(objects.get(`${entry}/af-ipv4-ucast`)?.attributes.pfxSent, "6");
  const sys = "topology/pod-1/node-203/sys/uribv4/dom-k8s:calico/db-rt/rt-[0.0.0.0/0]";
  assert.ok(objects.has(`${sys}/nh-[bgp-65002]-[10.0.0.201/32]-[unspecified]-[overlay-1]`));
});

test("CalicoNodeStatus has the IPv6 peers and routes beside the others", () => {
  const one = fakes({ families: ["ipv4", "ipv6"], matched: ["10.1.0.0/16", "fd00:10::/112"] }, [statusOf("n0", 10)]);
  one.update();
  const text = JSON.stringify(one.status("underlay-n0"));
  assert.match(text, '"numberEstablishedV6":2,"numberNotEstablishedV6":0');
  assert.match(text, '"peersV6":[{"peerIP":"fd00:2::c9","type":"NodePeer","state":"Established"');
  assert.match(text, '"birdV6":{"state":"Ready"');
  assert.match(text, '{"type":"FIB","destination":"fd00:10::40/122","gateway":"fd00:2::c9"');
  assert.match(text, '{"type":"FIB","destination":"10.1.0.64/26","gateway":"192.168.2.201"');
});

test("CiliumBGPNodeConfig: what the agent reports for each of its peers, written once", () => {
  const object = (name: string): LabKubeObject => ({
    apiVersion: "cilium.io/v2",
    kind: "CiliumBGPNodeConfig",
    metadata: { name },
  });
  const status = (change: Partial<Design>) => {
    const one = fakes({ cni: "cilium", services: false, ...change }, [object("nowhere")]);
    one.update();
    one.update();
    return { value: one.status("n0", "CiliumBGPNodeConfig"), written: one.calls.status };
  };
  const up = status({});
  // Once for each node that has an agent.
  assert.is(up.written, 6);
  const common = { name: "leaf-201-ipv4", peerAddress: "192.168.2.201", peerASN: 65002 };
  const [instance] = Object.values(up.value ?? {}).flat();
  assert.equal([instance.name, instance.localASN, instance.peers.length], ["aci", 65003, 2]);
  assert.equal(instance.peers[0], {
    ...common,
    peeringState: "established",
    establishedTime: "2026-11-23T12:00:00Z",
    timers: { appliedHoldTimeSeconds: 6, appliedKeepaliveSeconds: 2 },
    routeCount: [{ afi: "ipv4", safi: "unicast", received: 5, advertised: 1 }],
  });
  const [down] = Object.values(status({ nodePassword: "other" }).value ?? {}).flat();
  assert.equal(down.peers[0], { ...common, peeringState: "active" });
});

test.run();
