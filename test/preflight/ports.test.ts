import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { PortEvidence } from "../../tasks/preflight/port-evidence.ts";
import { judgePorts, type PortsWish } from "../../tasks/preflight/port-rules.ts";

const test = suite("preflight.ports, rules");

const GROUP = "uni/infra/funcprof/accbundle-node1";
const wish: PortsWish = {
  model: "profiles",
  cluster: "k8s",
  ports: [{ node: "node1", leaf: 101, card: 1, port: 11, group: GROUP }],
  pool: "uni/infra/vlanns-[k8s]-static",
  vlans: { from: 310, to: 319 },
};

const one = (value: number) => ({ from: value, to: value });

function profile(name: string, ports: { readonly from: number; readonly to: number }, leaf = 101): PortEvidence {
  const dn = `uni/infra/accportprof-${name}`;
  return {
    selectors: [{ dn: `${dn}/hports-s-typ-range`, profile: dn, group: "G", blocks: [{ cards: one(1), ports }] }],
    switches: [{ dn: `uni/infra/nprof-${name}`, leaves: [one(leaf)], profiles: [dn] }],
    single: [],
    ranges: [],
  };
}

const nothing: PortEvidence = { selectors: [], switches: [], single: [], ranges: [] };
const config = { dn: "uni/infra/portconfnode-101-card-1-port-11-sub-0", group: "G", annotation: "" };
const ours = { annotation: "orchestrator:underlay" };
const range = (from: number, to: number) => ({ dn: `${wish.pool}/from-[vlan-${from}]-to-[vlan-${to}]`, vlans: { from, to } });

const cases: readonly {
  readonly rule: string;
  readonly wish?: Partial<PortsWish>;
  readonly found: PortEvidence;
  readonly says: string | undefined;
}[] = [
  { rule: "nothing there", found: nothing, says: undefined },
  { rule: "our own profile", found: profile("k8s-leaf101", one(11)), says: undefined },
  {
    rule: "somebody's range of ports",
    found: profile("others", { from: 1, to: 20 }),
    says: "error: port 1/11 of leaf 101 (node1) is bound",
  },
  { rule: "somebody's other ports", found: profile("others", { from: 12, to: 20 }), says: undefined },
  { rule: "the port of another leaf", found: profile("others", one(11), 102), says: undefined },
  {
    rule: "our profile in the other model",
    wish: { model: "port" },
    found: profile("k8s-leaf101", one(11)),
    says: "error: port 1/11",
  },
  {
    rule: "what the controller makes for single ports",
    wish: { model: "port" },
    found: profile("system-port-profile-node-101", one(11)),
    says: undefined,
  },
  {
    rule: "a single port of somebody",
    wish: { model: "port" },
    found: { ...nothing, single: [config] },
    says: "error: port 1/11",
  },
  {
    rule: "a single port of ours with another group",
    wish: { model: "port" },
    found: { ...nothing, single: [{ ...config, ...ours }] },
    says: undefined,
  },
  {
    rule: "a single port of ours, profiles wanted",
    found: { ...nothing, single: [{ ...config, ...ours }] },
    says: "error: port 1/11",
  },
  {
    rule: "a range that holds ours",
    found: { ...nothing, ranges: [range(300, 399)] },
    says: "error: VLANs 310 to 319 overlap range 300 to 399",
  },
  {
    rule: "the range itself, and one beside it",
    found: { ...nothing, ranges: [range(310, 319), range(320, 329)] },
    says: undefined,
  },
  {
    rule: "a profile for a leaf that has gone",
    found: profile("k8s-leaf105", one(11), 105),
    says: "warning: uni/infra/nprof-k8s-leaf105 is this cluster's",
  },
];

for (const each of cases) {
  test(each.rule, () => {
    const found = judgePorts({ ...wish, ...each.wish }, each.found).map(({ severity, message }) => `${severity}: ${message}`);
    assert.is(found.length, each.says === undefined ? 0 : 1, found.join("\n"));
    assert.ok((found[0] ?? "").startsWith(each.says ?? ""), found[0]);
  });
}

test.run();
