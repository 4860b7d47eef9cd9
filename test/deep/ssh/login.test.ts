import { chmodSync, renameSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Secret } from "../../../runner/secret.ts";
import { type Agent, startAgent } from "./agent.ts";
import { keygen } from "./open-ssh-server.ts";
import { type OpenSshPlace, withOpenSsh } from "./open-ssh-session.ts";

const test = suite("login to OpenSSH");

/** The key files people have, as ssh-keygen makes them. */
const kinds: Readonly<Record<string, { readonly passphrase?: string; readonly args: readonly string[] }>> = {
  ed25519: { args: ["-t", "ed25519"] },
  "ecdsa 256": { args: ["-t", "ecdsa", "-b", "256"] },
  "ecdsa 521": { args: ["-t", "ecdsa", "-b", "521"] },
  rsa: { args: ["-t", "rsa", "-b", "2048"] },
  "rsa in PEM": { args: ["-t", "rsa", "-b", "2048", "-m", "PEM"] },
  "encrypted ed25519": { passphrase: "canary one", args: ["-t", "ed25519"] },
  "encrypted rsa": { passphrase: "canary zwei ü", args: ["-t", "rsa", "-b", "2048"] },
  "encrypted rsa in PEM": { passphrase: "canary drei", args: ["-t", "rsa", "-b", "2048", "-m", "PEM"] },
};

for (const [kind, { passphrase, args }] of Object.entries(kinds)) {
  test(`key file: ${kind}`, () =>
    withOpenSsh([], async ({ server, session }) => {
      const key = keygen(server.folder, "id_test", passphrase, args);
      server.authorize(key.public);
      const given = passphrase === undefined ? {} : { passphrase: new Secret(passphrase) };
      const opened = await session({ privateKeyFile: key.file, ...given }).open();
      assert.ok(opened.ok, JSON.stringify(opened));
    }));
}

test("a key in encrypted PKCS #8 is refused with what to do", () =>
  withOpenSsh([], async ({ server, session }) => {
    const key = keygen(server.folder, "id_test", "canary", ["-t", "rsa", "-b", "2048", "-m", "PKCS8"]);
    const opened = await session({ privateKeyFile: key.file, passphrase: new Secret("canary") }).open();
    assert.ok(!opened.ok);
    assert.match(opened.failure.message, key.file);
    assert.match(opened.failure.next ?? "", "ssh-keygen -p");
  }));

test("a key the server does not know is refused, and said by name", () =>
  withOpenSsh([], async ({ server, session }) => {
    const stranger = keygen(server.folder, "id_stranger");
    const opened = await session({ privateKeyFile: stranger.file }).open();
    assert.ok(!opened.ok);
    assert.is(opened.failure.kind, "unreachable");
    assert.match(opened.failure.message, `refused: key ${stranger.file}; the server takes publickey`);
  }));

async function withAgent(body: (place: OpenSshPlace, agent: Agent) => Promise<void>): Promise<void> {
  await withOpenSsh([], async (place) => {
    const agent = await startAgent(place.server.folder);
    try {
      await body(place, agent);
    } finally {
      await agent.close();
    }
  });
}

for (const type of ["ed25519", "ecdsa", "rsa"]) {
  test(`a key in ssh-agent: ${type}`, () =>
    withAgent(async ({ server, session }, agent) => {
      const key = keygen(server.folder, "id_agent", "", ["-t", type]);
      server.authorize(key.public);
      agent.add(key.file);
      const opened = await session({ privateKeyFile: undefined, agentSocket: agent.socket }).open();
      assert.ok(opened.ok, JSON.stringify(opened));
    }));
}

test("an agent full of other keys does not keep the named key from being tried (MaxAuthTries is 6)", () =>
  withAgent(async ({ server, session }, agent) => {
    for (let index = 0; index < 8; index += 1) agent.add(keygen(server.folder, `other-${index}`).file);
    const opened = await session({ agentSocket: agent.socket }).open();
    assert.ok(opened.ok, JSON.stringify(opened));
  }));

/** An agent with other keys and the unlocked form of a key whose file is encrypted: the named file says which of the agent's keys to use. */
async function withLockedKey(body: (place: OpenSshPlace, agent: Agent, file: string) => Promise<void>): Promise<void> {
  await withAgent(async (place, agent) => {
    const { folder } = place.server;
    for (let index = 0; index < 8; index += 1) agent.add(keygen(folder, `other-${index}`).file);
    const unlocked = keygen(folder, "id_locked");
    place.server.authorize(unlocked.public);
    agent.add(unlocked.file);
    const file = path.join(folder, "id_work");
    renameSync(keygen(folder, "id_any", "nobody knows").file, file);
    renameSync(`${unlocked.file}.pub`, `${file}.pub`);
    chmodSync(`${file}.pub`, 0o600);
    await body(place, agent, file);
  });
}

test("an encrypted key file without a passphrase: the agent has it unlocked", () =>
  withLockedKey(async ({ session }, agent, file) => {
    const opened = await session({ privateKeyFile: file, agentSocket: agent.socket }).open();
    assert.ok(opened.ok, JSON.stringify(opened));
    const alone = await session({ privateKeyFile: file }).open();
    assert.ok(!alone.ok);
    assert.match(alone.failure.meaning ?? "", "the key is encrypted");
  }));

test("IdentitiesOnly: of the agent's keys only the named one is offered", () =>
  withLockedKey(async ({ space, session, server }, agent, file) => {
    const config = (identity: string) => space.file("config", `Host node1\n  IdentityFile ${identity}\n  IdentitiesOnly yes\n`);
    const named = { privateKeyFile: undefined, agentSocket: agent.socket };
    const opened = await session({ ...named, configFile: config(file) }).open();
    assert.ok(opened.ok, JSON.stringify(opened));
    const publicOnly = await session({ ...named, configFile: config(`${file}.pub`) }).open();
    assert.ok(publicOnly.ok, JSON.stringify(publicOnly));
    const stranger = keygen(server.folder, "id_stranger");
    const refused = await session({ ...named, configFile: config(stranger.file) }).open();
    assert.not(refused.ok);
  }));

test("no key fits and there is nothing else: the agent's word is part of the failure", () =>
  withOpenSsh([], async ({ session }) => {
    const opened = await session({ privateKeyFile: undefined, agentSocket: "/nowhere/agent.sock" }).open();
    assert.ok(!opened.ok);
    assert.match(opened.failure.message, "agent: ");
  }));

test.run();
