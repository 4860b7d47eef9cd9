import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { ServerHostKeyAlgorithm } from "ssh2";
import type { Failure } from "../../result.ts";
import type { Hop } from "./client-config.ts";
import {
  entriesFor,
  fingerprint,
  type HostKeyVerdict,
  judgeHostKey,
  type KnownHost,
  keyType,
  knownHostsName,
  parseKnownHosts,
} from "./known-hosts.ts";

/** Signature algorithms of the host key types that ssh2 speaks, best first (RFC 8332 for RSA). */
const ALGORITHMS: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"],
};

/** Decides about the key of one server. */
export interface HostKeyCheck {
  /** `algorithms.serverHostKey`: types that known_hosts has come first, so that the server shows the key we know. */
  readonly algorithms: readonly ServerHostKeyAlgorithm[];
  /** Whether to go on; when not, `failure` says why. */
  accept(key: Buffer): boolean;
  readonly failure: () => Failure | undefined;
  /** False after a changed key was let through (`StrictHostKeyChecking no`): no password is sent then, as OpenSSH does. */
  readonly mayTypePassword: () => boolean;
}

/** Reads the known_hosts files of a hop. Unreadable files count as empty: then the host is unknown and refused. */
export function checkHostKey(hop: Hop, doing: string, warn: (message: string) => void): HostKeyCheck {
  const name = knownHostsName(hop.alias ?? hop.address, hop.alias === undefined ? hop.port : 22);
  const about = entriesFor(
    hop.knownHostsFiles.flatMap((file) => read(file, warn)),
    name,
  );
  let failure: Failure | undefined;
  let mayTypePassword = true;
  return {
    algorithms: preferKnown(about),
    accept: (key) => {
      const verdict = judgeHostKey(about, keyType(key), key);
      if (verdict.kind === "known") return true;
      const shown = `${keyType(key)} ${fingerprint(key)}`;
      if (verdict.kind === "unknown" && hop.checking === "accept-new") {
        remember(hop, name, key);
        warn(`${doing}: unknown host key ${shown} accepted and remembered (StrictHostKeyChecking accept-new)`);
        return true;
      }
      if (verdict.kind !== "revoked" && hop.checking === "no") {
        warn(`${doing}: ${verdict.kind} host key ${shown} accepted unchecked (StrictHostKeyChecking no)`);
        mayTypePassword = verdict.kind === "unknown";
        return true;
      }
      failure = refusal(hop, name, doing, shown, verdict);
      return false;
    },
    failure: () => failure,
    mayTypePassword: () => mayTypePassword,
  };
}

function read(file: string, warn: (message: string) => void): readonly KnownHost[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  const { entries, unsupported } = parseKnownHosts(text, file);
  for (const line of unsupported) warn(`${file}:${line}: @cert-authority is not supported, the line is ignored`);
  return entries;
}

function preferKnown(about: readonly KnownHost[]): readonly ServerHostKeyAlgorithm[] {
  const known = new Set(about.filter((entry) => !entry.revoked).map((entry) => entry.type));
  const types = Object.keys(ALGORITHMS);
  const sorted = [...types.filter((type) => known.has(type)), ...types.filter((type) => !known.has(type))];
  return sorted.flatMap((type) => ALGORITHMS[type] ?? []);
}

function remember(hop: Hop, name: string, key: Buffer): void {
  const file = hop.knownHostsFiles[0];
  if (file === undefined) return;
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  appendFileSync(file, `${name} ${keyType(key)} ${key.toString("base64")}\n`, { mode: 0o600 });
}

function refusal(
  hop: Hop,
  name: string,
  doing: string,
  shown: string,
  verdict: Exclude<HostKeyVerdict, { kind: "known" }>,
): Failure {
  const scan = `ssh-keyscan ${hop.port === 22 ? "" : `-p ${hop.port} `}${hop.address} >> ${hop.knownHostsFiles[0]}`;
  switch (verdict.kind) {
    case "unknown":
      return {
        kind: "unreachable",
        doing,
        message:
          verdict.otherTypes.length === 0
            ? `the host key is not known: ${shown}`
            : `the host key is not known: ${shown} (known_hosts has only ${verdict.otherTypes.join(", ")})`,
        meaning: `no line for ${name} in ${hop.knownHostsFiles.join(", ")}`,
        next: `compare the fingerprint with the host's console, then: ${scan}`,
      };
    case "changed":
      return {
        kind: "unreachable",
        doing,
        message: `THE HOST KEY HAS CHANGED: the server shows ${shown}, but ${verdict.entry.file}:${verdict.entry.line} has another ${verdict.entry.type} key`,
        meaning: "somebody may be listening in between (a man in the middle), or the host was installed again",
        next: `only if the host was installed again: ssh-keygen -f ${verdict.entry.file} -R '${name}', then ${scan}`,
      };
    case "revoked":
      return {
        kind: "unreachable",
        doing,
        message: `THE HOST KEY IS REVOKED: the server shows ${shown}, which ${verdict.entry.file}:${verdict.entry.line} revokes`,
        meaning: "the key has been stolen or retired; whoever shows it may not be the host",
        next: "find out why the host still uses this key before connecting again",
      };
  }
}
