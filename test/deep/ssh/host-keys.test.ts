import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { withOpenSsh } from "./open-ssh-session.ts";

const test = suite("host keys of OpenSSH");

/** Does what a failure advises, in a shell, as a person would paste it. */
function follow(advice: string): void {
  execFileSync("sh", ["-c", advice], { stdio: "pipe" });
}

test("an unknown host is refused; ssh-keyscan as advised makes it known", () =>
  withOpenSsh([], async ({ space, session }) => {
    space.file("known_hosts", "");
    const refused = await session().open();
    assert.ok(!refused.ok);
    assert.match(refused.failure.message, "the host key is not known: ssh-ed25519 SHA256:");
    follow(refused.failure.next?.split("then: ")[1] ?? "");
    const opened = await session().open();
    assert.ok(opened.ok, JSON.stringify(opened));
  }));

test("names hashed by ssh-keygen -H", () =>
  withOpenSsh([], async ({ space, server, session }) => {
    const file = space.file("known_hosts", server.knownHosts.ed25519);
    execFileSync("ssh-keygen", ["-q", "-H", "-f", file], { stdio: "pipe" });
    assert.match(readFileSync(file, "utf8"), /^\|1\|/);
    const opened = await session().open();
    assert.ok(opened.ok, JSON.stringify(opened));
  }));

test("a changed key is refused, hashed name or not; removing it as advised and scanning again lets us in", () =>
  withOpenSsh([], async ({ server, space, key, session }) => {
    const wrong = `[127.0.0.1]:${server.port} ${key.public}\n`;
    const file = space.file("known_hosts", wrong);
    execFileSync("ssh-keygen", ["-q", "-H", "-f", file], { stdio: "pipe" });
    const hashed = await session().open();
    assert.ok(!hashed.ok);
    assert.match(hashed.failure.message, "THE HOST KEY HAS CHANGED");
    space.file("known_hosts", wrong);
    const plain = await session().open();
    assert.ok(!plain.ok);
    assert.match(plain.failure.message, `${file}:1`);
    const [remove = "", scan = ""] = plain.failure.next?.split("installed again: ")[1]?.split(", then ") ?? [];
    follow(remove);
    follow(scan);
    const opened = await session().open();
    assert.ok(opened.ok, JSON.stringify(opened));
  }));

test("fingerprint as ssh-keygen -l shows it", () =>
  withOpenSsh([], async ({ server, space, session }) => {
    space.file("known_hosts", "");
    const refused = await session().open();
    const shown = execFileSync("ssh-keygen", ["-l", "-f", path.join(server.folder, "host_ed25519.pub")], { encoding: "utf8" });
    assert.ok(!refused.ok && refused.failure.message.includes(shown.split(" ")[1] ?? "?"));
  }));

test("accept-new writes a line that OpenSSH's own client reads", () =>
  withOpenSsh([], async ({ server, space, key, session }) => {
    const file = space.file("known_hosts", "");
    const configFile = space.file("config", "Host node1\n  StrictHostKeyChecking accept-new\n");
    assert.ok((await session({ configFile }).open()).ok);
    const options = ["-F", "none", "-o", `UserKnownHostsFile=${file}`, "-o", "StrictHostKeyChecking=yes", "-o", "BatchMode=yes"];
    const said = execFileSync("ssh", [...options, "-i", key.file, "-p", String(server.port), "root@127.0.0.1", "echo", "in"]);
    assert.is(said.toString(), "in\n");
  }));

test("the key type that known_hosts has is asked for, though the server has others", () =>
  withOpenSsh([], async ({ server, space, session }) => {
    space.file("known_hosts", server.knownHosts.ecdsa);
    const opened = await session().open();
    assert.ok(opened.ok, JSON.stringify(opened));
  }));

test.run();
