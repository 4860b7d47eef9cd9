import pLimit from "p-limit";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Growing, type Growth, grow, growthName, LEAVING } from "./grow.ts";
import { expectGrowth } from "./grown.ts";

/** The same as grow.test.ts with two families, with ports of underlay's own making, and with the node's old network put back. */
const test = suite("growing and shrinking, variants");

const AT_ONCE = 2;

const variants: readonly Growing[] = [
  { svi: "floating", cni: "cilium", dual: true, restore: true },
  { svi: "standard", cni: "calico", dual: true },
  { svi: "standard", cni: "kube-router", ports: "profiles" },
  { svi: "floating", cni: "kube-router", ports: "port", restore: true },
];

const limit = pLimit(AT_ONCE);
const running = variants.map((variant) => limit(() => grow(variant)));

for (const [at, variant] of variants.entries()) {
  test(growthName(variant), async () => {
    const result = await running[at];
    assert.ok(result !== undefined);
    if (result === undefined) return;
    expectGrowth(result);
    if (variant.ports !== undefined) expectPorts(result);
  });
}

/** Classes of what binds a node's ports: its policy group, and the ports themselves in either model. */
const GROUP = "infraAccBndlGrp";
const PORTS: ReadonlySet<string> = new Set(["infraHPortS", "infraPortConfig"]);

/** The node that left has taken its policy group and its ports away, the one that stays has them. */
function expectPorts({ fabric, steps }: Growth): void {
  const count = (tree: Growth["fabric"] | undefined) => {
    const classes = [...(tree ?? [])].map(([, attributes]) => attributes.class ?? "");
    return { groups: classes.filter((name) => name === GROUP).length, ports: classes.filter((name) => PORTS.has(name)).length };
  };
  const [six, eight, seven] = [fabric, ...steps.map((step) => step.fabric)].map(count);
  assert.ok(six !== undefined && six.groups > 0 && six.ports > 0, "there are ports to speak of");
  if (six === undefined) return;
  // A vPC: one group, one port on each of two leaves.
  assert.equal(eight, { groups: six.groups + 2, ports: six.ports + 4 }, "two nodes joined");
  assert.equal(seven, { groups: six.groups + 1, ports: six.ports + 2 }, `${LEAVING} left`);
}

test.run();
