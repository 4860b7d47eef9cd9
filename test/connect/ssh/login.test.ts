import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:net";
import path from "node:path";
import ssh2, { type AuthContext } from "ssh2";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { SshKeyPair } from "../../../lab/ssh-key.ts";
import { Secret } from "../../../runner/secret.ts";
import { type SshTestServer, startSshServer } from "../../support/ssh-server.ts";
import { knownHostsLine, makeKey, type Workspace, workspace } from "../../support/ssh-workspace.ts";

const test = suite("ssh login");
const hostKey = makeKey();
const password = new Secret("canary-password");

interface Place {
  readonly server: SshTestServer;
  readonly space: Workspace;
  /** `user method` of every login that was tried. */
  readonly tried: readonly string[];
}

/** A server that takes one way of logging in. */
async function withLogin(
  takes: (context: AuthContext) => boolean,
  offers: readonly ("publickey" | "password" | "keyboard-interactive")[],
  body: (place: Place) => Promise<void>,
  hostKeys: readonly SshKeyPair[] = [hostKey],
): Promise<void> {
  const tried: string[] = [];
  const server = await startSshServer({
    hostKeys: hostKeys.map((key) => key.private),
    login: (context) => {
      tried.push(`${context.username} ${context.method}`);
      if (takes(context)) context.accept();
      else context.reject([...offers]);
    },
  });
  const space = workspace();
  space.file("known_hosts", knownHostsLine(server.port, hostKey));
  try {
    await body({ server, space, tried });
  } finally {
    await space.close();
    await server.close();
  }
}

/** Accepts one key, given by its public or private text, after checking the signature. */
function takesKey(text: string) {
  const known = ssh2.utils.parseKey(text);
  if (known instanceof Error) throw known;
  return (context: AuthContext) =>
    context.method === "publickey" &&
    context.key.data.equals(known.getPublicSSH()) &&
    (context.signature === undefined ||
      context.blob === undefined ||
      known.verify(context.blob, context.signature, context.hashAlgo) === true);
}

const takesPassword = (context: AuthContext) => context.method === "password" && context.password === "canary-password";

const key = makeKey();

test("key file", () =>
  withLogin(takesKey(key.public), ["publickey"], async ({ server, space }) => {
    const opened = await space.session(server.port, { privateKeyFile: space.file("id", key.private) }).open();
    assert.ok(opened.ok, JSON.stringify(opened));
  }));

test("key file in PEM format", () => {
  const pair = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  return withLogin(takesKey(pair.privateKey), ["publickey"], async ({ server, space }) => {
    const opened = await space.session(server.port, { privateKeyFile: space.file("id", pair.privateKey) }).open();
    assert.ok(opened.ok, JSON.stringify(opened));
  });
});

const locked = makeKey("ed25519", "canary-passphrase");

test("encrypted key file with its passphrase", () =>
  withLogin(takesKey(locked.public), ["publickey"], async ({ server, space }) => {
    const privateKeyFile = space.file("id", locked.private);
    const opened = await space.session(server.port, { privateKeyFile, passphrase: new Secret("canary-passphrase") }).open();
    assert.ok(opened.ok, JSON.stringify(opened));
  }));

test("encrypted key file with a wrong passphrase, or none: refused before anything is sent", () =>
  withLogin(takesKey(locked.public), ["publickey"], async ({ server, space, tried }) => {
    const privateKeyFile = space.file("id", locked.private);
    const wrong = await space.session(server.port, { privateKeyFile, passphrase: new Secret("canary-wrong") }).open();
    assert.not(wrong.ok);
    if (!wrong.ok) assert.match(wrong.failure.meaning ?? "", "passphrase is wrong");
    assert.not.match(JSON.stringify(wrong), "canary-wrong");
    const none = await space.session(server.port, { privateKeyFile }).open();
    if (!none.ok) assert.match(none.failure.meaning ?? "", "the key is encrypted");
    assert.equal(tried, []);
  }));

test("a key file that is not there, or is a public key", () =>
  withLogin(takesKey(key.public), ["publickey"], async ({ server, space }) => {
    const missing = await space.session(server.port, { privateKeyFile: "/nowhere/id" }).open();
    if (!missing.ok) assert.match(missing.failure.message, "/nowhere/id cannot be read");
    assert.not(missing.ok);
    const shared = await space.session(server.port, { privateKeyFile: space.file("id.pub", key.public) }).open();
    assert.not(shared.ok);
    if (!shared.ok) assert.match(shared.failure.message, "holds no private key");
  }));

test("password, and keyboard-interactive with the same one", async () => {
  await withLogin(takesPassword, ["password"], async ({ server, space }) => {
    assert.ok((await space.session(server.port, { password }).open()).ok);
  });
  const answers = (context: AuthContext) => {
    if (context.method !== "keyboard-interactive") return false;
    context.prompt([{ prompt: "Password: ", echo: false }], (given) => {
      if (given[0] === "canary-password") context.accept();
      else context.reject(["keyboard-interactive"]);
    });
    return undefined;
  };
  const server = await startSshServer({
    hostKeys: [hostKey.private],
    login: (context) => {
      if (answers(context) === false) context.reject(["keyboard-interactive"]);
    },
  });
  const space = workspace();
  space.file("known_hosts", knownHostsLine(server.port, hostKey));
  assert.ok((await space.session(server.port, { password }).open()).ok);
  await space.close();
  await server.close();
});

test("key file, then agent, then password", () =>
  withLogin(takesPassword, ["publickey", "password"], async ({ server, space, tried }) => {
    const socket = path.join(path.dirname(space.file("x", "")), "agent");
    const agent = createServer((connection) => {
      connection.on("data", () => connection.write(Buffer.from([0, 0, 0, 5, 12, 0, 0, 0, 0]))); // SSH_AGENT_IDENTITIES_ANSWER, none
    });
    await new Promise<void>((resolve) => agent.listen(socket, resolve));
    const session = space.session(server.port, {
      agentSocket: socket,
      privateKeyFile: space.file("id", key.private),
      password,
    });
    const opened = await session.open();
    assert.ok(opened.ok, JSON.stringify(opened));
    assert.equal(tried, ["underlay none", "underlay publickey", "underlay password"]);
    await new Promise((resolve) => agent.close(resolve));
  }));

test("refused: says what was tried and what the server takes, and no secret", () =>
  withLogin(
    () => false,
    ["publickey", "password"],
    async ({ server, space }) => {
      const session = space.session(server.port, {
        password: new Secret("canary-wrong"),
        privateKeyFile: space.file("id", key.private),
      });
      const opened = await session.open();
      assert.not(opened.ok);
      if (opened.ok) return;
      assert.is(opened.failure.kind, "unreachable");
      assert.match(opened.failure.message, /refused: key .*id, password; the server takes publickey, password/);
      assert.not.match(JSON.stringify(opened), "canary");
    },
  ));

test("unknown host: fingerprint and command, and no password sent", () =>
  withLogin(takesPassword, ["password"], async ({ server, space, tried }) => {
    const opened = await space.session(server.port, { password, knownHostsFile: space.file("empty", "") }).open();
    assert.not(opened.ok);
    if (opened.ok) return;
    assert.is(opened.failure.kind, "unreachable");
    assert.match(opened.failure.message, /SHA256:[A-Za-z0-9+/]{43}/);
    assert.match(opened.failure.next ?? "", `ssh-keyscan -p ${server.port} 127.0.0.1 >>`);
    assert.equal(tried, []);
  }));

test("changed host key: loud, with file and line", () =>
  withLogin(takesPassword, ["password"], async ({ server, space }) => {
    const file = space.file("other", `\n${knownHostsLine(server.port, makeKey())}`);
    const opened = await space.session(server.port, { password, knownHostsFile: file }).open();
    assert.not(opened.ok);
    if (!opened.ok) assert.match(opened.failure.message, new RegExp(`HOST KEY HAS CHANGED.*${file}:2`));
  }));

test("the server shows the key type that known_hosts has", () =>
  withLogin(
    takesPassword,
    ["password"],
    async ({ server, space }) => {
      const opened = await space.session(server.port, { password }).open();
      assert.ok(opened.ok, JSON.stringify(opened));
    },
    [makeKey("ecdsa"), hostKey],
  ));

test.run();
