import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isBefore, parseVersion } from "../../tasks/cni/version.ts";

const test = suite("versions of CNIs");

test("versions are read with and without v, and with fewer numbers", () => {
  assert.equal(parseVersion("v3.31.7"), { major: 3, minor: 31, patch: 7, preRelease: undefined });
  assert.equal(parseVersion("2.11"), { major: 2, minor: 11, patch: 0, preRelease: undefined });
  assert.equal(parseVersion("1.20.0-rc.1+abc"), { major: 1, minor: 20, patch: 0, preRelease: "rc.1" });
});

for (const text of ["", "latest", "sha256:0123", "v", "3.31.7.1", "1.x", "v2.11.1-"]) {
  test(`"${text}" is no version`, () => assert.is(parseVersion(text), undefined));
}

const order: readonly (readonly [string, string, boolean])[] = [
  ["v1.5.0", "1.5.1", true],
  ["v1.5.1", "1.5.1", false],
  ["2.6.9", "2.7", true],
  ["2.7.0", "2.7", false],
  ["2.11.1", "2.7", false],
  ["1.9.10", "1.9.9", false],
  ["10.0.0", "9.9", false],
  ["2.7.0-rc.1", "2.7", true],
  ["2.7.1-rc.1", "2.7", false],
];
for (const [version, release, before] of order) {
  test(`${version} is ${before ? "" : "not "}before ${release}`, () => {
    const parsed = parseVersion(version);
    assert.is(parsed !== undefined && isBefore(parsed, release), before);
  });
}

test("a release that is no version is a bug, not an answer", () => {
  assert.throws(() => isBefore({ major: 1, minor: 0, patch: 0, preRelease: undefined }, "latest"), /not a version/);
});

test.run();
