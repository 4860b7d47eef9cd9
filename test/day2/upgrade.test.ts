import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { packageRoot } from "../../runner/package-root.ts";
import { failuresOf } from "../designs/lab.ts";
import { changesIn, failures, type Outcome, workplace } from "../support/command.ts";

/** Upgrade of the CNI through the real command (issue 4): version by version, with the sessions watched, and nothing left to do after. */
const test = suite("upgrade-cni");

const playbook = path.join(packageRoot, "playbooks", "day2", "upgrade-cni.yaml");
const lab = path.join(packageRoot, "inventory", "lab");

interface Site {
  /** Runs the design's playbook, or the upgrade's, with these releases in the inventory. */
  design(version: string): Promise<Outcome>;
  upgrade(version: string, releases: readonly string[], ...flags: readonly string[]): Promise<Outcome>;
  remove(): void;
}

/** A lab with a design. Its inventory is a copy, because the releases stand in it. */
function site(design: string, inventory: string): Site {
  const place = workplace();
  if (path.dirname(inventory) === lab) {
    cpSync(path.join(lab, "group_vars"), path.join(place.directory, "group_vars"), { recursive: true });
  }
  const file = path.join(place.directory, "inventory.yaml");
  const text = readFileSync(inventory, "utf8");
  const run = (playbookFile: string, version: string, releases: readonly string[], ...flags: readonly string[]) => {
    const upgrade = releases.length === 0 ? "" : `\n$1upgrade: [${releases.join(", ")}]`;
    writeFileSync(file, text.replace(/^( +)version: .*$/m, `$1version: ${version}${upgrade}`));
    return place.underlay(["run", playbookFile, "-i", file, "--output", "json", ...flags]);
  };
  return {
    design: (version) => run(path.join(packageRoot, "playbooks", `${design}.yaml`), version, []),
    upgrade: (version, releases, ...flags) => run(playbook, version, releases, ...flags),
    remove: place.remove,
  };
}

const targets = (outcome: Outcome) =>
  outcome.events.filter(({ event }) => event === "change").map(({ action, target }) => `${action} ${target}`);

const upgrades = [
  ["floating-svi-calico", path.join(packageRoot, "inventory", "lab.yaml"), "v3.31.7", ["v3.31.8", "v3.32.1"]],
  ["floating-svi-cilium", path.join(lab, "floating-svi-cilium.yaml"), "1.18.12", ["1.19.6", "1.20.0"]],
  ["floating-svi-kube-router", path.join(lab, "floating-svi-kube-router.yaml"), "v2.10.0", ["v2.11.1"]],
] as const;

for (const [design, inventory, from, releases] of upgrades) {
  test(`${design}: ${from} over ${releases.join(" and ")}`, async () => {
    const at = site(design, inventory);
    try {
      const first = await at.design(from);
      assert.is(first.code, 0, failures(first) + first.stderr);
      const done = await at.upgrade(from, releases);
      assert.is(done.code, 0, failures(done) + done.stderr);
      assert.ok(targets(done).length >= releases.length, targets(done).join());
      const said = done.events.flatMap(({ event, text }) => (event === "message" ? [String(text)] : []));
      for (const release of releases) {
        const all = `${release.replace(/^v/, "")} on master-1, master-2, worker-1, worker-2, worker-3, worker-4; longest without`;
        assert.ok(
          said.some((text) => text.startsWith(all)),
          said.join("\n"),
        );
      }
      assert.is(changesIn(await at.upgrade(from, releases)), 0, "second run");
      const last = releases.at(-1) ?? from;
      assert.is(changesIn(await at.design(last)), 0, "the design with the new version");
    } finally {
      at.remove();
    }
  });
}

test("a way that may not be gone is refused before anything is touched", async () => {
  const at = site("floating-svi-cilium", path.join(lab, "floating-svi-cilium.yaml"));
  try {
    assert.is((await at.design("1.18.12")).code, 0);
    const refused = await at.upgrade("1.18.12", ["1.20.0"]);
    assert.is(refused.code, 2);
    assert.match(failuresOf(refused), "from Cilium 1.18.12 to 1.20.0 skips 1.19");
    assert.equal(targets(refused), []);
  } finally {
    at.remove();
  }
});

test.run();
