import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { SshOptions } from "../../../runner/connect/ssh/options.ts";
import type { SshSession } from "../../../runner/connect/ssh/session.ts";
import { Secret } from "../../../runner/secret.ts";
import { type OpenSshPlace, withOpenSsh } from "./open-ssh-session.ts";
import { type SudoRight, throwawayUser } from "./throwaway-user.ts";

const test = suite("sudo over OpenSSH");
const PASSWORD = "canary pass'word $1";

type AsUser = (options?: Partial<SshOptions>) => SshSession;

async function withUser(right: SudoRight, body: (place: OpenSshPlace, asUser: AsUser) => Promise<void>): Promise<void> {
  const user = throwawayUser(PASSWORD, right);
  try {
    await withOpenSsh(["PasswordAuthentication yes"], (place) =>
      body(place, (options) => place.session({ user: user.name, become: true, ...options })),
    );
  } finally {
    user.remove();
  }
}

const withPassword = { becomePassword: new Secret(PASSWORD) };

test("password login", () =>
  withUser("not at all", async (_place, asUser) => {
    const opened = await asUser({ privateKeyFile: undefined, password: new Secret(PASSWORD) }).open();
    assert.ok(opened.ok, JSON.stringify(opened));
    const refused = await asUser({ privateKeyFile: undefined, password: new Secret("canary wrong") }).open();
    assert.ok(!refused.ok && refused.failure.message.includes("refused: password"));
    assert.not.match(JSON.stringify(refused), "canary");
  }));

for (const [right, options] of [
  ["without password", {}],
  ["without password", withPassword],
  ["with password", withPassword],
] as const) {
  test(`sudo ${right}${"becomePassword" in options && right === "without password" ? ", though the inventory has one" : ""}`, () =>
    withUser(right, async ({ server }, asUser) => {
      const { reader, writer } = asUser(options).connection();
      const file = path.join(server.folder, "root's own");
      // A second time at once: sudo may remember the password, and must not let it slip into the file.
      for (const content of ["first\n", "second ü\n"]) {
        assert.equal(await writer?.putFile({ path: file, content, mode: "0600" }), { ok: true, value: undefined });
        assert.is(readFileSync(file, "utf8"), content);
      }
      assert.is(statSync(file).uid, 0);
      const read = await reader.file(file);
      assert.ok(read.ok && read.value?.content === "second ü\n" && read.value.mode === "0600");
      assert.equal(await reader.file(path.join(server.folder, "absent")), { ok: true, value: undefined });
      const both = await Promise.all([reader.run(["id", "-u"], { sudo: true }), reader.run(["id", "-u"])]);
      assert.equal(
        both.map((done) => done.ok && done.value.stdout === "0\n"),
        [true, false],
      );
      const code = await writer?.run(["sh", "-c", "cat; exit 3"], { input: "given" });
      assert.ok(code?.ok && code.value.exitCode === 3 && code.value.stdout === "given");
    }));
}

/** Where sudo refuses, every kind of request must say so: with input and without. */
async function refusals(session: SshSession): Promise<readonly string[]> {
  const { reader, writer } = session.connection();
  const results = [
    await reader.run(["id"], { sudo: true }),
    await reader.file("/etc/shadow"),
    await writer?.run(["tee", "/root/underlay-never"], { input: "x" }),
  ];
  return results.map((result) => (result === undefined || result.ok ? "not refused" : (result.failure.meaning ?? "")));
}

test("sudo asks, and the inventory has no password", () =>
  withUser("with password", async (_place, asUser) => {
    assert.equal(await refusals(asUser()), Array(3).fill("sudo asks for a password"));
  }));

test("a wrong sudo password", () =>
  withUser("with password", async (_place, asUser) => {
    const wrong = await refusals(asUser({ becomePassword: new Secret("canary wrong") }));
    assert.equal(wrong, Array(3).fill("the sudo password is wrong"));
  }));

test("a user that sudo does not know", () =>
  withUser("not at all", async (_place, asUser) => {
    const unknown = await refusals(asUser(withPassword));
    assert.equal(unknown, Array(3).fill("the login user may not run this with sudo"));
  }));

test.run();
