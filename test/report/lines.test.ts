import { suite } from "uvu";
import * as assert from "uvu/assert";
import { changeDetails, changeSummary } from "../../runner/report/change-lines.ts";
import { duration } from "../../runner/report/duration.ts";
import { oneLine, printable } from "../../runner/report/printable.ts";
import { recapRows, recapTable } from "../../runner/report/recap-lines.ts";
import { wrap } from "../../runner/report/wrap.ts";

/** How values, durations and tables are written. */
const test = suite("lines of output");

const texts = (before: Parameters<typeof changeDetails>[0]["before"], after: typeof before) =>
  changeDetails({ before, after }).map((line) => line.text);

test("a small value is before → after, a new one only after, nested ones by path", () => {
  assert.equal(texts({ a: 16, same: 1 }, { a: 64, same: 1 }), ["a: 16 → 64"]);
  assert.equal(texts(null, { name: "calico", on: true }), ["name: calico", "on: true"]);
  assert.equal(texts({ spec: { asn: 1 } }, { spec: { asn: 2 } }), ["spec.asn: 1 → 2"]);
  assert.equal(texts({ a: null }, { a: "" }), ['a: null → ""']);
  assert.equal(texts({ list: ["a"] }, { list: ["a", "b"] }), ['list: ["a"] → ["a","b"]']);
  assert.equal(texts({ kind: { a: 1 } }, { kind: "text" }), ['kind: {"a":1} → text']);
  assert.equal(texts({ a: 1 }, null), ["a: 1"]);
});

test("text of several lines is a diff of its lines, in a log only their number", () => {
  const before = { content: "a\nb\nc\n" };
  const after = { content: "a\nB\nc\nd\n" };
  assert.equal(texts(before, after), ["content", " a", "-b", "+B", " c", "+d"]);
  assert.is(changeSummary({ before, after }), "content: +2 -1 lines");
});

test("control characters and bidirectional overrides become visible, line ends stay", () => {
  assert.is(printable("a\u001b[2Jb\r\nc\u202ed\u0007"), "a\\x1b[2Jb\nc\\u202ed\\x07");
  assert.is(oneLine(" a\n\n  b\tc "), "a; b c");
});

test("durations", () => {
  assert.equal([0, 999, 1000, 59_940, 59_960, 60_000, 125_400].map(duration), [
    "0 ms",
    "999 ms",
    "1.0 s",
    "59.9 s",
    "1 min 00 s",
    "1 min 00 s",
    "2 min 05 s",
  ]);
});

test("wrapping breaks at spaces, hangs what follows and leaves long words whole", () => {
  assert.equal(wrap("  one two three four", 10, 4), ["  one two", "    three", "    four"]);
  assert.equal(wrap("uni/tn-k8s/out-calico/lnodep-anchors end", 12, 2), ["uni/tn-k8s/out-calico/lnodep-anchors", "  end"]);
  assert.equal(wrap("", 10, 2), [""]);
});

test("recap: equal hosts share a row when there are too many, failed ones never", () => {
  const fine = { ok: 1, changed: 0, skipped: 0, failed: 0, unreachable: 0, unknown: 0 };
  const bad = { ...fine, failed: 1 };
  const rows = recapRows({ a: fine, b: bad, c: fine, d: bad }, 3);
  assert.equal(
    rows.map((row) => `${row.host}+${row.others}`),
    ["a+1", "b+0", "d+0"],
  );
  assert.is(recapRows({ a: fine, b: fine }, 3).length, 2);
});

test("recap: columns are aligned and names are cut to fit", () => {
  const counts = { ok: 10, changed: 200, skipped: 0, failed: 0, unreachable: 0, unknown: 1 };
  const table = recapTable(
    [
      { host: "worker-1.a-very-long-site-name.example.net", others: 0, counts },
      { host: "b", others: 0, counts },
    ],
    60,
  );
  assert.equal(new Set(table.map((line) => line.length)).size, 1);
  assert.ok((table[0]?.length ?? 99) <= 60);
  assert.match(table[1] ?? "", "…");
});

test.run();
