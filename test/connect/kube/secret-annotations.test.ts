import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject, Manifest } from "../../../runner/connect/cluster.ts";
import { MASK, Secret } from "../../../runner/secret.ts";
import { CANARY, withStandIn } from "./session.ts";
import { type Answer, API_RESOURCES, listOf } from "./stand-in.ts";

/** Passwords in a Node's annotations: compared in clear, sent by standard input, never shown. */
const test = suite("annotations with secrets");

const PEERS = "kube-router.io/peers";
const ENCODED = Buffer.from(CANARY).toString("base64");
const TEXT = `- {"remoteip":"192.0.2.1","password":"${ENCODED}"}\n`;

function node(annotations: Record<string, string>): KubeObject {
  return { apiVersion: "v1", kind: "Node", metadata: { name: "worker-1", annotations } };
}

function peers(more: Partial<Manifest> = {}): Manifest {
  return {
    kind: "manifest",
    state: "present",
    object: { apiVersion: "v1", kind: "Node", metadata: { name: "worker-1" } },
    secretAnnotations: { [PEERS]: [`- {"remoteip":"192.0.2.1","password":"`, { base64: new Secret(CANARY) }, `"}\n`] },
    whenMissing: "fail",
    ...more,
  };
}

const reads = (...objects: readonly KubeObject[]): Answer => ({
  program: "kubectl",
  when: "^get -f -",
  stdout: objects.length > 0 ? listOf(...objects) : "",
});
const tries = (object: KubeObject): Answer => ({ program: "kubectl", when: "--dry-run=server", stdout: listOf(object) });
const applies: Answer = { program: "kubectl", when: "^apply --server-side (?!.*dry-run)", stdout: "node/worker-1\n" };

function isClean(shown: unknown): void {
  const text = JSON.stringify(shown);
  assert.not.match(text, CANARY);
  assert.not.match(text, ENCODED);
}

test("what is set is sent by standard input and shown masked", async () => {
  await withStandIn([API_RESOURCES, reads(node({})), tries(node({ [PEERS]: TEXT })), applies], async (session, programs) => {
    const planned = await session.connection().plan([peers()]);
    assert.ok(planned.ok);
    if (!planned.ok) return;
    const annotations = { metadata: { annotations: { [PEERS]: MASK } } };
    assert.equal(planned.value.changes.at(0)?.target, "node worker-1");
    assert.equal(planned.value.changes.at(0)?.after, annotations);
    const { writer } = session.connection();
    const applied = writer === undefined ? undefined : await planned.value.apply(writer);
    isClean([planned.value.changes, applied]);
    const calls = programs.calls();
    for (const { args, environment } of calls) isClean([args, environment]);
    const sent = calls.filter(({ args }) => args[0] === "apply").map(({ input }) => JSON.parse(input));
    assert.is(sent.length > 1, true);
    for (const { metadata } of sent) assert.is(metadata.annotations[PEERS], TEXT);
  });
});

test("another password differs, and neither is shown, nor in the failure of reading back", async () => {
  const old = node({ [PEERS]: TEXT.replace(ENCODED, Buffer.from("old-password").toString("base64")), other: "visible" });
  await withStandIn([API_RESOURCES, reads(old), tries(node({ [PEERS]: TEXT, other: "visible" })), applies], async (session) => {
    const planned = await session.connection().plan([peers()]);
    assert.ok(planned.ok);
    if (!planned.ok) return;
    const masked = { metadata: { annotations: { [PEERS]: MASK } } };
    assert.equal(planned.value.changes, [{ target: "node worker-1", action: "modify", before: masked, after: masked }]);
    const { writer } = session.connection();
    const applied = writer === undefined ? undefined : await planned.value.apply(writer);
    // The stand-in never takes it over: reading back must fail, in words without the old password either.
    assert.is(applied?.ok, false);
    assert.not.match(JSON.stringify(applied), Buffer.from("old-password").toString("base64"));
    isClean(applied);
  });
});

test("an annotation with a password that goes, or whose node goes, is masked whoever set it", async () => {
  const live = node({ "kube-router.io/peer.passwords": `${ENCODED},${ENCODED}`, [PEERS]: TEXT });
  await withStandIn([API_RESOURCES, reads(live), tries(node({ [PEERS]: TEXT }))], async (session) => {
    const planned = await session.connection().plan([peers()]);
    assert.ok(planned.ok);
    if (!planned.ok) return;
    assert.equal(planned.value.changes.at(0)?.before, { metadata: { annotations: { "kube-router.io/peer.passwords": MASK } } });
    const gone = await session.connection().plan([{ kind: "manifest", state: "absent", object: node({}) }]);
    assert.ok(gone.ok);
    if (gone.ok) isClean(gone.value.changes);
    if (gone.ok) assert.is(gone.value.changes.length, 1);
  });
});

test("a secret in an annotation that would be shown is refused", async () => {
  await withStandIn([API_RESOURCES, reads(node({}))], async (session, programs) => {
    const secretAnnotations = { "example.org/password": [{ base64: new Secret(CANARY) }] };
    const planned = await session.connection().plan([peers({ secretAnnotations })]);
    assert.is(planned.ok, false);
    if (!planned.ok) assert.is(planned.failure.message, "example.org/password holds a secret");
    assert.equal(programs.calls(), []);
  });
});

test("no node is made up for a name that the cluster does not know", async () => {
  await withStandIn([API_RESOURCES, reads()], async (session) => {
    const required = await session.connection().plan([peers()]);
    assert.is(required.ok, false);
    if (!required.ok) assert.is(required.failure.message, "not in the cluster: node worker-1");
    const optional = await session.connection().plan([peers({ whenMissing: "leave" })]);
    assert.ok(optional.ok);
    if (optional.ok) assert.equal(optional.value.changes, []);
  });
});

test.run();
