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
    status: (name: string) => cluster.list("CalicoNodeStatus").find((item) => item.metadata.name === name)?.status,
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

test.run();
