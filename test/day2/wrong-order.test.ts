import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type BlackHole, blackHoles } from "../../lab/record/black-holes.ts";
import { readRecord } from "../../lab/record/read.ts";
import { failureOf } from "../designs/cell.ts";
import { type Design, nameOf, type Site, site } from "./site.ts";

/** What the playbooks are there to avoid, done by hand: the lab's record shows it, so that its silence elsewhere means something. */
const test = suite("the wrong order by hand");

/** Milliseconds until the lab has noticed. */
const LIMIT = 60_000;

/**
 * Each CNI, on one of the two ways of attaching nodes. `deleting`: whether leaves still have routes to a node that is only deleted. Cilium's
 * operator takes the BGP configuration of such a node away, and its session ends with a Cease; without graceful restart neither does a reboot in good order
 * leave routes behind.
 */
const designs: readonly (Design & { readonly deleting: boolean })[] = [
  { svi: "floating", cni: "calico", deleting: true },
  { svi: "standard", cni: "kube-router", deleting: true },
  { svi: "floating", cni: "cilium", deleting: false },
];

for (const design of designs) {
  test(`${nameOf(design)}: a Node deleted, and one rebooted, without withdrawing first`, async () => {
    const at = site(design);
    try {
      const run = await at.run(`${design.svi}-svi-${design.cni}`);
      assert.is(run.code, 0, failureOf(run));
      assert.equal(blackHoles(readRecord(at.lab)), [], "the first run leaves none");
      await at.byHand(async (hand) => {
        await hand.kubectl(["delete", "node", "worker-4"]);
        if (design.deleting) {
          const deleted = await holeOf(at, "worker-4");
          assert.match(deleted?.reason ?? "no black hole", "worker-4 is not in the cluster");
        }
        await hand.ssh("worker-2", "underlay", "sudo systemctl reboot");
        if (design.deleting) {
          const rebooted = await holeOf(at, "worker-2");
          assert.match(rebooted?.reason ?? "no black hole", /worker-2 (is off|has ended its containers)/);
        } else await sleep(5000); // without graceful restart its sessions end with its containers
      });
      const nodes = new Set(blackHoles(readRecord(at.lab)).map(({ node }) => node));
      assert.equal([...nodes].sort(), design.deleting ? ["worker-2", "worker-4"] : [], "and nobody else");
    } finally {
      at.remove();
    }
  });
}

async function holeOf(at: Site, node: string): Promise<BlackHole | undefined> {
  const until = Date.now() + LIMIT;
  for (;;) {
    const found = blackHoles(readRecord(at.lab)).find((hole) => hole.node === node);
    if (found !== undefined || Date.now() >= until) return found;
    await sleep(200);
  }
}

test.run();
