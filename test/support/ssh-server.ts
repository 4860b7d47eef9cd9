import { connect, createServer, type Socket } from "node:net";
import ssh2, { type AuthContext, type ServerChannel } from "ssh2";

/** How a test's SSH server behaves. Everything has a default that says yes. */
export interface SshServerBehaviour {
  /** Private host keys, OpenSSH or PEM text. */
  readonly hostKeys: readonly string[];
  /** Decides a login; every login is accepted when left out. */
  readonly login?: (context: AuthContext) => void;
  /** Answers a command. `stdin` resolves at end of input. Not answering at all is a hang. */
  readonly command?: (call: ServerCall) => void;
  /** Channels that may be open at once; more are refused. */
  readonly maxSessions?: number;
}

/** A command that a server was sent. */
export interface ServerCall {
  readonly line: string;
  readonly channel: ServerChannel;
  /** How many commands came before, over all connections. */
  readonly index: number;
  /** All input, once it has ended. */
  readonly stdin: Promise<string>;
  answer(exitCode: number, stdout?: string, stderr?: string): void;
  /** Breaks the TCP connection. */
  drop(): void;
}

/** What a server saw. */
export interface SshTestServer {
  readonly port: number;
  readonly lines: readonly string[];
  connections(): number;
  /** Most channels that were open at once. */
  mostChannels(): number;
  close(): Promise<void>;
}

/** Starts an SSH server on a free loopback port. */
export async function startSshServer(behaviour: SshServerBehaviour): Promise<SshTestServer> {
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let open = 0;
  let most = 0;
  const server = new ssh2.Server({ hostKeys: [...behaviour.hostKeys] });
  server.on("connection", (connection) => {
    connections += 1;
    connection.on("error", () => connection.end());
    connection.on("authentication", (context) => (behaviour.login === undefined ? context.accept() : behaviour.login(context)));
    connection.on("request", (_accept, reject) => reject?.());
    connection.on("tcpip", (accept, reject, { destIP, destPort }) => forward(accept, reject, destIP, destPort));
    connection.on("session", (accept, reject) => {
      if (open >= (behaviour.maxSessions ?? 100)) return reject();
      open += 1;
      most = Math.max(most, open);
      const session = accept();
      session.on("close", () => (open -= 1));
      session.on("exec", (acceptExec, _reject, { command }) => {
        const channel = acceptExec();
        channel.on("error", () => {});
        const index = lines.push(command) - 1;
        let input = "";
        const stdin = new Promise<string>((resolve) => {
          channel.on("data", (chunk: Buffer) => (input += chunk.toString()));
          channel.on("end", () => resolve(input));
        });
        const answer: ServerCall["answer"] = (exitCode, stdout = "", stderr = "") => {
          channel.write(stdout);
          channel.stderr.write(stderr);
          channel.exit(exitCode);
          channel.end();
        };
        const call = {
          line: command,
          channel,
          index,
          stdin,
          answer,
          drop: () => sockets.forEach((socket) => void socket.destroy()),
        };
        if (behaviour.command === undefined) call.answer(0, "ok\n");
        else behaviour.command(call);
      });
    });
  });
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    server.injectSocket(socket);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    lines,
    connections: () => connections,
    mostChannels: () => most,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => listener.close(() => resolve()));
    },
  };
}

/** Direct-tcpip, as a jump host does (RFC 4254, section 7.2). */
function forward(accept: () => ServerChannel, reject: () => void, host: string, port: number): void {
  const target = connect(port, host);
  target.once("connect", () => {
    const channel = accept();
    channel.on("error", () => target.destroy());
    target.on("error", () => channel.close());
    channel.pipe(target).pipe(channel);
  });
  target.once("error", () => reject());
}
