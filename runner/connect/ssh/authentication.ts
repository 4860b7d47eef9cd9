import { access, readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { AnyAuthMethod, ParsedKey } from "ssh2";
import { failed, ok, type Result } from "../../result.ts";
import type { Secret } from "../../secret.ts";
import { agentKey } from "./agent-key.ts";
import type { Hop } from "./client-config.ts";

/** One way of logging in, with the words a failure uses for it. */
export interface LoginAttempt {
  readonly label: string;
  readonly method: AnyAuthMethod;
  /** Sends a password to the server. */
  readonly password: boolean;
}

/** What there is to log in with. */
export interface Credentials {
  readonly agentSocket: string | undefined;
  readonly password: Secret | undefined;
  readonly passphrase: Secret | undefined;
}

/** OpenSSH's default key files, in its order. */
const DEFAULT_KEYS = ["id_rsa", "id_ecdsa", "id_ed25519"];

/**
 * The attempts for one hop: the keys that were named, then the agent's, then passwords. A named key comes before the agent's others,
 * because a server counts every key that is offered (sshd_config(5), MaxAuthTries: 6). OpenSSH's default names are tried only when
 * nothing was named.
 */
export async function loginAttempts(hop: Hop, credentials: Credentials, doing: string): Promise<Result<readonly LoginAttempt[]>> {
  const username = hop.user;
  const { password } = credentials;
  const agent = credentials.agentSocket === "" ? undefined : credentials.agentSocket;
  const attempts: LoginAttempt[] = [];
  for (const file of hop.identityFiles) {
    const attempt = await namedKey(hop, file, agent, credentials.passphrase, doing);
    if (!attempt.ok) return attempt;
    if (attempt.value !== undefined) attempts.push(attempt.value);
  }
  if (agent !== undefined && !hop.identitiesOnly) {
    attempts.push({ label: "agent", method: { type: "agent", username, agent }, password: false });
  }
  if (hop.identityFiles.length === 0 && password === undefined) attempts.push(...(await defaultKeys(username)));
  if (password !== undefined) {
    attempts.push(
      {
        label: "keyboard-interactive",
        method: {
          type: "keyboard-interactive",
          username,
          prompt: (_name, _instructions, _language, prompts, finish) => finish(prompts.map(() => password.reveal())),
        },
        password: true,
      },
      { label: "password", method: { type: "password", username, password: password.reveal() }, password: true },
    );
  }
  return ok(attempts);
}

/**
 * A key that was named. One that cannot be read by itself (encrypted, or only its public part is here) is looked for in the agent, by its
 * `.pub` file as OpenSSH does. Undefined: the agent is asked with all its keys anyway, and nothing more is known about this one.
 */
async function namedKey(
  hop: Hop,
  file: string,
  agent: string | undefined,
  passphrase: Secret | undefined,
  doing: string,
): Promise<Result<LoginAttempt | undefined>> {
  const username = hop.user;
  const key = await readKey(file, passphrase, doing);
  if (key.ok) return ok({ label: `key ${file}`, method: { type: "publickey", username, key: key.value }, password: false });
  if (agent === undefined) return key;
  const publicKey = await readPublicKey(file);
  if (publicKey !== undefined) {
    const method = { type: "agent", username, agent: await agentKey(agent, publicKey) } as const;
    return ok({ label: `the agent's key for ${file}`, method, password: false });
  }
  return hop.identitiesOnly || passphrase !== undefined ? key : ok(undefined);
}

async function defaultKeys(username: string): Promise<readonly LoginAttempt[]> {
  const attempts: LoginAttempt[] = [];
  for (const name of DEFAULT_KEYS) {
    const file = path.join(os.homedir(), ".ssh", name);
    const exists = await access(file).then(
      () => true,
      () => false,
    );
    if (!exists) continue;
    const key = await readKey(file, undefined, "");
    if (key.ok) attempts.push({ label: `key ${file}`, method: { type: "publickey", username, key: key.value }, password: false });
  }
  return attempts;
}

/** The public part of a key: the file itself, or the one with `.pub` beside it. */
async function readPublicKey(file: string): Promise<ParsedKey | undefined> {
  const { utils } = (await import("ssh2")).default;
  for (const name of [`${file}.pub`, file]) {
    const text = await readFile(name, "utf8").catch(() => "");
    const key = utils.parseKey(text);
    if (!(key instanceof Error) && !key.isPrivateKey()) return key;
  }
  return undefined;
}

/** Reads a private key (OpenSSH, PEM, PuTTY format), encrypted or not. */
async function readKey(file: string, passphrase: Secret | undefined, doing: string): Promise<Result<ParsedKey>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failed({
      kind: "unreachable",
      doing,
      message: `key file ${file} cannot be read: ${reason}`,
      next: "check the path and its permissions",
    });
  }
  const { utils } = (await import("ssh2")).default;
  const parsed = utils.parseKey(text, passphrase?.reveal());
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key instanceof Error)
    return failed({ kind: "unreachable", doing, ...unusable(file, key.message, passphrase !== undefined) });
  if (key === undefined || !key.isPrivateKey()) {
    return failed({
      kind: "unreachable",
      doing,
      message: `${file} holds no private key`,
      next: "name the private key, not the .pub file beside it",
    });
  }
  return ok(key);
}

/** ssh2's words for a bad key, with what they mean. They hold nothing of the key. */
function unusable(file: string, message: string, hasPassphrase: boolean): { message: string; meaning: string; next: string } {
  if (/no passphrase given/i.test(message)) {
    return {
      message: `key file ${file}: ${message}`,
      meaning: "the key is encrypted and the inventory has no passphrase for it",
      next: "give its passphrase as a secret in the inventory, or load the key into an agent (ssh-add)",
    };
  }
  if (/unsupported key format/i.test(message)) {
    return {
      message: `key file ${file}: ${message}`,
      meaning: "not a private key in OpenSSH, PEM (PKCS #1) or PuTTY format",
      next: `turn it into OpenSSH's format: ssh-keygen -p -f ${file}`,
    };
  }
  if (hasPassphrase) {
    return {
      message: `key file ${file}: ${message}`,
      meaning: "the passphrase is wrong, or the file is damaged",
      next: `try it by hand: ssh-keygen -y -f ${file}`,
    };
  }
  return {
    message: `key file ${file}: ${message}`,
    meaning: "the file is damaged, or its kind of key is not known here",
    next: `try it by hand: ssh-keygen -y -f ${file}`,
  };
}
