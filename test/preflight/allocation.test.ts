import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { SviPathItem } from "../../tasks/aci/svi-path.ts";
import type { FoundPath } from "../../tasks/preflight/allocation-evidence.ts";
import { judgeAllocation } from "../../tasks/preflight/allocation-rules.ts";

const test = suite("preflight.allocation, rules");

/** The n-th node of the plan: /29 and VLAN by its place. */
function planned(node: string, place: number): SviPathItem {
  const at = (host: number) => `192.168.5.${place * 8 + host}`;
  return {
    node,
    type: "vpc",
    leaves: [201, 202],
    interface: node,
    vlan: 311 + place,
    addresses: [`${at(4)}/29`, `${at(5)}/29`],
    secondary_address: `${at(6)}/29`,
    peer: at(1),
  };
}

function found(node: string, place: number, profile = "svi"): FoundPath {
  const { vlan, addresses } = planned(node, place);
  return { profile, path: `topology/pod-1/protpaths-201-202/pathep-[${node}]`, vlan, addresses };
}

function judge(plan: readonly string[], joining: readonly string[], there: readonly FoundPath[]): readonly string[] {
  const families = [{ interface_profile: "svi", paths: plan.map(planned) }];
  return judgeAllocation(families, joining, 1, there).map(({ message }) => message);
}

test("a node at the end of the inventory gets what is free", () => {
  assert.equal(judge(["a", "b", "c"], ["c"], [found("a", 0), found("b", 1)]), []);
});

test("a node that is in already is as planned", () => {
  assert.equal(judge(["a", "b"], ["b"], [found("a", 0), found("b", 1)]), []);
});

test("a node put in between moves the others, and takes what they have", () => {
  const said = judge(["a", "c", "b"], ["c"], [found("a", 0), found("b", 1)]);
  assert.is(said.length, 2);
  assert.match(said[0] ?? "", /^c: VLAN 312 is in use on topology\/pod-1\/protpaths-201-202\/pathep-\[b\]/);
  assert.match(said[1] ?? "", /^b has VLAN 312 and 192\.168\.5\.12\/29, 192\.168\.5\.13\/29 on the fabric .* VLAN 313/);
  assert.match(said[1] ?? "", /addresses plan --output yaml/);
});

test("the subnet of a path that the inventory no longer knows is in use all the same", () => {
  const gone = { ...found("old", 2), vlan: 399 };
  const said = judge(["a", "b", "c"], ["c"], [found("a", 0), found("b", 1), gone]);
  assert.is(said.length, 1);
  assert.match(said[0] ?? "", /^c: the subnet of 192\.168\.5\.20\/29 is in use on .*\[old\]/);
});

test("other families have profiles of their own, and nodes that do not join need no path", () => {
  assert.equal(judge(["a", "b"], [], [found("a", 0), found("x", 1, "svi-ipv6")]), []);
});

test.run();
