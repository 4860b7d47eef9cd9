import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Faults } from "../../lab/spec.ts";
import type { ApicReader } from "../../runner/connect/managed-object.ts";
import { failed, ok } from "../../runner/result.ts";
import type { Observation } from "../../runner/task.ts";
import { preflightFabric } from "../../tasks/preflight/fabric.ts";
import { gatherFabric } from "../../tasks/preflight/fabric-evidence.ts";
import { connectionsOf } from "../support/apic-session.ts";
import { simulatedFabric } from "../support/simulated-fabric.ts";

const test = suite("preflight.fabric against the lab's controllers");

const args = {
  tenant: "k8s",
  vrf: "calico",
  l3out: "calico",
  svi: "floating",
  asn: 65002,
  leaves: [
    { node_id: 201, router_id: "1.1.4.201" },
    { node_id: 202, router_id: "1.1.4.202" },
  ],
  vlans: [310],
  floating_addresses: ["192.168.2.253/24"],
  prefixes: ["192.168.2.0/24"],
  timers_policy: "calico-timers",
  domains: ["uni/phys-k8s-phys", "uni/l3dom-k8s-l3dom"],
};

/** What the probe sees of a fabric with these faults; nothing in it may be changed by that. */
async function look(faults: Faults, more: Record<string, unknown> = {}, prepared = true): Promise<Observation> {
  const simulated = await simulatedFabric(faults, prepared);
  try {
    const before = simulated.everything();
    const seen = await simulated.inSession(true, async (session) => {
      const task = preflightFabric.prepare({ ...args, ...more }, "apic1", true);
      if (!task.ok || task.value.form !== "probe") throw new Error("no probe");
      return task.value.observe(connectionsOf(session));
    });
    assert.is(simulated.everything(), before);
    if (!seen.ok) throw new Error(seen.failure.message);
    return seen.value;
  } finally {
    await simulated.close();
  }
}

const cases: readonly {
  readonly rule: string;
  readonly faults?: Readonly<Record<string, string>>;
  readonly more?: Record<string, unknown>;
  readonly prepared?: boolean;
  readonly unmet?: readonly string[];
  readonly warnings?: readonly string[];
}[] = [
  { rule: "a sound fabric" },
  {
    rule: "a release without floating SVIs on physical domains",
    faults: { "apic.release": "4.2(7f)" },
    unmet: ["ACI 4.2(7f): a floating SVI on a physical domain needs 5.0(1) or later"],
  },
  { rule: "the same release with standard SVIs", faults: { "apic.release": "4.2(7f)" }, more: { svi: "standard" } },
  { rule: "no AES key", faults: { "apic.no_aes": "" }, warnings: ["no AES encryption key is set"] },
  { rule: "no route reflector", faults: { "apic.no_rr": "" }, unmet: ["the fabric has no BGP route reflector"] },
  {
    rule: "no VRF of this name",
    more: { vrf: "nowhere" },
    unmet: ["uni/tn-k8s/ctx-nowhere does not exist: create tenant and VRF first"],
  },
  { rule: "another AS", more: { asn: 65010 }, unmet: ["the fabric's AS is 65002, fabric.asn says 65010"] },
  {
    rule: "a leaf that is not there",
    more: { leaves: [{ node_id: 299, router_id: "1.1.4.99" }] },
    unmet: ["leaf 299 is not registered in pod 1 of this fabric"],
  },
  {
    rule: "a VLAN outside of the pool",
    more: { vlans: [320] },
    unmet: [
      "VLAN 320 is in no block of the VLAN pool of uni/phys-k8s-phys",
      "VLAN 320 is in no block of the VLAN pool of uni/l3dom-k8s-l3dom",
    ],
  },
  {
    rule: "no domains",
    prepared: false,
    unmet: ["uni/phys-k8s-phys does not exist", "uni/l3dom-k8s-l3dom does not exist"],
  },
  { rule: "no domains, which this run makes", prepared: false, more: { prepared: false } },
];

/** Controllers with nothing to tell, where a query of one class does not succeed. */
function without(className: string, kind: "failed" | "unreachable"): ApicReader {
  const message = "HTTP 400: Unable to process the query, result dataset is too big";
  return {
    object: async () => ok(undefined),
    class: async (asked) => (asked === className ? failed({ kind, doing: `GET ${className}`, message }) : ok([])),
  };
}

test("a fabric with more L3Outs than an answer holds is checked for the rest", async () => {
  for (const [className, part] of [
    ["l3extOut", "L3Outs"],
    ["fvRsPathAtt", "static ports of EPGs"],
    ["topoctrlFwdScaleProfilePol", "forwarding scale profiles"],
  ] as const) {
    const found = await gatherFabric(without(className, "failed"), args);
    if (!found.ok) throw new Error(found.failure.message);
    assert.equal(found.value.unread, [`${part}: HTTP 400: Unable to process the query, result dataset is too big`]);
  }
  const pools = await gatherFabric(without("infraRsVlanNs", "failed"), args);
  assert.is(pools.ok && pools.value.ranges, undefined);
  assert.not((await gatherFabric(without("l3extOut", "unreachable"), args)).ok);
});

const table: string[] = [];

for (const { rule, faults = {}, more = {}, prepared = true, unmet = [], warnings = [] } of cases) {
  test(rule, async () => {
    const seen = await look(new Map(Object.entries(faults)), more, prepared);
    starts(seen.unmet, unmet);
    starts(seen.warnings ?? [], warnings);
    table.push(...seen.unmet.map((text) => `| ${rule} | error | ${text} |`));
    table.push(...(seen.warnings ?? []).map((text) => `| ${rule} | warning | ${text} |`));
    if (unmet.length === 0) assert.match(seen.message ?? "", faults["apic.release"] ?? "ACI ");
  });
}

function starts(texts: readonly string[], expected: readonly string[]): void {
  assert.is(texts.length, expected.length, texts.join("\n"));
  for (const [at, text] of expected.entries()) assert.ok(texts[at]?.startsWith(text), texts[at]);
}

test.after(() => {
  console.log(["", "| rule of preflight.fabric | severity | message |", "|---|---|---|", ...table].join("\n"));
});

test.run();
