import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Secret } from "../../../runner/secret.ts";
import { keygen, type OpenSshServer, startOpenSsh } from "./open-ssh-server.ts";
import { type OpenSshPlace, withOpenSsh } from "./open-ssh-session.ts";

const test = suite("ProxyJump through OpenSSH");

interface JumpPlace extends OpenSshPlace {
  readonly jump: OpenSshServer;
  /** A config file in which node1 is reached over the jump host with this key. */
  config(identity: string): string;
}

async function withJump(settings: readonly string[], body: (place: JumpPlace) => Promise<void>): Promise<void> {
  await withOpenSsh([], async (place) => {
    const jump = await startOpenSsh(settings);
    try {
      jump.authorize(place.key.public);
      place.space.file("known_hosts", place.server.knownHosts.ed25519 + jump.knownHosts.ed25519);
      const config = (identity: string) =>
        place.space.file(
          "config",
          `Host node*\n  ProxyJump jump\nHost jump\n  HostName 127.0.0.1\n  Port ${jump.port}\n  User root\n  IdentityFile ${identity}\n`,
        );
      await body({ ...place, jump, config });
    } finally {
      await jump.close();
    }
  });
}

const logins = (server: OpenSshServer) => server.log().filter((line) => line.startsWith("Accepted publickey")).length;

test("a command on the host behind", () =>
  withJump([], async ({ session, config, key, jump, server }) => {
    const done = await session({ configFile: config(key.file) })
      .connection()
      .reader.run(["printenv", "SSH_CONNECTION"]);
    assert.ok(done.ok, JSON.stringify(done));
    assert.match(done.value.stdout, ` ${server.port}\n`);
    assert.is(logins(jump), 1);
    assert.is(logins(server), 1);
  }));

test("one encrypted key for jump host and host", () =>
  withJump([], async ({ session, config, server, jump }) => {
    const locked = keygen(server.folder, "id_locked", "canary");
    server.authorize(locked.public);
    jump.authorize(locked.public);
    const options = { configFile: config(locked.file), privateKeyFile: locked.file, passphrase: new Secret("canary") };
    const opened = await session(options).open();
    assert.ok(opened.ok, JSON.stringify(opened));
  }));

test("a jump host that forwards nothing, or has another host key, is named", () =>
  withJump(["AllowTcpForwarding no"], async ({ session, space, server, jump, config, key }) => {
    const configFile = config(key.file);
    const both = server.knownHosts.ed25519 + jump.knownHosts.ed25519;
    space.file("known_hosts", server.knownHosts.ed25519);
    const unknown = await session({ configFile }).open();
    assert.ok(!unknown.ok);
    assert.match(unknown.failure.message, "the host key is not known");
    assert.match(unknown.failure.doing, `:${jump.port}`);
    space.file("known_hosts", both);
    const closed = await session({ configFile }).open();
    assert.ok(!closed.ok);
    assert.match(closed.failure.message, "the jump host cannot reach it");
  }));

test("twelve hosts behind a jump host that lets one log in at a time: one connection to it, and another after it was lost", () =>
  withJump(["MaxStartups 1"], async ({ session, config, key, jump, server }) => {
    const configFile = config(key.file);
    const sessions = Array.from({ length: 12 }, () => session({ configFile }));
    const commands = () => Promise.all(sessions.map((ours) => ours.connection().reader.run(["true"])));
    assert.ok((await commands()).every((done) => done.ok));
    assert.is(logins(jump), 1);
    assert.is(logins(server), 12);
    jump.killSessions();
    const again = await commands();
    assert.ok(
      again.every((done) => done.ok),
      JSON.stringify(again),
    );
    assert.is(logins(jump), 2);
  }));

test.run();
