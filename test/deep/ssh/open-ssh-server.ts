import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A real OpenSSH server that a test has started, on a loopback port, with a folder of its own. */
export interface OpenSshServer {
  readonly port: number;
  readonly folder: string;
  /** Lines of sshd's log so far. */
  log(): readonly string[];
  /** Lets a public key log in as any user. */
  authorize(publicKey: string): void;
  /** Ends every session at once, without a word to the client, together with what runs in it. The server goes on. */
  killSessions(): void;
  /** A known_hosts line for each host key. */
  readonly knownHosts: Readonly<Record<"ed25519" | "ecdsa", string>>;
  close(): Promise<void>;
}

/** A key pair that ssh-keygen has made. */
export interface KeyFiles {
  readonly file: string;
  readonly public: string;
}

/** Makes a key pair with ssh-keygen. `args` are more of its options, such as `-m PEM`. */
export function keygen(folder: string, name: string, passphrase = "", args: readonly string[] = ["-t", "ed25519"]): KeyFiles {
  const file = path.join(folder, name);
  execFileSync("ssh-keygen", ["-q", ...args, "-N", passphrase, "-C", name, "-f", file]);
  return { file, public: readFileSync(`${file}.pub`, "utf8").trim() };
}

/**
 * Starts sshd. `settings` are lines of sshd_config that come first, and so win (sshd_config(5): the first value counts).
 * Without PAM and with nothing of the machine's own configuration.
 */
export async function startOpenSsh(settings: readonly string[] = []): Promise<OpenSshServer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "underlay-deep-ssh-"));
  chmodSync(folder, 0o755);
  mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const ed25519 = keygen(folder, "host_ed25519");
  const ecdsa = keygen(folder, "host_ecdsa", "", ["-t", "ecdsa"]);
  const keys = path.join(folder, "authorized_keys");
  writeFileSync(keys, "", { mode: 0o644 });
  const logFile = path.join(folder, "log");
  const port = await freePort();
  const config = path.join(folder, "sshd_config");
  writeFileSync(
    config,
    [
      ...settings,
      // Whatever root's shell on this machine reads at its start is no part of the tests.
      `SetEnv HOME=${folder}`,
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${ed25519.file}`,
      `HostKey ${ecdsa.file}`,
      `AuthorizedKeysFile ${keys}`,
      "PidFile none",
      "UsePAM no",
      "StrictModes no",
      "PermitRootLogin yes",
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "LogLevel VERBOSE",
      "",
    ].join("\n"),
  );
  const server = spawn("/usr/sbin/sshd", ["-D", "-f", config, "-E", logFile], { stdio: "ignore" });
  const log = () => readFileSync(logFile, "utf8").split("\n");
  await listening(server, port, log);
  return {
    port,
    folder,
    log,
    knownHosts: { ed25519: `[127.0.0.1]:${port} ${ed25519.public}\n`, ecdsa: `[127.0.0.1]:${port} ${ecdsa.public}\n` },
    authorize: (publicKey) => writeFileSync(keys, `${publicKey}\n`, { flag: "a" }),
    killSessions: () => killAll(descendants(server.pid)),
    close: async () => {
      killAll(descendants(server.pid));
      const ended = new Promise((resolve) => server.once("exit", resolve));
      if (server.exitCode === null && server.kill("SIGKILL")) await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("no free port");
  return address.port;
}

async function listening(server: ChildProcess, port: number, log: () => readonly string[]): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`sshd ended: ${log().join("\n")}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(socket.destroy() !== undefined));
      socket.once("error", () => resolve(false));
    });
    if (open) return;
    await sleep(20);
  }
}

/** Process ids below one, parents first. */
function descendants(pid: number | undefined): readonly number[] {
  if (pid === undefined) return [];
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const parent = parentOf(name);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (parent: number): number[] => (children.get(parent) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

/** Field 4 of proc(5)'s stat; undefined when the process has ended meanwhile. The name in field 2 may hold spaces and brackets. */
function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}

function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}
