import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Secret } from "../../../runner/secret.ts";
import { type SshServerBehaviour, type SshTestServer, startSshServer } from "../../support/ssh-server.ts";
import { knownHostsLine, makeKey, type Workspace, workspace } from "../../support/ssh-workspace.ts";

const test = suite("ssh session");
const hostKey = makeKey();

async function withServer(
  behaviour: Omit<SshServerBehaviour, "hostKeys">,
  body: (server: SshTestServer, space: Workspace) => Promise<void>,
): Promise<void> {
  const server = await startSshServer({ hostKeys: [hostKey.private], ...behaviour });
  const space = workspace();
  space.file("known_hosts", knownHostsLine(server.port, hostKey));
  try {
    await body(server, space);
  } finally {
    await space.close();
    await server.close();
  }
}

const password = new Secret("canary-password");

test("one connection for many commands, at most eight channels at once", () =>
  withServer(
    { maxSessions: 10, command: (call) => void setTimeout(() => call.answer(0, call.line), 20) },
    async (server, space) => {
      const session = space.session(server.port, { password });
      const { reader } = session.connection();
      const results = await Promise.all(Array.from({ length: 30 }, (_, index) => reader.run(["echo", String(index)])));
      assert.equal(
        results.map((result) => (result.ok ? result.value.stdout : "")),
        Array.from({ length: 30 }, (_, index) => `echo ${index}`),
      );
      assert.is(server.connections(), 1);
      assert.is(server.mostChannels(), 8);
      assert.equal(session.counts(), { connections: 1, commands: 30 });
    },
  ));

test("a server that opens fewer channels is asked again", () =>
  withServer({ maxSessions: 2, command: (call) => void setTimeout(() => call.answer(0), 10) }, async (server, space) => {
    const { reader } = space.session(server.port, { password }).connection();
    const results = await Promise.all(Array.from({ length: 6 }, () => reader.run(["true"])));
    assert.ok(results.every((result) => result.ok));
  }));

test("words are quoted, nothing is left to the shell", () =>
  withServer({}, async (server, space) => {
    const { reader } = space.session(server.port, { password }).connection();
    await reader.run(["cat", "--", "/tmp/a b;$(reboot)'x'", "", "*"]);
    assert.equal(server.lines, [`cat -- '/tmp/a b;$(reboot)'\\''x'\\''' '' '*'`]);
  }));

test("a non-zero exit is a value", () =>
  withServer({ command: (call) => call.answer(3, "out", "err") }, async (server, space) => {
    const result = await space.session(server.port, { password }).connection().reader.run(["false"]);
    assert.equal(result, { ok: true, value: { exitCode: 3, stdout: "out", stderr: "err" } });
  }));

test("a read is repeated once after the connection broke", () =>
  withServer({ command: (call) => (call.index === 0 ? call.drop() : call.answer(0, "again")) }, async (server, space) => {
    const session = space.session(server.port, { password });
    const result = await session.connection().reader.run(["ip", "-j", "addr"]);
    assert.ok(result.ok && result.value.stdout === "again");
    assert.is(session.counts().connections, 2);
  }));

test("a read that breaks the connection every time is given up", () =>
  withServer({ command: (call) => call.drop() }, async (server, space) => {
    const result = await space.session(server.port, { password }).connection().reader.run(["ip", "-j", "addr"]);
    assert.not(result.ok);
    if (!result.ok) assert.is(result.failure.kind, "unreachable");
    assert.is(server.lines.length, 2);
  }));

test("a write is not repeated: the outcome is unknown and said so", () =>
  withServer({ command: (call) => call.drop() }, async (server, space) => {
    const { writer } = space.session(server.port, { password }).connection();
    const result = await writer?.run(["netplan", "apply"]);
    assert.ok(result !== undefined && !result.ok);
    if (result === undefined || result.ok) return;
    assert.match(result.failure.meaning ?? "", "outcome is unknown");
    assert.match(result.failure.next ?? "", "run again");
    assert.is(server.lines.length, 1);
  }));

test("a command that hangs is given up", () =>
  withServer({ command: () => {} }, async (server, space) => {
    const { reader } = space.session(server.port, { password, timeouts: { command: 100 } }).connection();
    const result = await reader.run(["cat"]);
    assert.not(result.ok);
    if (!result.ok) assert.match(result.failure.message, "not finished after 0.1 s");
  }));

test("reconnect opens a new connection", () =>
  withServer({}, async (server, space) => {
    const session = space.session(server.port, { password });
    const { reader, writer } = session.connection();
    await reader.run(["true"]);
    assert.ok((await writer?.reconnect(5))?.ok);
    await reader.run(["true"]);
    assert.is(server.connections(), 2);
  }));

test("check mode has no writer", () =>
  withServer({}, async (server, space) => {
    assert.is(space.session(server.port, { password, check: true }).connection().writer, undefined);
  }));

test("secrets are masked in what a host says", () =>
  withServer({ command: (call) => call.answer(1, "", "bad canary-password here") }, async (server, space) => {
    const result = await space
      .session(server.port, { password, secrets: [password] })
      .connection()
      .reader.run(["x"]);
    assert.ok(result.ok && result.value.stderr === "bad ‹secret› here");
  }));

test("a command that may end its connection counts as answered when it does, and is not repeated", () =>
  withServer({ command: (call) => call.drop() }, async (server, space) => {
    const { writer } = space.session(server.port, { password }).connection();
    const result = await writer?.run(["systemctl", "reboot"], { mayCutOff: true });
    assert.ok(result?.ok && result.value.exitCode === 255);
    assert.is(server.lines.length, 1);
  }));

test("a command has a time limit of its own", () =>
  withServer({ command: () => {} }, async (server, space) => {
    const { writer } = space.session(server.port, { password }).connection();
    const result = await writer?.run(["kubeadm", "join"], { timeout: 0.1 });
    assert.match(result?.ok === false ? result.failure.message : "", "not finished after 0.1 s");
  }));

test("input with secrets in it arrives whole, and is masked when the host says it back", () =>
  withServer(
    { command: (call) => void call.stdin.then((text) => call.answer(text === "token: canary-token\n" ? 0 : 1, text, text)) },
    async (server, space) => {
      const { writer } = space.session(server.port, { password }).connection();
      const result = await writer?.run(["tee"], { input: ["token: ", new Secret("canary-token"), "\n"] });
      assert.equal(result, { ok: true, value: { exitCode: 0, stdout: "token: ‹secret›\n", stderr: "token: ‹secret›\n" } });
    },
  ));

test("nothing listens: unreachable, and says what that means", async () => {
  const server = await startSshServer({ hostKeys: [hostKey.private] });
  await server.close();
  const space = workspace();
  const opened = await space.session(server.port, { password }).open();
  assert.not(opened.ok);
  if (!opened.ok) {
    assert.is(opened.failure.kind, "unreachable");
    assert.match(opened.failure.meaning ?? "", "no SSH server listens");
  }
  await space.close();
});

test.run();
