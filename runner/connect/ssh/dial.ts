import type { Duplex } from "node:stream";
import type { AnyAuthMethod, Client } from "ssh2";
import { type Failure, failed, ok, type Result } from "../../result.ts";
import { mask } from "../../secret.ts";
import { loginAttempts } from "./authentication.ts";
import type { Hop } from "./client-config.ts";
import { checkHostKey } from "./host-key.ts";
import type { JumpHosts } from "./jump-hosts.ts";
import type { Dialled } from "./link.ts";
import type { SshOptions, SshTimeouts } from "./options.ts";

/** Connects and logs in, through every hop of the route. The jump hosts' connections stay open for others. */
export async function dial(
  route: readonly Hop[],
  options: SshOptions,
  timeouts: SshTimeouts,
  jumpHosts: JumpHosts,
): Promise<Dialled> {
  const own = route.at(-1);
  if (own === undefined) throw new Error("a route has at least one hop");
  const before = route.slice(0, -1);
  let through: Duplex | undefined;
  if (before.length > 0) {
    // A password is for the host itself, never for those on the way.
    const jump = await jumpHosts.reach(before, () => dial(before, { ...options, password: undefined }, timeouts, jumpHosts));
    if (!jump.ok) return jump;
    const stream = await forward(jump.link.client, own);
    if (!stream.ok) return { ok: false, failure: stream.failure, again: true };
    through = stream.value;
  }
  const logged = await logIn(own, through, options, timeouts);
  if (!logged.ok) return logged;
  const { client } = logged;
  let open = true;
  const close = () => {
    open = false;
    client.end();
  };
  client.on("close", close);
  return { ok: true, link: { client, isOpen: () => open, close } };
}

type LoggedIn = { readonly ok: true; readonly client: Client } | Extract<Dialled, { ok: false }>;

async function logIn(hop: Hop, through: Duplex | undefined, options: SshOptions, timeouts: SshTimeouts): Promise<LoggedIn> {
  const doing = nameOf(hop);
  const credentials = {
    agentSocket: options.agentSocket,
    password: options.password,
    // For jump hosts too: it never leaves this machine, and one key is often used for all.
    passphrase: options.passphrase,
  };
  const attempts = await loginAttempts(hop, credentials, doing);
  if (!attempts.ok) return { ok: false, failure: attempts.failure, again: false };
  const hostKey = checkHostKey(hop, doing, options.warn);
  const { Client: SshClient } = (await import("ssh2")).default;
  const client = new SshClient();
  const waiting = [...attempts.value];
  const tried: string[] = [];
  const remarks: string[] = [];
  let offered: readonly string[] = [];
  const next = (left: readonly string[] | null): AnyAuthMethod | false => {
    if (left !== null) offered = left;
    for (let attempt = waiting.shift(); attempt !== undefined; attempt = waiting.shift()) {
      const wireName = attempt.method.type === "agent" ? "publickey" : attempt.method.type;
      if (left !== null && !left.includes(wireName)) continue;
      if (attempt.password && !hostKey.mayTypePassword()) continue;
      tried.push(attempt.label);
      return attempt.method;
    }
    return false;
  };
  // The first request asks which methods the server takes (RFC 4252, section 5.2), so that none is tried in vain.
  const probe: AnyAuthMethod = { type: "none", username: hop.user };
  return new Promise<LoggedIn>((resolve) => {
    const lost = (message: string, again: boolean, words: Partial<Failure> = {}) => {
      resolve({
        ok: false,
        again,
        failure: hostKey.failure() ?? { kind: "unreachable", doing, message: mask(message, options.secrets), ...words },
      });
      client.end();
    };
    client.on("error", (error) => {
      if (error.level === "agent") remarks.push(`agent: ${error.message}`);
      else if (error.level === "client-authentication")
        lost(loginRefused(hop, tried, offered, remarks), false, loginWords(hop, offered));
      else lost(error.message, hostKey.failure() === undefined, reachWords(hop, error.message));
    });
    client.on("close", () => lost("the server closed the connection during the handshake", true));
    // A command is a handful of small packets: with Nagle's algorithm each would wait for the acknowledgement of the one before.
    client.on("connect", () => client.setNoDelay(true));
    client.on("ready", () => resolve({ ok: true, client }));
    client.connect({
      host: hop.address,
      port: hop.port,
      username: hop.user,
      ...(through === undefined ? {} : { sock: through }),
      readyTimeout: timeouts.connect,
      keepaliveInterval: timeouts.keepalive,
      keepaliveCountMax: 3,
      hostVerifier: (key: Buffer) => hostKey.accept(key),
      algorithms: { serverHostKey: [...hostKey.algorithms] },
      authHandler: (left) => (left === null ? probe : next(left)),
    });
  });
}

function forward(client: Client, hop: Hop): Promise<Result<Duplex>> {
  return new Promise((resolve) => {
    const refuse = (error: unknown) =>
      resolve(
        failed({
          kind: "unreachable",
          doing: nameOf(hop),
          message: `the jump host cannot reach it: ${error instanceof Error ? error.message : String(error)}`,
          next: "check the address, and AllowTcpForwarding on the jump host",
        }),
      );
    try {
      client.forwardOut("127.0.0.1", 0, hop.address, hop.port, (error, stream) => {
        if (error === undefined) resolve(ok(stream));
        else refuse(error);
      });
    } catch (error) {
      refuse(error); // The jump host's connection has gone this very moment.
    }
  });
}

/** `ssh admin@192.168.2.1:22`. */
export function nameOf(hop: Hop): string {
  return `ssh ${hop.user}@${hop.address.includes(":") ? `[${hop.address}]` : hop.address}:${hop.port}`;
}

function loginRefused(hop: Hop, tried: readonly string[], offered: readonly string[], remarks: readonly string[]): string {
  const what = tried.length === 0 ? "there was nothing to log in with" : `refused: ${tried.join(", ")}`;
  const extra = remarks.length === 0 ? "" : `; ${remarks.join("; ")}`;
  return `login as ${hop.user} failed; ${what}; the server takes ${offered.join(", ")}${extra}`;
}

function loginWords(hop: Hop, offered: readonly string[]): Partial<Failure> {
  return {
    meaning: `wrong user, key or password for ${hop.address}`,
    next: offered.includes("password")
      ? `try it by hand: ssh -p ${hop.port} ${hop.user}@${hop.address}`
      : "name a key (ansible_ssh_private_key_file) or start an agent: this server takes no password",
  };
}

function reachWords(hop: Hop, message: string): Partial<Failure> {
  if (message.includes("ECONNREFUSED")) {
    return {
      meaning: "the host is up, but no SSH server listens there",
      next: `check the port (${hop.port}) and sshd on the host`,
    };
  }
  if (/ENOTFOUND|EAI_AGAIN/.test(message)) {
    return { meaning: "the name has no address", next: "set ansible_host in the inventory, or correct the name" };
  }
  if (/Timed out|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/.test(message)) {
    return { meaning: "nothing answers at this address", next: `check power, cabling and routing: ping ${hop.address}` };
  }
  if (/before handshake|ECONNRESET/.test(message)) {
    return {
      meaning:
        "the connection was closed before SSH began: the host is starting or stopping, sshd refuses more, or a firewall cut in",
      next: `look at the log of sshd on the host, then try: ssh -p ${hop.port} ${hop.address}`,
    };
  }
  return {};
}
