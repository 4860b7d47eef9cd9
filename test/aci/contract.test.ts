import { suite } from "uvu";
import * as assert from "uvu/assert";
import { registry } from "../../tasks/index.ts";
import { type ExportPolicy, exportOf } from "../../tasks/verify/export-policy.ts";

/** What contracts and segments refuse before anything is touched, and what a route map lets out. */
const test = suite("contracts");

const web = { tenant: "k8s", name: "web" };
const port = (more: Record<string, unknown>) => ({ ...web, entries: [{ name: "one", ...more }] });
const imported = { tenant: "shop", application_profile: "shop", epg: "web", contract: "web", contract_tenant: "k8s" };
const segments = (...list: { name: string; prefixes: string[] }[]) => ({
  tenant: "k8s",
  l3out: "calico",
  external_epg: "default",
  prefixes: ["10.1.0.0/16"],
  segments: list,
});

const refused: readonly (readonly [task: string, what: string, args: Record<string, unknown>, words: RegExp])[] = [
  ["aci.contract", "a port without protocol", port({ port: 80 }), /counts for tcp and udp only/],
  ["aci.contract", "a range the wrong way round", port({ protocol: "tcp", port: "90-80" }), /is no range of ports/],
  ["aci.contract", "a port beyond the last", port({ protocol: "tcp", port: "80-70000" }), /is no range of ports/],
  ["aci.contract", "ARP with a protocol", port({ protocol: "tcp", ether_type: "arp" }), /carries no tcp/],
  ["aci.contract", "a service graph on somebody else's", { ...web, service_graph: "firewall" }, /needs entries/],
  ["aci.contract_use", "providing another tenant's", { ...imported, role: "provider" }, /can be consumed only/],
  [
    "aci.contract_use",
    "two kinds of EPG",
    { ...imported, role: "consumer", l3out: "a", external_epg: "b" },
    /either .*external EPG/,
  ],
  [
    "preflight.segments",
    "a prefix twice",
    segments({ name: "a", prefixes: ["10.1.1.0/24"] }, { name: "b", prefixes: ["10.1.1.0/24"] }),
    /is in segment a too/,
  ],
  ["preflight.segments", "the cluster's own", segments({ name: "a", prefixes: ["10.1.0.0/16"] }), /the cluster's own prefix/],
  ["preflight.segments", "one outside", segments({ name: "a", prefixes: ["10.2.1.0/24"] }), /in none of the cluster's prefixes/],
  [
    "preflight.segments",
    "the cluster's external EPG",
    segments({ name: "default", prefixes: ["10.1.1.0/24"] }),
    /a segment needs its own/,
  ],
];

for (const [name, what, args, words] of refused) {
  test(`${name} refuses ${what}`, () => {
    const prepared = registry.get(name)?.prepare(structuredClone(args), "apic1", false);
    assert.is(prepared?.ok, false);
    const errors = prepared?.ok === false ? prepared.errors : [];
    assert.match(errors.map(({ message }) => message).join("\n"), words);
  });
}

const whole = { prefix: "10.0.0.0/8", longer: true };
const exact = { prefix: "10.1.0.0/16", longer: false };
const policies: readonly (readonly [what: string, policy: ExportPolicy, expected: ReturnType<typeof exportOf>])[] = [
  ["nothing", { contexts: [], subnets: [] }, "none"],
  ["an export subnet", { contexts: [], subnets: [exact] }, "exact"],
  ["a rule without aggregate", { contexts: [{ order: 0, permit: true, matches: [exact] }], subnets: [] }, "exact"],
  ["a wider rule with aggregate", { contexts: [{ order: 0, permit: true, matches: [whole] }], subnets: [] }, "longer"],
  ["a context without rule", { contexts: [{ order: 0, permit: true, matches: undefined }], subnets: [] }, "longer"],
  [
    "a denial before the permission",
    {
      contexts: [
        { order: 0, permit: false, matches: [whole] },
        { order: 9, permit: true, matches: [whole] },
      ],
      subnets: [],
    },
    "denied",
  ],
  [
    "a permission before the denial",
    {
      contexts: [
        { order: 0, permit: true, matches: [whole] },
        { order: 9, permit: false, matches: undefined },
      ],
      subnets: [],
    },
    "longer",
  ],
];
for (const [what, policy, expected] of policies) {
  test(`export by ${what}: ${expected}`, () => {
    assert.is(exportOf(policy, "10.1.0.0/16"), expected);
  });
}

test.run();
