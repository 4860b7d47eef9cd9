import { suite } from "uvu";
import * as assert from "uvu/assert";
import { upgradePath } from "../../tasks/cni/upgrade-rules.ts";

const test = suite("the way of a CNI's upgrade");

test("what is installed, or older, is behind: a re-run goes on from there", () => {
  const way = ["v3.31.8", "v3.32.1"];
  assert.equal(upgradePath("calico", "3.31.7", way), { remaining: way, wrong: [], doubtful: [] });
  assert.equal(upgradePath("calico", "3.31.8", way).remaining, ["v3.32.1"]);
  assert.equal(upgradePath("calico", "3.32.1", way), { remaining: [], wrong: [], doubtful: [] });
});

test("Cilium goes one minor release at a time, counted from what is installed and from step to step", () => {
  assert.equal(upgradePath("cilium", "1.18.12", ["1.19.6", "1.20.0"]).wrong, []);
  assert.match(
    upgradePath("cilium", "1.18.12", ["1.20.0"]).wrong.join(),
    "skips 1.19: Cilium is upgraded one minor release at a time",
  );
  assert.match(upgradePath("cilium", "1.17.18", ["1.18.12", "1.20.0"]).wrong.join(), "from Cilium 1.18.12 to 1.20.0 skips 1.19");
  // A step that is behind does not excuse the next.
  assert.match(upgradePath("cilium", "1.17.18", ["1.16.9", "1.19.6"]).wrong.join(), "skips 1.18");
});

test("of the others a jump is doubtful, not refused", () => {
  const { wrong, doubtful } = upgradePath("calico", "3.29.4", ["v3.32.1"]);
  assert.equal(wrong, []);
  assert.match(doubtful.join(), "from Calico 3.29.4 to v3.32.1 skips 3.30 to 3.31");
  assert.equal(upgradePath("kube-router", "1.6.0", ["v2.0.0"]).doubtful, []);
  assert.match(upgradePath("kube-router", "1.6.0", ["v2.11.1"]).doubtful.join(), "skips 2.0 and others");
});

test("known bad releases, wrong order, texts that are none, a CNI that does not tell", () => {
  assert.match(upgradePath("cilium", "1.16.9", ["1.17.4"]).wrong.join(), "cannot set TCP MD5 passwords");
  assert.equal(upgradePath("cilium", "1.16.9", ["1.17.18"]).wrong, []);
  assert.match(upgradePath("cilium", "1.13.4", ["1.14.2"]).wrong.join(), "they came with 1.15");
  assert.match(upgradePath("calico", "3.30.1", ["v3.32.1", "v3.31.8"]).wrong.join(), "v3.31.8 comes after a newer one");
  assert.match(upgradePath("calico", "3.30.1", ["latest"]).wrong.join(), "latest is not a release of Calico");
  assert.match(upgradePath("calico", undefined, ["v3.32.1"]).wrong.join(), "does not tell which release it is");
});

test.run();
