import { suite } from "uvu";
import * as assert from "uvu/assert";
import { changesIn, failures, mainPlaybook, textOf, workplace } from "../support/command.ts";

/** What goes wrong with controllers at night (issue Show 9): retried where that is safe, a clear failure otherwise, and a plain re-run converges. */
const test = suite("faults of controllers");
const place = workplace();
test.after(() => place.remove());

const run = (...args: string[]) => place.underlay(["run", mainPlaybook, "--output", "json", ...args]);

test("503 and resets; an expired token with a controller down: the fabric part goes through, and a re-run finds nothing to do", async () => {
  const faults = [
    ["apic.503=3", "apic.reset=2"],
    ["apic.token_expiry=9", "apic.down=apic1"],
  ];
  await Promise.all(
    faults.map(async (together) => {
      const own = workplace();
      try {
        const fabric = (...args: string[]) =>
          own.underlay(["run", mainPlaybook, "--output", "json", "--tags", "fabric", ...args]);
        const faulty = await fabric(...together.flatMap((fault) => ["--fault", fault]));
        assert.is(faulty.code, 0, `${together}: ${textOf(faulty).slice(-3000)}`);
        assert.is(changesIn(await fabric()), 0, together.join());
      } finally {
        own.remove();
      }
    }),
  );
});

test("all controllers down: unreachable, each named, exit 3", async () => {
  const outcome = await run("--tags", "fabric", "--fault", "apic.down=apic1,apic2,apic3");
  assert.is(outcome.code, 3, textOf(outcome).slice(-3000));
  for (const name of ["apic1", "apic2", "apic3"]) assert.match(failures(outcome), name);
});

test.run();
