import { readFileSync } from "node:fs";
import { Client } from "ssh2";

/** Where and as whom. */
export interface BareTarget {
  readonly port: number;
  readonly user: string;
  readonly keyFile: string;
  /** The server's public key, base64 as in known_hosts. */
  readonly hostKey: string;
}

/**
 * The script that one would write instead, for one host: connect, check the host key, run all command lines at the same time, collect what
 * they print, disconnect.
 */
export async function bareCommands(target: BareTarget, lines: readonly string[]): Promise<readonly string[]> {
  const client = new Client();
  await new Promise<void>((resolve, reject) => {
    client.on("ready", resolve);
    client.on("error", reject);
    client.on("connect", () => client.setNoDelay(true));
    client.connect({
      host: "127.0.0.1",
      port: target.port,
      username: target.user,
      privateKey: readFileSync(target.keyFile),
      hostVerifier: (key: Buffer) => key.toString("base64") === target.hostKey,
    });
  });
  const printed = await Promise.all(lines.map((line) => output(client, line)));
  client.end();
  return printed;
}

function output(client: Client, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    client.exec(line, (error, channel) => {
      if (error !== undefined) return reject(error);
      const chunks: Buffer[] = [];
      channel.on("data", (chunk: Buffer) => chunks.push(chunk));
      channel.stderr.resume();
      channel.on("close", () => resolve(Buffer.concat(chunks).toString()));
      channel.end();
    });
  });
}
