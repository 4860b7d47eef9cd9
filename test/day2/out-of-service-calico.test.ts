import { suite } from "uvu";
import { leaveAndReturn } from "./out-of-service.ts";
import { type Design, nameOf } from "./site.ts";

const test = suite("nodes out of service, Calico");

const cells: readonly Design[] = [
  { svi: "floating", cni: "calico" },
  { svi: "standard", cni: "calico" },
];

for (const design of cells) {
  test(`${nameOf(design)}: leave and return, each once more; a cordon of somebody else stays`, () => leaveAndReturn(design));
}

test.run();
