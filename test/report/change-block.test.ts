import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../../runner/json.ts";
import { changeBlock, type HostChange } from "../../runner/report/change-block.ts";
import { paintFor } from "../../runner/report/paint.ts";

/** How the changes of a task are put together, so that a plan can be read. */
const test = suite("changes of a task");

const create = (host: string, target: string, after: Json): HostChange => ({
  host,
  change: { target, action: "create", before: null, after },
});
const block = (changes: readonly HostChange[], hosts: number, columns = 100) =>
  changeBlock(changes, { columns, hosts, paint: paintFor(false) });

test("objects stand below their parent, values of a new object share a line", () => {
  const out = "uni/tn-k8s/out-calico";
  const lines = block(
    [
      create("apic1", out, {}),
      create("apic1", `${out}/lnodep-anchors`, { a: 1, b: "two" }),
      create("apic1", `${out}/lnodep-anchors/rs-[uni/x]`, { c: 3 }),
      create("apic1", `${out}/bgpExtP`, {}),
      create("apic1", `${out}-other`, {}),
    ],
    1,
  );
  assert.equal(lines, [
    "    + create uni/tn-k8s/out-calico",
    "      + create …/lnodep-anchors  a: 1, b: two",
    "        + create …/rs-[uni/x]  c: 3",
    "      + create …/bgpExtP",
    "    + create uni/tn-k8s/out-calico-other",
  ]);
});

test("a file on several hosts is one entry; only lines that differ name their host", () => {
  const file = (host: string, address: string) => create(host, "file /etc/a", { content: `mtu: 9000\naddress: ${address}\n` });
  assert.equal(block([file("a", "1"), file("b", "2"), file("c", "2")], 3), [
    "    + create file /etc/a  on all 3 hosts",
    "        content",
    "        +mtu: 9000",
    "        +address: 1  on a",
    "        +address: 2  on b, c",
  ]);
});

test("what has another form is told apart, and many values are counted", () => {
  const apart = block([create("a", "x", { content: "1\n2\n" }), create("b", "x", { content: "1\n" })], 2);
  assert.equal(
    apart.filter((line) => line.includes("create")),
    ["    + create x  on a", "    + create x  on b"],
  );
  const hosts = Array.from({ length: 200 }, (_, index) => create(`n${index}`, "address", `10.0.0.${index}`));
  const many = block(hosts, 200);
  assert.is(many.length, 9);
  assert.match(many.at(-1) ?? "", "… and 193 more values on other hosts");
});

test("lines fit the width; a name that is longer stays whole", () => {
  const values = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`property${index}`, index]));
  const lines = block([create("a", "x", values), create("b", "x", values)], 3, 60);
  assert.ok(lines.length > 3 && lines.every((line) => line.length <= 60), lines.join("\n"));
  const dn = `uni/${"long/".repeat(20)}end`;
  assert.equal(block([create("a", dn, {})], 1, 60), [`    + create ${dn}`]);
});

test.run();
