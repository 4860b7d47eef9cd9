import { suite } from "uvu";
import * as assert from "uvu/assert";
import { carryOut } from "./lab-task.ts";
import { budget, cordon, drain, openShop, type Shop, sound, uncordon, workload } from "./shop-lab.ts";

/** k8s.drain with the real kubectl where a budget holds pods back: time runs out, Ctrl-C. */
const test = suite("blocked drain in the lab");

let shop: Shop;

test.before(async () => {
  shop = await openShop();
});

test.after(async () => {
  await shop.lab.close();
});

for (const when of ["stay", "uncordon"] as const) {
  test(`a budget that holds pods back: named with its numbers, the others are gone, and the node will ${when}`, async () => {
    await shop.apply(workload("Deployment", "shop", "db", { replicas: 2 }), budget("db", { minAvailable: 2 }));
    const before = await shop.pods();
    const held = before.find((pod) => pod.includes(" db-"));
    const [node = "", pod = ""] = held?.split(" ") ?? [];
    const told: string[] = [];
    const progress = { tell: (text: string) => told.push(text), signal: new AbortController().signal };
    const list = [cordon(node), drain([node], { timeout: 3, when_blocked: when })];
    const predicted = sound(await carryOut(shop.kubeconfig, list, { check: true }));
    const words = "PodDisruptionBudget shop/db needs 2 healthy, has 2";
    assert.equal(predicted.warnings, [`pod shop/${pod} on ${node} may not go now: ${words}`]);
    const seen = await carryOut(shop.kubeconfig, list, { progress });
    assert.equal(seen.warnings, predicted.warnings);
    assert.equal(seen.changes, predicted.changes);
    const { message = "", meaning = "" } = seen.failures[0] ?? {};
    const gone = before.filter((one) => one.startsWith(node) && !one.endsWith(pod)).map((one) => `shop/${one.split(" ")[1]}`);
    assert.match(
      message,
      `1 pod of ${gone.length + 1} left after 3 s, held by PodDisruptionBudget shop/db\nshop/${pod} (${words})\n`,
    );
    assert.is(message.split("global timeout reached: 3s").length, 2, "kubectl's own words, once");
    assert.not.match(message, "will retry after");
    assert.match(meaning, gone.length === 0 ? "nothing was evicted" : `evicted: ${gone.join(", ")}`);
    assert.match(meaning, when === "stay" ? `${node} stays cordoned` : `${node} takes pods again`);
    assert.is(await shop.unschedulable(node), when === "stay" ? "true" : "");
    assert.match(told.at(-1) ?? "", `1 pod left on ${node}: shop/${pod} (${words})`);
    assert.is(new Set(told).size, told.length);
    sound(await carryOut(shop.kubeconfig, [uncordon(node)]));
    assert.is((await shop.lab.kubectl(["delete", "pdb", "-n", "shop", "db"])).exitCode, 0);
  });
}

test("Ctrl-C: kubectl is ended, who is left is told, the node stays cordoned even when it should be let back", async () => {
  await shop.apply(budget("db", { minAvailable: 2 }));
  const [node = ""] = (await shop.pods()).find((pod) => pod.includes(" db-"))?.split(" ") ?? [];
  const interrupt = new AbortController();
  const progress = { tell: () => interrupt.abort(), signal: interrupt.signal };
  const seen = await carryOut(shop.kubeconfig, [cordon(node), drain([node], { timeout: 300, when_blocked: "uncordon" })], {
    progress,
  });
  assert.match(seen.failures[0]?.message ?? "", /^interrupted: \d+ pods? of \d+ left, held by PodDisruptionBudget shop\/db\n/);
  assert.match(seen.failures[0]?.meaning ?? "", `${node} stays cordoned`);
  assert.is(await shop.unschedulable(node), "true");
  assert.is((await shop.lab.kubectl(["delete", "pdb", "-n", "shop", "db"])).exitCode, 0);
  const after = sound(await carryOut(shop.kubeconfig, [drain([node])]));
  assert.ok(after.changes.length > 0);
  sound(await carryOut(shop.kubeconfig, [uncordon(node)]));
});

test.run();
