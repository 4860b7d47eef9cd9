import { suite } from "uvu";
import { rackComesAndGoes } from "./racks.ts";

const test = suite("racks, standard SVI");

for (const cni of ["calico", "kube-router"] as const) {
  test(`${cni}: leaves first, nodes first`, () => rackComesAndGoes({ svi: "standard", cni }));
}

test.run();
