import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** SSH keys and tokens of a lab directory. */
export interface LabKeys {
  /** Host key that all lab nodes show, OpenSSH text. */
  readonly hostKey: string;
  /** Its public line, `ssh-ed25519 AAAA…`. */
  readonly hostPublicKey: string;
  /** Path of the key that may log in to every node, mode 0600. */
  readonly clientKeyFile: string;
  readonly clientPublicKey: string;
  /** Bearer token of the Kubernetes API. */
  readonly token: string;
}

/** Keys of this lab directory, made at first use. Private ones have mode 0600. */
export async function labKeys(directory: string): Promise<LabKeys> {
  const host = await keyPair(path.join(directory, "ssh_host_ed25519_key"));
  const client = await keyPair(path.join(directory, "id_ed25519"));
  const tokenFile = path.join(directory, "token");
  if (!existsSync(tokenFile)) writeFileSync(tokenFile, randomBytes(24).toString("base64url"), { mode: 0o600 });
  return {
    hostKey: host.privateKey,
    hostPublicKey: host.publicKey,
    clientKeyFile: client.file,
    clientPublicKey: client.publicKey,
    token: readFileSync(tokenFile, "utf8"),
  };
}

async function keyPair(
  file: string,
): Promise<{ readonly file: string; readonly privateKey: string; readonly publicKey: string }> {
  if (!existsSync(file)) {
    const { makeSshKey } = await import("./ssh-key.ts");
    const pair = makeSshKey({ comment: "underlay-lab" });
    writeFileSync(file, pair.private, { mode: 0o600 });
    writeFileSync(`${file}.pub`, `${pair.public}\n`);
  }
  return { file, privateKey: readFileSync(file, "utf8"), publicKey: readFileSync(`${file}.pub`, "utf8").trim() };
}
