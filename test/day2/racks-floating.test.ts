import { suite } from "uvu";
import { rackComesAndGoes } from "./racks.ts";

const test = suite("racks, floating SVI");

for (const cni of ["calico", "cilium"] as const) {
  test(`${cni}: leaves first, nodes first`, () => rackComesAndGoes({ svi: "floating", cni }));
}

test.run();
