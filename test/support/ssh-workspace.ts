import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import ssh2 from "ssh2";
import { makeSshKey, type SshKeyPair } from "../../lab/ssh-key.ts";
import { jumpHosts } from "../../runner/connect/ssh/jump-hosts.ts";
import type { SshOptions } from "../../runner/connect/ssh/options.ts";
import { openSsh, type SshSession } from "../../runner/connect/ssh/session.ts";

/** Makes a key pair; an encrypted one when there is a passphrase. */
export function makeKey(type: "ed25519" | "ecdsa" = "ed25519", passphrase?: string): SshKeyPair {
  if (type === "ecdsa") return ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });
  return makeSshKey(passphrase === undefined ? {} : { passphrase });
}

/** A temporary folder with files, and sessions that are closed with it. */
export interface Workspace {
  /** Writes a file and gives its path. */
  file(name: string, content: string): string;
  /** A session with a server on loopback; what is given replaces the defaults. */
  session(port: number, options?: Partial<SshOptions>): SshSession;
  /** What was said aloud. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}

/** Makes a workspace. Its sessions read no file of the person who runs the tests. */
export function workspace(): Workspace {
  const directory = mkdtempSync(path.join(os.tmpdir(), "underlay-ssh-"));
  const sessions: SshSession[] = [];
  const warnings: string[] = [];
  const jumps = jumpHosts();
  return {
    warnings,
    file: (name, content) => {
      const file = path.join(directory, name);
      writeFileSync(file, content, { mode: 0o600 });
      return file;
    },
    session: (port, options) => {
      const session = openSsh(
        {
          host: "node1",
          address: "127.0.0.1",
          port,
          user: "underlay",
          become: false,
          knownHostsFile: path.join(directory, "known_hosts"),
          configFile: path.join(directory, "config"),
          check: false,
          secrets: [],
          warn: (message) => warnings.push(message),
          ...options,
        },
        jumps,
      );
      sessions.push(session);
      return session;
    },
    close: async () => {
      for (const session of sessions) await session.close();
      await jumps.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A known_hosts line for a server on loopback. */
export function knownHostsLine(port: number, key: SshKeyPair): string {
  return `[127.0.0.1]:${port} ${key.public}\n`;
}
