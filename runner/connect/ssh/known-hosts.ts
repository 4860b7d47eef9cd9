import { createHash, createHmac } from "node:crypto";

/** One usable line of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
export interface KnownHost {
  readonly file: string;
  readonly line: number;
  readonly revoked: boolean;
  /** Comma-separated patterns, or one hashed name `|1|salt|hash`. */
  readonly hosts: string;
  /** Key type, `ssh-ed25519`. */
  readonly type: string;
  /** The key, Base64. */
  readonly key: string;
}

/** What known_hosts says about the key a server showed. */
export type HostKeyVerdict =
  | { readonly kind: "known" }
  | { readonly kind: "unknown"; readonly otherTypes: readonly string[] }
  | { readonly kind: "changed"; readonly entry: KnownHost }
  | { readonly kind: "revoked"; readonly entry: KnownHost };

/** Reads a file's text. `unsupported` are the numbers of `@cert-authority` lines, which are left out. */
export function parseKnownHosts(
  text: string,
  file: string,
): { readonly entries: readonly KnownHost[]; readonly unsupported: readonly number[] } {
  const entries: KnownHost[] = [];
  const unsupported: number[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const line = index + 1;
    const words = raw.trim().split(/\s+/);
    if (raw.trim() === "" || raw.trim().startsWith("#")) continue;
    const marker = words[0]?.startsWith("@") ? words.shift() : undefined;
    if (marker === "@cert-authority") unsupported.push(line);
    const [hosts, type, key] = words;
    if (hosts === undefined || type === undefined || key === undefined) continue;
    if (marker === undefined || marker === "@revoked")
      entries.push({ file, line, revoked: marker !== undefined, hosts, type, key });
  }
  return { entries, unsupported };
}

/** The name a host has in known_hosts: `host`, or `[host]:port` when the port is not 22. */
export function knownHostsName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** The entries that are about this name. */
export function entriesFor(entries: readonly KnownHost[], name: string): readonly KnownHost[] {
  return entries.filter((entry) =>
    entry.hosts.startsWith("|") ? hashMatches(entry.hosts, name) : patternsMatch(entry.hosts, name),
  );
}

/** Judges a key by the entries about its host. A revoked key is refused whatever else is said about it. */
export function judgeHostKey(about: readonly KnownHost[], type: string, key: Buffer): HostKeyVerdict {
  const text = key.toString("base64");
  const revoked = about.find((entry) => entry.revoked && entry.key === text);
  if (revoked !== undefined) return { kind: "revoked", entry: revoked };
  const trusted = about.filter((entry) => !entry.revoked);
  if (trusted.some((entry) => entry.key === text)) return { kind: "known" };
  const other = trusted.find((entry) => entry.type === type);
  if (other !== undefined) return { kind: "changed", entry: other };
  return { kind: "unknown", otherTypes: [...new Set(trusted.map((entry) => entry.type))] };
}

/** Fingerprint as OpenSSH prints it: `SHA256:` and Base64 without padding. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** The type a public key names itself, its first string (RFC 4253, section 6.6). */
export function keyType(key: Buffer): string {
  return key.length < 4 ? "" : key.subarray(4, 4 + key.readUInt32BE(0)).toString("latin1");
}

function hashMatches(hashed: string, name: string): boolean {
  const [, version, salt, hash] = hashed.split("|");
  if (version !== "1" || salt === undefined || hash === undefined) return false;
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
}

/** A negated pattern that matches rules out the whole line (ssh_config(5), "PATTERNS"). */
function patternsMatch(patterns: string, name: string): boolean {
  const matched = patterns
    .toLowerCase()
    .split(",")
    .filter((pattern) => wildcard(pattern.replace(/^!/, "")).test(name));
  return matched.length > 0 && !matched.some((pattern) => pattern.startsWith("!"));
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[\\^$.+()|[\]{}]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`);
}
