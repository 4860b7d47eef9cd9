import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { packageRoot } from "../../runner/package-root.ts";
import { workplace } from "../support/command.ts";
import { changesOf, failureOf } from "./cell.ts";
import { nameOf, runVariant, type Variant } from "./variant.ts";

/** Around the table of designs: clusters with IPv6 only, and clusters that came with Calico. */
const test = suite("variants of the designs");

const IPV6_ONLY: readonly Variant[] = [
  { cni: "calico", versions: ["v3.31.7"], six: true },
  { cni: "kube-router", svi: "standard", versions: ["v2.11.1"], six: true },
  { cni: "cilium", versions: ["1.19.6"], six: true },
];

for (const variant of IPV6_ONLY) {
  test(nameOf(variant), async () => {
    const [outcome] = await runVariant(variant);
    assert.is(outcome?.problem, undefined, outcome?.problem);
    assert.is(outcome?.sessions, "12 of 12");
    assert.is(outcome?.secondRun, 0);
  });
}

test("IPv6 only where the CNI has no router ID of its own is refused with the reason", async () => {
  for (const [variant, reason] of [
    [{ cni: "cilium", versions: ["1.17.18"], six: true }, /without IPv4 need router_ids/],
    [{ cni: "kube-router", versions: ["v1.6.0"], six: true }, /must be 2\.0 or later for IPv6/],
  ] as const) {
    const [outcome] = await runVariant(variant);
    assert.match(outcome?.problem ?? "", reason);
    assert.is(outcome?.firstRun, 0);
  }
});

for (const [name, sessions] of [
  ["openshift", "10 of 10"],
  ["tanzu", "6 of 6"],
] as const) {
  test(`Calico is there already: inventory/example-${name}.yaml, rehearsed`, async () => {
    const place = workplace();
    const playbook = path.join(packageRoot, "playbooks", "floating-svi-calico.yaml");
    const inventory = path.join(packageRoot, "inventory", `example-${name}.yaml`);
    const secrets = { APIC_PASSWORD: "test-only-apic", BGP_PASSWORD: "test-only-bgp" };
    const run = () =>
      place.underlay(["run", playbook, "-i", inventory, "--lab", "--skip-tags", "nodes", "--output", "json"], secrets);
    try {
      const first = await run();
      assert.is(first.code, 0, failureOf(first));
      assert.ok(first.events.some(({ text }) => String(text).startsWith(`${sessions} sessions Established`)));
      const second = await run();
      assert.is(second.code, 0, failureOf(second));
      assert.equal(changesOf(second), []);
    } finally {
      place.remove();
    }
  });
}

test.run();
