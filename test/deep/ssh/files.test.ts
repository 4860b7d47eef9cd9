import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { NodeFile } from "../../../runner/connect/node.ts";
import { seal } from "../../../runner/connect/seal.ts";
import { withOpenSsh } from "./open-ssh-session.ts";

const test = suite("files over OpenSSH");

const modeOf = (file: string) => (statSync(file).mode & 0o7777).toString(8).padStart(4, "0");

test("a file of others is replaced in one step and kept, twice with different content too", () =>
  withOpenSsh([], async ({ server, session }) => {
    const folder = path.join(server.folder, "etc");
    const file = path.join(folder, "50 cloud-init's.yaml");
    const { reader, writer } = session().connection();
    assert.ok((await writer?.run(["mkdir", "-m", "0700", "--", folder]))?.ok);
    writeFileSync(file, "theirs, first\n", { mode: 0o640 });
    assert.ok((await writer?.putFile({ path: file, content: "ours ü\nno newline at the end", mode: "0600" }))?.ok);
    assert.is(readFileSync(file, "utf8"), "ours ü\nno newline at the end");
    assert.is(modeOf(file), "0600");
    assert.is(readFileSync(`${file}.underlay-backup`, "utf8"), "theirs, first\n");
    assert.is(modeOf(`${file}.underlay-backup`), "0640");
    writeFileSync(file, "theirs, second\n");
    assert.ok((await writer?.putFile({ path: file, content: seal("ours\n"), mode: "0644" }))?.ok);
    assert.is(readFileSync(`${file}.underlay-backup`, "utf8"), "theirs, second\n");
    assert.is(readFileSync(`${file}.underlay-backup.~1~`, "utf8"), "theirs, first\n");
    assert.is(modeOf(file), "0644");
    assert.ok((await writer?.putFile({ path: file, content: seal("ours, newer\n"), mode: "0600" }))?.ok);
    assert.equal(readdirSync(folder).sort(), [
      "50 cloud-init's.yaml",
      "50 cloud-init's.yaml.underlay-backup",
      "50 cloud-init's.yaml.underlay-backup.~1~",
    ]);
    const read = await reader.file(file);
    assert.equal(read, { ok: true, value: { content: seal("ours, newer\n"), mode: "0600" } });
    assert.equal(await reader.file(path.join(folder, "absent")), { ok: true, value: undefined });
  }));

test("a folder that does not exist, or a folder in the file's place: said, nothing left behind", () =>
  withOpenSsh([], async ({ server, session }) => {
    const { writer } = session().connection();
    const nowhere = await writer?.putFile({ path: path.join(server.folder, "no", "file"), content: "x", mode: "0600" });
    assert.ok(nowhere !== undefined && !nowhere.ok);
    assert.match(nowhere.failure.message, "No such file or directory");
    const before = readdirSync(server.folder);
    const folder = await writer?.putFile({ path: server.folder, content: "x", mode: "0600" });
    assert.ok(folder !== undefined && !folder.ok);
    assert.equal(readdirSync(server.folder), before);
  }));

test("declared files: planned, applied, read back, nothing the second time, gone again", () =>
  withOpenSsh([], async ({ server, session }) => {
    const connection = session().connection();
    const file = path.join(server.folder, "declared");
    const wanted: NodeFile = { kind: "file", path: file, content: seal("content\n"), mode: "0600", state: "present" };
    const { writer } = connection;
    if (writer === undefined) throw new Error("no writer");
    for (const resource of [wanted, { ...wanted, state: "absent" as const }]) {
      const first = await connection.plan([resource]);
      assert.ok(first.ok && first.value.changes.length === 1);
      assert.equal(await first.value.apply(writer), { ok: true, value: undefined });
      const second = await connection.plan([resource]);
      assert.ok(second.ok && second.value.changes.length === 0);
    }
    assert.not(readdirSync(server.folder).includes("declared"));
  }));

test.run();
