import pLimit from "p-limit";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { nameOf, runVariant, type Variant } from "./variant.ts";

/**
 * Releases of the CNIs from the white paper's time to the newest, and upgrades between them, each through the real command in the lab: all
 * sessions Established, and a second run changes nothing. One design for each is enough: the others differ on the fabric only.
 */
const test = suite("releases of the CNIs");

const RELEASES: readonly Variant[] = [
  { cni: "calico", versions: ["v3.26.1"] },
  { cni: "calico", versions: ["v3.29.7"] },
  { cni: "calico", versions: ["v3.31.7", "v3.32.1"] },
  { cni: "calico", versions: ["v3.33.0"] },
  { cni: "kube-router", versions: ["v1.6.0"] },
  { cni: "kube-router", versions: ["v2.6.1", "v2.11.1"] },
  { cni: "kube-router", versions: ["v2.7.0"] },
  { cni: "kube-router", versions: ["v2.8.2"] },
  { cni: "cilium", versions: ["1.15.19"] },
  { cni: "cilium", versions: ["1.16.19"] },
  { cni: "cilium", versions: ["1.17.18", "1.18.12", "1.19.6"] },
  { cni: "cilium", versions: ["1.20.0"] },
];

/** Releases that are too old for what the inventory asks of them, and the reason that the command gives. */
const REFUSED: readonly (readonly [Variant, RegExp])[] = [
  [{ cni: "kube-router", versions: ["v1.5.0"] }, /must be 1\.5\.1 or later/],
  [{ cni: "cilium", versions: ["1.12.19"] }, /before 1\.13 has no usable BGP control plane/],
  [{ cni: "cilium", versions: ["1.14.19"] }, /asks for a BGP password, which Cilium 1\.14\.19 cannot do/],
];

/** Two labs at once: much of a run's time is waiting. */
const inTurn = pLimit(2);
const rows: string[] = [];
const running = RELEASES.map((variant) => [variant, inTurn(() => runVariant(variant))] as const);

for (const [variant, outcomes] of running) {
  test(nameOf(variant), async () => {
    for (const { version, problem, sessions, secondRun, seconds } of await outcomes) {
      rows.push(`| ${variant.cni} ${version} | ${sessions} | ${secondRun} | ${seconds} s |`);
      assert.is(problem, undefined, `${version}: ${problem}`);
      assert.match(sessions, /^([1-9]\d*) of \1$/);
      assert.is(secondRun, 0);
    }
  });
}

for (const [variant, reason] of REFUSED) {
  test(`${nameOf(variant)} is refused before anything is changed`, async () => {
    const [outcome] = await runVariant(variant);
    assert.match(outcome?.problem ?? "", reason);
    assert.is(outcome?.firstRun, 0);
  });
}

test.after(() => {
  console.log(["", "| release | sessions | changes of the second run | both runs |", "|---|---|---|---|", ...rows].join("\n"));
});

test.run();
