import { suite } from "uvu";
import * as assert from "uvu/assert";
import { pluggedPorts } from "../../lab/cabling.ts";
import type { LabLink, LabNodeState } from "../../lab/parts.ts";
import { server } from "./apic/simulator.ts";

const test = suite("what leaves see of the nodes");

const link = (name: string, change: Partial<LabLink> = {}): LabLink => ({
  name,
  kind: "ethernet",
  up: true,
  mtu: 9000,
  master: undefined,
  mode: undefined,
  vlan: undefined,
  addresses: [],
  ...change,
});
const bond = (change: Partial<LabLink> = {}) => link("bond0", { kind: "bond", mode: "802.3ad", ...change });
const member = (name: string, change: Partial<LabLink> = {}) => link(name, { master: "bond0", ...change });
const node = server("master-1", "eth1/11");

const CASES: readonly (readonly [
  what: string,
  state: Partial<LabNodeState>,
  up: readonly boolean[],
  lacp: readonly boolean[],
])[] = [
  ["a bond speaks LACP on both links", { links: [member("eno1"), member("eno2"), bond()] }, [true, true], [true, true]],
  ["single links do not", { links: [link("eno1"), link("eno2", { up: false })] }, [true, false], [false, false]],
  [
    "nor does another kind of bond",
    { links: [member("eno1"), member("eno2"), bond({ mode: "active-backup" })] },
    [true, true],
    [false, false],
  ],
  ["nor a bond that is down", { links: [member("eno1"), member("eno2"), bond({ up: false })] }, [true, true], [false, false]],
  [
    "a node without power has no links up",
    { poweredOn: false, links: [member("eno1"), member("eno2"), bond()] },
    [false, false],
    [false, false],
  ],
];

for (const [what, change, up, lacp] of CASES) {
  test(what, () => {
    const ports = pluggedPorts(
      [node],
      [{ name: "master-1", links: [], routes: [], poweredOn: true, bootId: "1", kubelet: true, containers: true, ...change }],
    );
    assert.equal(
      ports,
      [201, 202].map((leafId, index) => ({ leafId, port: "eth1/11", node: "master-1", up: up[index], lacp: lacp[index] })),
    );
  });
}

test.run();
