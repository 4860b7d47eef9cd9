import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type OwnedRoot, rootQueries } from "../../../runner/connect/apic/root-query.ts";

/** How many requests it takes to read what a task names. */
const test = suite("queries for owned roots");

const groups = (count: number): OwnedRoot[] =>
  Array.from({ length: count }, (_, index) => ({
    dn: `uni/infra/funcprof/accbundle-node-${index + 1}`,
    className: "infraAccBndlGrp",
  }));

test("a root alone is read by its DN, whatever else is asked for elsewhere", () => {
  const roots = [
    ...groups(1),
    { dn: "uni/tn-k8s/out-calico", className: "l3extOut" },
    { dn: "uni/phys-k8s", className: undefined },
  ];
  assert.equal(
    rootQueries([...roots, ...roots]).map(({ path }) => path),
    roots.map(({ dn }) => `/api/mo/${dn}.json?rsp-subtree=full&rsp-prop-include=config-only`),
  );
});

test("roots of one class in one place share requests that are short enough for nginx", () => {
  const queries = rootQueries(groups(128));
  assert.equal(
    queries.flatMap(({ roots }) => roots),
    groups(128),
  );
  assert.ok(queries.length <= 3, `${queries.length} requests`);
  for (const { path, roots } of queries) {
    assert.ok(path.length < 4096, `${path.length} characters`);
    assert.ok(path.startsWith("/api/mo/uni/infra/funcprof.json?query-target=children&target-subtree-class=infraAccBndlGrp&"));
    for (const { dn } of roots) assert.ok(path.includes(`eq(infraAccBndlGrp.dn,%22${dn}%22)`), dn);
  }
});

test("a class unknown, or a name in brackets: one by one", () => {
  const unknown = groups(2).map(({ dn }) => ({ dn, className: undefined }));
  const pools = ["a", "b"].map((name) => ({ dn: `uni/infra/vlanns-[${name}]-static`, className: "fvnsVlanInstP" }));
  assert.is(rootQueries([...unknown, ...pools]).length, 4);
});

test.run();
