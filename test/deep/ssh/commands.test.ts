import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Command, NodeReader } from "../../../runner/connect/node.ts";
import { withOpenSsh } from "./open-ssh-session.ts";

const test = suite("commands over OpenSSH");

async function stdout(reader: NodeReader, command: Command): Promise<string> {
  const done = await reader.run(command);
  if (!done.ok) throw new Error(JSON.stringify(done.failure));
  return done.value.stdout;
}

test("arguments reach the program as they are, through a real shell", () =>
  withOpenSsh([], async ({ session }) => {
    const nasty = [
      "two words",
      "it's",
      `"double"`,
      "$(id) `id` $HOME",
      "a;b|c&d>e<f",
      "*",
      "~",
      "!!",
      "",
      "line\nbreak\n",
      "tab\there",
      "back\\slash\\",
      "-n",
      "--",
      "#comment",
      "Zürich 東京 🦊",
      "{a,b}",
      "'",
      "''",
      "\u0001\u007f",
      "a=b",
      "%s",
    ];
    const { reader } = session().connection();
    // The format is used again for each argument, so that the output is all of them with a zero byte after each.
    assert.equal((await stdout(reader, ["printf", "%s\\0", ...nasty])).split("\0"), [...nasty, ""]);
  }));

test("a program whose path has spaces and quotes", () =>
  withOpenSsh([], async ({ server, session }) => {
    const program = path.join(server.folder, "it's $(a) program");
    writeFileSync(program, "#!/bin/sh\necho ran\n", { mode: 0o755 });
    assert.is(await stdout(session().connection().reader, [program]), "ran\n");
  }));

test("30 reads at once against MaxSessions 10 and against MaxSessions 2: one connection, all answered", async () => {
  for (const most of [10, 2]) {
    await withOpenSsh([`MaxSessions ${most}`], async ({ session }) => {
      const ours = session();
      const { reader } = ours.connection();
      const numbers = Array.from({ length: 30 }, (_, index) => String(index));
      assert.equal(
        await Promise.all(numbers.map((number) => stdout(reader, ["echo", number]))),
        numbers.map((n) => `${n}\n`),
      );
      assert.is(ours.counts().connections, 1);
    });
  }
});

test("a server that is full of our own long commands: the next one waits for its turn", () =>
  withOpenSsh(["MaxSessions 2"], async ({ session }) => {
    const { reader } = session().connection();
    const done = await Promise.all([
      stdout(reader, ["sleep", "4"]),
      stdout(reader, ["sleep", "4"]),
      stdout(reader, ["echo", "x"]),
    ]);
    assert.equal(done, ["", "", "x\n"]);
  }));

test("exit code, both outputs, and the end by a signal", () =>
  withOpenSsh([], async ({ session }) => {
    const { reader } = session().connection();
    const failed = await reader.run(["sh", "-c", "echo out; echo err >&2; exit 42"]);
    assert.equal(failed, { ok: true, value: { exitCode: 42, stdout: "out\n", stderr: "err\n" } });
    const killed = await reader.run(["sh", "-c", "kill -TERM $$"]);
    assert.ok(killed.ok && killed.value.exitCode !== 0);
    const absent = await reader.run(["no-such-program"]);
    assert.ok(absent.ok && absent.value.exitCode === 127);
  }));

test("output and input of many packets, whole and in order", () =>
  withOpenSsh([], async ({ session }) => {
    const { reader, writer } = session().connection();
    const text = await stdout(reader, ["seq", "1", "400000"]);
    assert.is(text.length, 2_688_895);
    assert.ok(text.endsWith("\n400000\n"));
    const echoed = await writer?.run(["cat"], { input: "äöü🦊".repeat(200_000) });
    assert.ok(echoed?.ok && echoed.value.stdout === "äöü🦊".repeat(200_000));
  }));

test("a program that does not read its input", () =>
  withOpenSsh([], async ({ session }) => {
    const done = await session()
      .connection()
      .writer?.run(["true"], { input: "x".repeat(5_000_000) });
    assert.ok(done?.ok && done.value.exitCode === 0);
  }));

test("programs speak English where sshd accepts LC_ALL, as Debian's and Red Hat's do", () =>
  withOpenSsh(["AcceptEnv LANG LC_*"], async ({ session }) => {
    assert.is(await stdout(session().connection().reader, ["printenv", "LC_ALL"]), "C\n");
  }));

test("sshd's process killed in mid-command: a read is run again, a write is not", () =>
  withOpenSsh([], async ({ server, session }) => {
    const ours = session();
    const { reader, writer } = ours.connection();
    const runs = path.join(server.folder, "runs");
    const begun = async (file: string) => {
      while (!existsSync(file)) await sleep(20);
    };
    /** Goes on only when it finds that it has run before. */
    const once = (file: string): Command => ["sh", "-c", 'if test -e "$0"; then echo again; else : >"$0"; sleep 600; fi', file];
    const read = reader.run(once(`${runs}-read`));
    await begun(`${runs}-read`);
    server.killSessions();
    const again = await read;
    assert.ok(again.ok && again.value.stdout === "again\n", JSON.stringify(again));
    assert.is(ours.counts().connections, 2);

    const write = writer?.run(once(`${runs}-write`));
    await begun(`${runs}-write`);
    server.killSessions();
    const lost = await write;
    assert.ok(lost !== undefined && !lost.ok);
    assert.match(lost.failure.meaning ?? "", "outcome is unknown");
    assert.is(await stdout(reader, ["echo", "back"]), "back\n");
  }));

test("a command past its time limit is given up, and the connection goes on", () =>
  withOpenSsh([], async ({ session }) => {
    const ours = session({ timeouts: { command: 1000 } });
    const { reader } = ours.connection();
    const late = await reader.run(["sleep", "5"]);
    assert.ok(!late.ok && late.failure.message.includes("not finished after 1 s"));
    assert.is(await stdout(reader, ["echo", "next"]), "next\n");
    assert.is(ours.counts().connections, 1);
  }));

test("reconnect opens a second connection to sshd", () =>
  withOpenSsh([], async ({ server, session }) => {
    const ours = session();
    const { reader, writer } = ours.connection();
    await stdout(reader, ["true"]);
    assert.ok((await writer?.reconnect(10))?.ok);
    await stdout(reader, ["true"]);
    assert.is(server.log().filter((line) => line.startsWith("Accepted publickey")).length, 2);
  }));

test.run();
