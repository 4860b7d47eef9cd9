import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Secret } from "../../../runner/secret.ts";
import { type ServerCall, startSshServer } from "../../support/ssh-server.ts";
import { knownHostsLine, makeKey, workspace } from "../../support/ssh-workspace.ts";

const test = suite("sudo over ssh");
const hostKey = makeKey();
const becomePassword = new Secret("canary-sudo");

async function runWith(
  options: { readonly user?: string; readonly becomePassword?: Secret },
  command: (call: ServerCall) => void,
  input?: string,
) {
  const asks = (call: ServerCall) => call.answer(1, "", "sudo: a password is required\n");
  const server = await startSshServer({
    hostKeys: [hostKey.private],
    command: (call) => (call.line === "sudo -n -k -- true" ? asks(call) : command(call)),
  });
  const space = workspace();
  space.file("known_hosts", knownHostsLine(server.port, hostKey));
  const session = space.session(server.port, { become: true, secrets: [becomePassword], ...options });
  const result = await session.connection().writer?.run(["tee", "--", "/etc/x"], input === undefined ? {} : { input });
  await space.close();
  await server.close();
  if (result === undefined) throw new Error("no writer");
  return { result, line: server.lines.at(-1) };
}

test("without a password", async () => {
  const { line } = await runWith({}, (call) => call.answer(0));
  assert.is(line, "sudo -n -- tee -- /etc/x");
});

test("root needs no sudo", async () => {
  const { line } = await runWith({ user: "root", becomePassword }, (call) => call.answer(0));
  assert.is(line, "tee -- /etc/x");
});

test("the password goes by standard input, never on the line", async () => {
  const { line, result } = await runWith({ becomePassword }, (call) => void call.stdin.then((text) => call.answer(0, text)));
  assert.is(line, "sudo -S -p '' -- tee -- /etc/x");
  assert.ok(result.ok && result.value.stdout === "canary-sudo\n");
});

test("with input, the password is sent only when sudo asks for it", async () => {
  const { line, result } = await runWith(
    { becomePassword },
    (call) => {
      let early = "";
      call.channel.on("data", (chunk: Buffer) => (early += chunk.toString()));
      setTimeout(() => {
        assert.is(early, "", "nothing may be sent before the prompt");
        call.channel.stderr.write("underlay-sudo-password:");
        call.stdin.then((text) => call.answer(0, text));
      }, 50);
    },
    "content\n",
  );
  assert.is(line, "sudo -k -S -p underlay-sudo-password: -- tee -- /etc/x");
  assert.ok(result.ok && result.value.stdout === "canary-sudo\ncontent\n");
  assert.ok(result.ok && result.value.stderr === "", "the prompt is not part of what the command said");
});

test("a password that sudo does not want never becomes a command's input", async () => {
  const server = await startSshServer({
    hostKeys: [hostKey.private],
    command: (call) => void call.stdin.then((text) => call.answer(0, text)),
  });
  const space = workspace();
  space.file("known_hosts", knownHostsLine(server.port, hostKey));
  const { writer } = space.session(server.port, { become: true, becomePassword }).connection();
  const results = await Promise.all([1, 2].map(() => writer?.run(["tee", "--", "/etc/x"], { input: "content\n" })));
  for (const result of results) assert.ok(result?.ok && result.value.stdout === "content\n");
  assert.equal(server.lines, ["sudo -n -k -- true", "sudo -n -- tee -- /etc/x", "sudo -n -- tee -- /etc/x"]);
  await space.close();
  await server.close();
});

/** sudo's words, and what they mean. */
const refusals: readonly (readonly [stderr: string, exitCode: number, meaning: string])[] = [
  ["sudo: a password is required\n", 1, "sudo asks for a password"],
  ["Sorry, try again.\nsudo: 1 incorrect password attempt\n", 1, "the sudo password is wrong"],
  ["Sorry, try again.\nsudo: no password was provided\nsudo: 1 incorrect password attempt\n", 1, "the sudo password is wrong"],
  ["underlay is not in the sudoers file.\n", 1, "may not run this with sudo"],
  ["Sorry, user underlay is not allowed to execute '/usr/sbin/netplan apply' as root on n1.\n", 1, "may not run this with sudo"],
];

for (const [stderr, exitCode, meaning] of refusals) {
  test(`says what it means: ${stderr.trim().split("\n").at(-1)}`, async () => {
    const { result } = await runWith({ becomePassword }, (call) => call.answer(exitCode, "", stderr));
    assert.not(result.ok);
    if (result.ok) return;
    assert.is(result.failure.message, stderr.trim());
    assert.match(result.failure.meaning ?? "", meaning);
    assert.not.match(JSON.stringify(result), "canary");
  });
}

test("a command's own failure is not sudo's", async () => {
  const { result } = await runWith({}, (call) => call.answer(1, "", "tee: /etc/x: Is a directory\n"));
  assert.ok(result.ok && result.value.exitCode === 1);
});

test.run();
