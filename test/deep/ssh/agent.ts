import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A real ssh-agent of its own. */
export interface Agent {
  readonly socket: string;
  add(keyFile: string): void;
  close(): Promise<void>;
}

/** Starts ssh-agent in the foreground, with its socket in a folder. */
export async function startAgent(folder: string): Promise<Agent> {
  const socket = path.join(folder, "agent.sock");
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
  while (!existsSync(socket)) {
    if (agent.exitCode !== null) throw new Error(`ssh-agent ended with ${agent.exitCode}`);
    await sleep(20);
  }
  return {
    socket,
    add: (keyFile) => execFileSync("ssh-add", ["-q", keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: "pipe" }),
    close: async () => {
      const ended = new Promise((resolve) => agent.once("exit", resolve));
      if (agent.kill()) await ended;
    },
  };
}
