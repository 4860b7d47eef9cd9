import { suite } from "uvu";
import * as assert from "uvu/assert";
import { changesOf } from "../designs/cell.ts";
import { failures } from "../support/command.ts";
import { site } from "./site.ts";
import { deployWeb, protectWeb } from "./workload.ts";

/** A disruption budget protects a pod on the node that is to be removed. */
const test = suite("a node that a disruption budget holds");
const at = site({ svi: "floating", cni: "calico" });

test.after(() => at.remove());

test("stops with pod and budget named, the node cordoned or not as asked, nothing else done", async () => {
  assert.is((await at.run("floating-svi-calico")).code, 0);
  await at.byHand(async (hand) => {
    await deployWeb(hand);
    await protectWeb(hand);
  });
  const remove = (...flags: string[]) =>
    at.run("day2/remove-node", "--limit", "worker-4", "-e", "drain_timeout=6", "-e", "reset=true", ...flags);
  const node = () =>
    at.byHand(async (hand) => ({
      cordoned: (await hand.kubectl(["get", "node", "worker-4", "-o", "jsonpath={.spec.unschedulable}"])) === "true",
      withdrawn: (await hand.kubectl(["get", "node", "worker-4", "-o", "jsonpath={.metadata.labels.underlay/withdrawn}"])) !== "",
      pods: (
        await hand.kubectl(["get", "pods", "--field-selector", "spec.nodeName=worker-4", "-l", "app=web", "-o", "name"])
      ).split("\n"),
    }));

  const check = await remove("--check");
  const warnings = check.events.filter(({ event }) => event === "warning").map(({ message }) => String(message));
  assert.match(warnings.join("\n"), /default\/web-stays needs all 6 pods healthy.*the drain will stop at default\/web-/);
  assert.not((await node()).cordoned, "a check writes nothing");

  const stopped = await remove();
  assert.is(stopped.code, 2);
  assert.match(failures(stopped), /web-[a-z0-9-]+.*web-stays/s);
  assert.equal(
    changesOf(stopped).filter((change) => !/node worker-4|pod /.test(change)),
    [],
    "nothing but the cordon was written",
  );
  const kept = await node();
  assert.ok(kept.cordoned, "stays cordoned");
  assert.not(kept.withdrawn);
  assert.ok(kept.pods.length > 0, "the pods are where they were");

  const uncordoned = await remove("-e", "blocked=uncordon");
  assert.is(uncordoned.code, 2);
  assert.match(failures(uncordoned), /web-stays/);
  assert.not((await node()).cordoned, "takes pods again");
});

test.run();
