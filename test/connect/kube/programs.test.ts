import { existsSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openCluster } from "../../../runner/connect/kube/open-cluster.ts";
import { CANARY, withStandIn } from "./session.ts";
import { API_RESOURCES, listOf } from "./stand-in.ts";

const test = suite("kubectl and helm as programs");

const NODE = { apiVersion: "v1", kind: "Node", name: "worker-1" };
const REFUSED = "The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?\n";

test("a program that is not there: the failure names the variable and PATH", async () => {
  const session = openCluster({ kubectl: "/nowhere/kubectl", check: false, secrets: [] });
  const found = await session.connection().reader.objects([NODE]);
  session.close();
  assert.not.ok(found.ok);
  if (found.ok) return;
  assert.match(found.failure.message, "/nowhere/kubectl");
  assert.match(`${found.failure.meaning} ${found.failure.next}`, "cluster.kubectl");
  assert.match(found.failure.next ?? "", "PATH");
});

test("a kubeconfig that is not there is a failure: kubectl would turn to localhost:8080", async () => {
  const session = openCluster({ kubeconfig: "/nowhere/config", check: false, secrets: [] });
  const found = await session.connection().reader.objects([NODE]);
  assert.not.ok(found.ok);
  if (!found.ok) assert.match(found.failure.message, "/nowhere/config");
  assert.equal(session.counts(), { kubectl: 0, helm: 0 });
  session.close();
});

test("context, cache folder and environment are passed on, but for secrets of the run; the cache folder goes with the session", async () => {
  process.env.UNDERLAY_TEST_TOKEN = `Bearer ${CANARY}`;
  process.env.UNDERLAY_TEST_PLUGIN = "for the credential plugin";
  process.env.HELM_KUBECONTEXT = "elsewhere";
  let cache = "";
  await withStandIn(
    [API_RESOURCES, { program: "kubectl", when: "^get -f -" }],
    async (session, programs) => {
      const found = await session.connection().reader.objects([NODE]);
      assert.ok(found.ok);
      const [call] = programs.calls();
      assert.ok(call !== undefined);
      assert.equal(call.args.slice(-2), ["--context", "prod"]);
      assert.is(call.environment.UNDERLAY_TEST_TOKEN, undefined);
      assert.is(call.environment.HELM_KUBECONTEXT, undefined);
      assert.is(call.environment.UNDERLAY_TEST_PLUGIN, "for the credential plugin");
      assert.is(call.environment.PATH, process.env.PATH);
      cache = call.args[call.args.indexOf("--cache-dir") + 1] ?? "";
      assert.ok(existsSync(cache));
    },
    { context: "prod" },
  );
  for (const name of ["UNDERLAY_TEST_TOKEN", "UNDERLAY_TEST_PLUGIN", "HELM_KUBECONTEXT"]) delete process.env[name];
  assert.not.ok(existsSync(cache));
});

test("a read is repeated while the connection is refused, and counted", async () => {
  await withStandIn(
    [
      { program: "kubectl", when: "^api-resources", stderr: REFUSED, exit: 1, times: 2 },
      API_RESOURCES,
      { program: "kubectl", when: "^get" },
    ],
    async (session) => {
      const found = await session.connection().reader.objects([NODE]);
      assert.ok(found.ok);
      assert.equal(session.counts(), { kubectl: 4, helm: 0 });
    },
  );
});

test("when it stays refused the host is unreachable, with kubectl's own words and without its log lines", async () => {
  const log = 'E1123 02:10:27.227360    9573 memcache.go:265] "Unhandled Error" err="dial tcp"\n';
  await withStandIn([{ program: "kubectl", when: "", stderr: log + REFUSED, exit: 1 }], async (session) => {
    const found = await session.connection().reader.objects([NODE]);
    assert.not.ok(found.ok);
    if (found.ok) return;
    assert.is(found.failure.kind, "unreachable");
    assert.is(found.failure.message, REFUSED.trim());
    assert.match(found.failure.next ?? "", "cluster.kubeconfig");
    assert.is(session.counts().kubectl, 4);
  });
});

const hopeless: readonly (readonly [string, string, "failed" | "unreachable"])[] = [
  ['Error from server (Forbidden): nodes is forbidden: User "x" cannot list resource "nodes"', "right", "failed"],
  ["error: You must be logged in to the server (Unauthorized)", "credentials", "failed"],
  ["Unable to connect to the server: x509: certificate signed by unknown authority", "CA", "unreachable"],
  ['error: context "prod" does not exist', "context", "failed"],
  ["error: unknown flag: --show-managed-fields", "too old", "failed"],
];
for (const [words, meaning, kind] of hopeless) {
  test(`not repeated, and explained: ${words}`, async () => {
    await withStandIn([{ program: "kubectl", when: "", stderr: `${words}\n`, exit: 1 }], async (session) => {
      const found = await session.connection().reader.objects([NODE]);
      assert.not.ok(found.ok);
      if (found.ok) return;
      assert.is(found.failure.kind, kind);
      assert.is(found.failure.message, words);
      assert.match(found.failure.meaning ?? "", meaning);
      assert.is(session.counts().kubectl, 1);
    });
  });
}

test("a helm that is too old is called so", async () => {
  await withStandIn([{ program: "helm", when: "", stderr: "Error: unknown flag: --output\n", exit: 1 }], async (session) => {
    const found = await session.connection().reader.release("calico", "tigera-operator");
    assert.not.ok(found.ok);
    if (!found.ok) assert.match(`${found.failure.meaning} ${found.failure.next}`, /helm 3\.13.*cluster\.helm/);
  });
});

test("a secret in what a program prints is masked, in clear and in Base64", async () => {
  const base64 = Buffer.from(CANARY).toString("base64");
  await withStandIn(
    [{ program: "kubectl", when: "", stderr: `error: bad value ${CANARY} ${base64}\n`, exit: 1 }],
    async (session) => {
      const found = await session.connection().reader.objects([NODE]);
      assert.not.ok(found.ok);
      if (!found.ok) assert.is(found.failure.message, "error: bad value ‹secret› ‹secret›");
    },
  );
});

test("an extension API that is down does not hide the other kinds", async () => {
  const partial =
    "error: unable to retrieve the complete list of server APIs: projectcalico.org/v3: stale GroupVersion discovery\n";
  await withStandIn(
    [
      { ...API_RESOURCES, stderr: partial, exit: 1 },
      { program: "kubectl", when: "^get nodes", stdout: listOf() },
    ],
    async (session) => {
      const served = await session.connection().reader.serves("nodes");
      assert.equal(served, { ok: true, value: true });
      const listed = await session.connection().reader.list("nodes");
      assert.equal(listed, { ok: true, value: [] });
      const things = ["a", "b", "c"].map((name) => ({ apiVersion: "example.org/v1", kind: "Thing", name }));
      assert.equal(await session.connection().reader.objects(things), { ok: true, value: [] });
      assert.is(session.counts().kubectl, 2, "asked once for what is served, not for each object");
    },
  );
});

test("kinds that the cluster does not know are left out of a read", async () => {
  const node = { apiVersion: "v1", kind: "Node", metadata: { name: "worker-1" } };
  await withStandIn(
    [API_RESOURCES, { program: "kubectl", when: "^get -f -", stdout: listOf(node) }],
    async (session, programs) => {
      const unknown = { apiVersion: "example.org/v1", kind: "Thing", name: "x" };
      const found = await session.connection().reader.objects([unknown, NODE]);
      assert.equal(found, { ok: true, value: [node] });
      assert.not.match(programs.calls().at(-1)?.input ?? "", "Thing");
    },
  );
});

test.run();
