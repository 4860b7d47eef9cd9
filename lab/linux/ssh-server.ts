import { createServer, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import ssh2, { type Connection, type ParsedKey, type ServerChannel, type Session } from "ssh2";
import { channelInput } from "./channel-input.ts";
import type { Call, Output } from "./command.ts";
import type { NodeFaults } from "./faults.ts";
import { isOn, isReachable, type Machine } from "./machine.ts";
import { runLine } from "./run-line.ts";
import { decideLogin } from "./ssh-login.ts";

/** sshd_config(5), MaxSessions. */
const MAX_SESSIONS = 10;
/** Milliseconds a connection hangs before it breaks, once the node cannot be reached. */
const HANGING = 300;

/** A node's SSH server. */
export interface NodeServer {
  readonly port: number;
  /** To be called when the node's network has changed: cuts connections when it can no longer be reached. */
  recheck(): void;
  close(): Promise<void>;
}

/** What all servers share. */
export interface ServerOptions {
  readonly hostKey: string;
  readonly keys: readonly ParsedKey[];
  readonly faults: NodeFaults;
  readonly port: number;
  readonly sleep: Call["sleep"];
}

/** Listens on a loopback port for one node. */
export async function serveNode(machine: Machine, options: ServerOptions): Promise<NodeServer> {
  const sockets = new Set<Socket>();
  const cut = () => !isReachable(machine);
  const ssh = new ssh2.Server({ hostKeys: [options.hostKey], ident: "underlay-lab" });
  ssh.on("connection", (connection: Connection) => serveConnection(connection, machine, options));
  const listener = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    if (cut()) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    ssh.injectSocket(socket);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(options.port, "127.0.0.1", resolve);
  });
  const address = listener.address();
  const hanging = new Set<NodeJS.Timeout>();
  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
    recheck() {
      if (!cut()) return;
      if (!isOn(machine)) {
        for (const socket of sockets) socket.destroy();
        return;
      }
      for (const socket of sockets) socket.pause();
      const timer = setTimeout(() => {
        hanging.delete(timer);
        for (const socket of sockets) cut() ? socket.destroy() : socket.resume();
      }, HANGING);
      hanging.add(timer);
    },
    async close() {
      for (const timer of hanging) clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}

function serveConnection(connection: Connection, machine: Machine, options: ServerOptions): void {
  const session: Call["session"] = { authenticatedUntil: 0 };
  let user = "";
  let open = 0;
  connection.on("error", () => connection.end());
  connection.on("authentication", (context) => {
    user = context.username;
    decideLogin(context, machine.spec, options.keys);
  });
  connection.on("session", (accept, reject) => {
    if (open >= MAX_SESSIONS) return reject();
    open += 1;
    const opened = accept();
    opened.on("close", () => (open -= 1));
    serveSession(opened, async (line, channel) => {
      const input = channelInput(channel);
      await options.sleep(options.faults.delay());
      const say = (text: string) => channel.stderr.write(text);
      const output = await runLine({ machine, user, input, session, say, sleep: options.sleep }, line);
      if (options.faults.dropsNow()) connection.end();
      else await deliver(machine, channel, output);
    });
  });
}

function serveSession(session: Session, run: (line: string, channel: ServerChannel) => Promise<void>): void {
  session.on("pty", (accept) => accept?.());
  session.on("env", (_accept, reject) => reject?.());
  session.on("exec", (accept, _reject, { command }) => {
    const channel = accept();
    channel.on("error", () => channel.close());
    void run(command, channel);
  });
  session.on("shell", (accept) => {
    const channel = accept();
    channel.write("A lab node runs commands and has no login shell: ssh … ip address\r\n");
    channel.exit(1);
    channel.end();
  });
}

/** Sends what a command gave, unless the network that the command left behind does not carry it. */
async function deliver(machine: Machine, channel: ServerChannel, output: Output): Promise<void> {
  if (!isReachable(machine)) await wait(HANGING * 2);
  if (channel.destroyed) return;
  channel.write(output.stdout);
  channel.stderr.write(output.stderr);
  channel.exit(output.exitCode);
  channel.end();
}
