import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { NodeFile } from "../../../runner/connect/node.ts";
import { seal } from "../../../runner/connect/seal.ts";
import { type LabNodeSession, labNode, paperNode } from "../../support/ssh-lab-node.ts";

const test = suite("files of a node");

async function withNode(body: (node: LabNodeSession) => Promise<void>, ...how: Parameters<typeof labNode>): Promise<void> {
  const node = await labNode(...how);
  try {
    await body(node);
  } finally {
    await node.close();
  }
}

const wanted: NodeFile = { kind: "file", path: "/etc/x.conf", content: "a\nb\nc\n", mode: "0640", state: "present" };

async function read(node: LabNodeSession, path: string) {
  const found = await node.connect().connection().reader.file(path);
  if (!found.ok) throw new Error(found.failure.message);
  return found.value;
}

/** Plans, applies, and plans again. */
async function bring(node: LabNodeSession, file: NodeFile) {
  const { plan, writer } = node.session.connection();
  const planned = await plan([file]);
  if (!planned.ok || writer === undefined) throw new Error("not planned");
  const applied = await planned.value.apply(writer);
  if (!applied.ok) throw new Error(applied.failure.message);
  const again = await plan([file]);
  assert.equal(again.ok && again.value.changes, [], "a second plan is empty");
  return planned.value.changes;
}

test("created, modified by the lines that differ, deleted", () =>
  withNode(async (node) => {
    assert.equal(await bring(node, wanted), [
      { target: "file /etc/x.conf", action: "create", before: null, after: { mode: "0640", content: "a\nb\nc\n" } },
    ]);
    assert.equal(await read(node, "/etc/x.conf"), { content: "a\nb\nc\n", mode: "0640" });
    assert.equal(await bring(node, { ...wanted, content: "a\nB\nc\n", mode: "0600" }), [
      {
        target: "file /etc/x.conf",
        action: "modify",
        before: { mode: "0640", content: "b\n" },
        after: { mode: "0600", content: "B\n" },
      },
    ]);
    assert.equal(await bring(node, { ...wanted, state: "absent" }), [
      { target: "file /etc/x.conf", action: "delete", before: { content: "a\nB\nc\n", mode: "0600" }, after: null },
    ]);
    assert.is(await read(node, "/etc/x.conf"), undefined);
  }));

test("content of others is never lost; our own is not kept", () =>
  withNode(async (node) => {
    await bring(node, { ...wanted, content: "theirs\n" });
    await bring(node, { ...wanted, content: seal("ours 1\n") });
    assert.is((await read(node, "/etc/x.conf.underlay-backup"))?.content, "theirs\n");
    await bring(node, { ...wanted, content: seal("ours 2\n") });
    assert.is((await read(node, "/etc/x.conf.underlay-backup"))?.content, "theirs\n");
    await bring(node, { ...wanted, content: `${seal("ours 2\n")}edited by hand\n` });
    await bring(node, { ...wanted, content: seal("ours 3\n") });
    assert.is((await read(node, "/etc/x.conf.underlay-backup"))?.content, `${seal("ours 2\n")}edited by hand\n`);
    assert.is((await read(node, "/etc/x.conf.underlay-backup.~1~"))?.content, "theirs\n");
  }));

test("check mode: later reads see what is planned, the node does not", () =>
  withNode(
    async (node) => {
      const { plan, reader } = node.session.connection();
      const planned = await plan([wanted]);
      assert.ok(planned.ok && planned.value.changes.length === 1);
      planned.value.project();
      const seen = await reader.file(wanted.path);
      assert.equal(seen.ok && seen.value, { content: wanted.content, mode: wanted.mode });
      const again = await plan([wanted]);
      assert.equal(again.ok && again.value.changes, []);
      assert.is(await read(node, wanted.path), undefined);
    },
    paperNode,
    { check: true },
  ));

test("with a sudo password, its text is in no file", () =>
  withNode(
    async (node) => {
      await bring(node, wanted);
      assert.equal(await read(node, wanted.path), { content: wanted.content, mode: "0640" });
    },
    { ...paperNode, sudoPassword: "canary-sudo" },
  ));

test("a folder that does not exist is a clear failure", () =>
  withNode(async (node) => {
    const { writer } = node.session.connection();
    const done = await writer?.putFile({ path: "/nowhere/x", content: "", mode: "0600" });
    assert.ok(done !== undefined && !done.ok && /No such file or directory/.test(done.failure.message), JSON.stringify(done));
  }));

test.run();
