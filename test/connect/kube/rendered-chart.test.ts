import { suite } from "uvu";
import * as assert from "uvu/assert";
import { crds } from "../../../tasks/calico/crds.ts";
import { connectionsTo, prepare } from "../../k8s/fake-cluster.ts";
import { quiet } from "../../support/progress.ts";
import { withStandIn } from "./session.ts";
import { type Answer, API_RESOURCES, listOf } from "./stand-in.ts";

const test = suite("charts that are rendered and applied");

function crd(kind: string, group = "crd.projectcalico.org") {
  const plural = `${kind.toLowerCase()}s`;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: { group, names: { kind, plural } },
  };
}

/** A chart's output: comments, an empty document, YAML. */
const CHART = `---
# Source: crd.projectcalico.org.v1/templates/bgppeers.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: bgppeers.crd.projectcalico.org }
spec: { group: crd.projectcalico.org, names: { kind: BGPPeer, plural: bgppeers } }
---
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ippools.crd.projectcalico.org
spec: { group: crd.projectcalico.org, names: { kind: IPPool, plural: ippools } }
`;
const RENDERED = [crd("BGPPeer"), crd("IPPool")];
const task = (version = "v3.32.1") => prepare(crds, { version, repository: "https://charts.example.org" });

/** helm's template; `kubectl get` as given, in turn; a dry run and an apply that take everything. */
function answers(...found: readonly string[]): readonly Answer[] {
  return [
    API_RESOURCES,
    { program: "helm", when: "^template ", stdout: CHART },
    ...found.map((stdout): Answer => ({ program: "kubectl", when: "^get -f -", stdout, times: 1 })),
    { program: "kubectl", when: "^apply .*--dry-run=server", stdout: listOf(...RENDERED) },
    { program: "kubectl", when: "^apply ", stdout: "" },
  ];
}

for (const check of [true, false]) {
  test(`${check ? "check" : "run"}: the chart's objects, in one kubectl process`, async () => {
    // Which set of kinds is there; what is there of this one; after the apply: the chart is not rendered again.
    const found = answers("", "", listOf(...RENDERED));
    await withStandIn(
      found,
      async (session, programs) => {
        const prepared = task();
        if (prepared.form !== "declared") throw new Error("declares nothing");
        const planned = await prepared.plan(connectionsTo({ connection: session.connection() }));
        assert.ok(planned.ok);
        assert.equal(
          planned.value.changes.map(({ action, target }) => `${action} ${target}`),
          ["bgppeers", "ippools"].map((name) => `create customresourcedefinition ${name}.crd.projectcalico.org`),
        );
        if (!check) {
          const applied = await planned.value.apply(quiet);
          assert.ok(applied.ok, JSON.stringify(applied));
          const writes = programs.calls().filter(({ args }) => args[0] === "apply" && !args.includes("--dry-run=server"));
          assert.is(writes.length, 1);
          assert.ok(writes[0]?.args.includes("--server-side") && writes[0].args.includes("--force-conflicts"));
        }
        const [helm] = programs.calls().filter(({ program }) => program === "helm");
        assert.equal(helm?.args.slice(0, 5), ["template", "calico-crds", "crd.projectcalico.org.v1", "--version", "v3.32.1"]);
        assert.equal(helm?.args.slice(-2), ["--repo", "https://charts.example.org"]);
      },
      { check },
    );
  });
}

test("a cluster with native kinds keeps them: the other chart is rendered", async () => {
  await withStandIn(
    answers(listOf(crd("BGPPeer", "projectcalico.org")), ""),
    async (session, programs) => {
      const prepared = task();
      if (prepared.form !== "declared") throw new Error("declares nothing");
      assert.ok((await prepared.plan(connectionsTo({ connection: session.connection() }))).ok);
      const [helm] = programs.calls().filter(({ program }) => program === "helm");
      assert.is(helm?.args[2], "projectcalico.org.v3");
    },
    { check: true },
  );
});

test("before 3.32 no program is started", async () => {
  await withStandIn([], async (session, programs) => {
    const prepared = task("v3.31.7");
    if (prepared.form !== "declared") throw new Error("declares nothing");
    const planned = await prepared.plan(connectionsTo({ connection: session.connection() }));
    assert.ok(planned.ok && planned.value.changes.length === 0);
    assert.equal(programs.calls(), []);
  });
});

test("a chart that renders something else is a failure", async () => {
  const odd: readonly Answer[] = [
    API_RESOURCES,
    { program: "kubectl", when: "^get", stdout: "" },
    { program: "helm", when: "^template", stdout: "<html>" },
  ];
  await withStandIn(odd, async (session) => {
    const prepared = task();
    if (prepared.form !== "declared") throw new Error("declares nothing");
    const planned = await prepared.plan(connectionsTo({ connection: session.connection() }));
    assert.not.ok(planned.ok);
    if (!planned.ok) assert.match(planned.failure.message, "no Kubernetes object");
  });
});

test.run();
