import { suite } from "uvu";
import * as assert from "uvu/assert";
import { workplace } from "../support/command.ts";
import { designArguments, failuresOf, targetsOf } from "./lab.ts";

/** A run that breaks off in the middle, with controllers that were overloaded before: a plain run ends it, and the next changes nothing. */
const test = suite("faults of the designs");

for (const design of ["floating-svi-kube-router", "standard-svi-cilium"]) {
  test(`${design}: APIC overloaded at the start, Kubernetes refuses in the middle`, async () => {
    const place = workplace();
    try {
      const { playbook, inventory } = designArguments(design);
      const run = (...flags: string[]) => place.underlay(["run", playbook, ...inventory, "--output", "json", ...flags]);
      // Preflight asks the cluster first: without it the refusals come when fabric and nodes are done.
      const faults = ["--fault", "apic.503=4", "--fault", "kube.refuse=500", "--skip-tags", "preflight"];
      const broken = await run(...faults);
      assert.ok(broken.code === 2 || broken.code === 3, `exit ${broken.code}: ${broken.stderr}`);
      assert.match(failuresOf(broken), /^localhost: /);
      assert.ok(
        targetsOf(broken).some((target) => target.startsWith("worker-4 ")),
        "the nodes were done",
      );
      const rest = await run();
      assert.is(rest.code, 0, failuresOf(rest) + rest.stderr);
      assert.ok(targetsOf(rest).length > 0);
      assert.equal(
        targetsOf(rest).filter((target) => /^(apic1|worker|master)/.test(target)),
        [],
        "what was done is left alone",
      );
      const again = await run();
      assert.is(again.code, 0, failuresOf(again) + again.stderr);
      assert.equal(targetsOf(again), []);
    } finally {
      place.remove();
    }
  });
}

test.run();
