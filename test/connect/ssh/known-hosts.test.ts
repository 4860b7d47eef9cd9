import { createHmac } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { entriesFor, judgeHostKey, keyType, knownHostsName, parseKnownHosts } from "../../../runner/connect/ssh/known-hosts.ts";
import { makeKey } from "../../support/ssh-workspace.ts";

const test = suite("known_hosts");

const key = makeKey();
const other = makeKey();
const ecdsa = makeKey("ecdsa");

function blob(publicLine: string): Buffer {
  return Buffer.from(publicLine.split(" ")[1] ?? "", "base64");
}

function hashed(name: string): string {
  const salt = Buffer.from("0123456789abcdefghij");
  return `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update(name).digest("base64")}`;
}

/** File text, host, port, and what is said about `key`. */
const cases: readonly (readonly [name: string, text: string, host: string, port: number, verdict: string])[] = [
  ["plain name", `node1 ${key.public}`, "node1", 22, "known"],
  ["name in capitals", `node1 ${key.public}`, "NODE1", 22, "known"],
  ["comma list", `node1,192.168.2.1 ${key.public}`, "192.168.2.1", 22, "known"],
  ["port in brackets", `[node1]:2222 ${key.public}`, "node1", 2222, "known"],
  ["port 22 line does not count for another port", `node1 ${key.public}`, "node1", 2222, "unknown"],
  ["wildcard", `*.example.com ${key.public}`, "node1.example.com", 22, "known"],
  ["question mark", `node? ${key.public}`, "node1", 22, "known"],
  ["dot is no wildcard", `node.1 ${key.public}`, "nodex1", 22, "unknown"],
  ["negated", `*,!node1 ${key.public}`, "node1", 22, "unknown"],
  ["negated for another", `*,!node1 ${key.public}`, "node2", 22, "known"],
  ["hashed", `${hashed("node1")} ${key.public}`, "node1", 22, "known"],
  ["hashed with port", `${hashed("[node1]:2222")} ${key.public}`, "node1", 2222, "known"],
  ["hashed, another host", `${hashed("node2")} ${key.public}`, "node1", 22, "unknown"],
  ["another key of the same type", `node1 ${other.public}`, "node1", 22, "changed"],
  ["several keys, one fits", `node1 ${other.public}\nnode1 ${key.public}`, "node1", 22, "known"],
  ["only another type", `node1 ${ecdsa.public}`, "node1", 22, "unknown"],
  ["revoked", `@revoked * ${key.public}`, "node1", 22, "revoked"],
  ["revoked wins over known", `node1 ${key.public}\n@revoked node1 ${key.public}`, "node1", 22, "revoked"],
  ["certificate authority is no host key", `@cert-authority * ${key.public}`, "node1", 22, "unknown"],
  ["comments, empty and broken lines", `# node1 ${key.public}\n\nnode1\n`, "node1", 22, "unknown"],
  ["trailing comment and carriage return", `node1 ${key.public} root@node1\r`, "node1", 22, "known"],
];

for (const [name, text, host, port, verdict] of cases) {
  test(name, () => {
    const about = entriesFor(parseKnownHosts(text, "known_hosts").entries, knownHostsName(host, port));
    const shown = blob(key.public);
    assert.is(judgeHostKey(about, keyType(shown), shown).kind, verdict);
  });
}

test("names file and line of the key that changed", () => {
  const about = entriesFor(parseKnownHosts(`# first\nnode1 ${other.public}`, "/x/known_hosts").entries, "node1");
  const verdict = judgeHostKey(about, "ssh-ed25519", blob(key.public));
  assert.is(verdict.kind, "changed");
  if (verdict.kind === "changed") assert.is(`${verdict.entry.file}:${verdict.entry.line}`, "/x/known_hosts:2");
});

test("says which lines it does not support", () => {
  assert.equal(parseKnownHosts(`node1 ${key.public}\n@cert-authority * ${key.public}`, "f").unsupported, [2]);
});

test.run();
