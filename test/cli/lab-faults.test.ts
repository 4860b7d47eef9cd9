import { readFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { faults, parseFaults } from "../../runner/cli/lab-faults.ts";
import { packageRoot } from "../../runner/package-root.ts";

/** `--fault name=value`. */
const test = suite("faults of the lab");

const problems = (...texts: readonly string[]) => {
  const parsed = parseFaults(texts);
  return parsed.ok ? [] : parsed.problems;
};

test("known faults with fitting values are taken", () => {
  const parsed = parseFaults(["apic.503=3", "apic.down=apic1,apic2", "node.slow=20", "apic.release=4.2(7f)", "apic.no_rr"]);
  assert.ok(parsed.ok);
  assert.equal(parsed.ok ? [...parsed.value] : [], [
    ["apic.503", "3"],
    ["apic.down", "apic1,apic2"],
    ["node.slow", "20"],
    ["apic.release", "4.2(7f)"],
    ["apic.no_rr", ""],
  ]);
});

test("a name that no part of the lab knows is refused, and so is a value that would do nothing", () => {
  assert.match(problems("apic.504=3")[0] ?? "", "there is no fault apic.504; did you mean apic.503?");
  assert.match(problems("apic.503=soon")[0] ?? "", "apic.503 takes a whole number from 1");
  assert.match(problems("apic.503")[0] ?? "", "apic.503 takes a whole number from 1");
  assert.match(problems("apic.release=4.2")[0] ?? "", "apic.release takes an APIC release");
  assert.match(problems("apic.no_rr=1")[0] ?? "", "apic.no_rr takes no value");
  assert.match(problems("node.down=")[0] ?? "", "node.down takes host names");
  assert.is(problems("a=1", "node.slow=0", "kube.401=2").length, 2);
});

test("the README tells what each does, and the lab's code knows each", () => {
  const readme = readFileSync(path.join(packageRoot, "README.md"), "utf8");
  const code = ["lab/apic/injected-fault.ts", "lab/linux/faults.ts", "lab/kube/api/faults.ts"]
    .map((file) => readFileSync(path.join(packageRoot, file), "utf8"))
    .join();
  for (const [name, value] of Object.entries(faults)) {
    const text = value === "none" ? `\`${name}\`` : `\`${name}=`;
    assert.match(readme, text);
    assert.match(code, text);
  }
});

test.run();
