import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Secret } from "../../../runner/secret.ts";
import { startSshServer } from "../../support/ssh-server.ts";
import { knownHostsLine, makeKey, workspace } from "../../support/ssh-workspace.ts";

const test = suite("ssh config file");
const hostKey = makeKey();
const password = new Secret("canary-password");

/** Who logged in, on a server that takes everybody. */
async function startOpenServer() {
  const users: string[] = [];
  const server = await startSshServer({
    hostKeys: [hostKey.private],
    login: (context) => {
      users.push(context.username);
      context.accept();
    },
  });
  return { server, users };
}

test("HostName, Port, User and UserKnownHostsFile come from the config file; the inventory wins", async () => {
  const { server, users } = await startOpenServer();
  const space = workspace();
  const known = space.file("known", knownHostsLine(server.port, hostKey));
  space.file(
    "config",
    `Host node*\n  HostName 127.0.0.1\n  Port ${server.port}\n  User admin\n  UserKnownHostsFile ${known}\nHost *\n  User nobody\n`,
  );
  const nothing = { address: "node1", port: undefined, user: undefined, knownHostsFile: undefined };
  assert.ok((await space.session(0, nothing).open()).ok);
  assert.ok((await space.session(0, { ...nothing, user: "root" }).open()).ok);
  assert.equal(users, ["admin", "root"]);
  await space.close();
  await server.close();
});

test("ProxyJump, chained, through hosts of the config file", async () => {
  const inner = await startOpenServer();
  const outer = await startOpenServer();
  const target = await startOpenServer();
  const space = workspace();
  space.file("known_hosts", [inner, outer, target].map(({ server }) => knownHostsLine(server.port, hostKey)).join(""));
  space.file(
    "config",
    [
      `Host outer\n  HostName 127.0.0.1\n  Port ${outer.server.port}\n  User jump1`,
      `Host inner\n  HostName 127.0.0.1\n  Port ${inner.server.port}\n  User unused\n  ProxyJump outer`,
      `Host node1\n  ProxyJump jump2@inner\n`,
    ].join("\n"),
  );
  const session = space.session(target.server.port);
  const result = await session.connection().reader.run(["true"]);
  assert.ok(result.ok, JSON.stringify(result));
  assert.equal([outer.users, inner.users, target.users], [["jump1"], ["jump2"], ["underlay"]]);
  await space.close();
  for (const { server } of [inner, outer, target]) await server.close();
});

test("a ProxyJump in a circle, and a ProxyCommand, are refused by name", async () => {
  const space = workspace();
  space.file("config", "Host a\n  ProxyJump b\nHost b\n  ProxyJump a\nHost c\n  ProxyCommand nc %h %p\n");
  const circle = await space.session(22, { host: "a" }).open();
  assert.ok(!circle.ok && /more than 8 hosts/.test(circle.failure.message), JSON.stringify(circle));
  const command = await space.session(22, { host: "c" }).open();
  assert.ok(!command.ok && /ProxyCommand .* not supported/.test(command.failure.message));
  await space.close();
});

test("StrictHostKeyChecking accept-new remembers an unknown key and says so; a changed one is still refused", async () => {
  const { server } = await startOpenServer();
  const space = workspace();
  const known = space.file("known", "");
  space.file("config", "Host node1\n  StrictHostKeyChecking accept-new\n");
  assert.ok((await space.session(server.port, { knownHostsFile: known }).open()).ok);
  assert.is(readFileSync(known, "utf8"), knownHostsLine(server.port, hostKey));
  assert.match(space.warnings.join(), "accepted and remembered");
  const changed = space.file("changed", knownHostsLine(server.port, makeKey()));
  assert.not((await space.session(server.port, { knownHostsFile: changed }).open()).ok);
  await space.close();
  await server.close();
});

test("StrictHostKeyChecking no lets a changed key through, says so, and types no password", async () => {
  const tried: string[] = [];
  const server = await startSshServer({
    hostKeys: [hostKey.private],
    login: (context) => {
      tried.push(context.method);
      context.reject(["password"]);
    },
  });
  const space = workspace();
  space.file("config", "Host node1\n  StrictHostKeyChecking no\n");
  const knownHostsFile = space.file("changed", knownHostsLine(server.port, makeKey()));
  assert.not((await space.session(server.port, { knownHostsFile, password }).open()).ok);
  assert.match(space.warnings.join(), "changed host key");
  assert.equal(tried, ["none"]);
  await space.close();
  await server.close();
});

test.run();
