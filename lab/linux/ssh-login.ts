import { timingSafeEqual } from "node:crypto";
import ssh2, { type AuthContext, type ParsedKey } from "ssh2";
import type { LabNode } from "../spec.ts";

/** Parses OpenSSH public key lines; one that cannot be read is a mistake of the caller. */
export function parseAuthorizedKeys(lines: readonly string[]): ParsedKey[] {
  return lines.map((line) => {
    const key = ssh2.utils.parseKey(line);
    if (key instanceof Error) throw new Error(`authorized key: ${key.message}`);
    return key;
  });
}

/** Decides a login as sshd would: the node's user and root with a key, the user also with the password that sudo asks for. */
export function decideLogin(context: AuthContext, node: LabNode, keys: readonly ParsedKey[]): void {
  const methods: ("publickey" | "password")[] = node.sudoPassword === undefined ? ["publickey"] : ["publickey", "password"];
  if (mayLogIn(context, node, keys)) context.accept();
  else context.reject(methods);
}

function mayLogIn(context: AuthContext, node: LabNode, keys: readonly ParsedKey[]): boolean {
  const isUser = context.username === node.user;
  if (context.method === "publickey") return (isUser || context.username === "root") && keyFits(context, keys);
  return (
    context.method === "password" && isUser && node.sudoPassword !== undefined && sameText(context.password, node.sudoPassword)
  );
}

type KeyContext = Extract<AuthContext, { method: "publickey" }>;

/** Without a signature the client only asks whether the key would do (RFC 4252, section 7). */
function keyFits(context: KeyContext, keys: readonly ParsedKey[]): boolean {
  const key = keys.find((candidate) => sameBytes(candidate.getPublicSSH(), context.key.data));
  if (key === undefined) return false;
  if (context.signature === undefined || context.blob === undefined) return true;
  return key.verify(context.blob, context.signature, context.hashAlgo) === true;
}

function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function sameText(a: string, b: string): boolean {
  return sameBytes(Buffer.from(a), Buffer.from(b));
}
