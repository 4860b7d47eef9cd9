import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { closing } from "../close-server.ts";
import { type ApiAnswer, type ApiState, answer, isLogin } from "./api.ts";
import { webPage } from "./web-page.ts";

/** A request that reached a controller. */
export interface LoggedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** HTTP status; 0 when the connection was cut instead. */
  readonly status: number;
}

/** What a controller needs. */
export interface ControllerOptions {
  readonly id: number;
  readonly tls: { readonly key: string; readonly cert: string };
  readonly state: ApiState;
  readonly log: (request: LoggedRequest) => void;
}

/** A running controller. */
export interface Controller {
  readonly port: number;
  close(): Promise<void>;
}

/** Largest body that nginx lets through, in bytes. */
const BODY_LIMIT = 64 * 1024 * 1024;

/** Starts one controller on a loopback port; 0 lets the system choose. */
export async function startController(options: ControllerOptions, port: number): Promise<Controller> {
  const server = createServer({ key: options.tls.key, cert: options.tls.cert }, (request, response) => {
    void serve(options, request, response);
  });
  const close = closing(server);
  await listen(server, port);
  return {
    port: portOf(server),
    close,
  };
}

/** A loopback port on which nobody listens, for a controller that is down. */
export async function refusingPort(tls: ControllerOptions["tls"], port: number): Promise<number> {
  if (port !== 0) return port;
  const server = createServer(tls);
  await listen(server, 0);
  const found = portOf(server);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return found;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function serve(options: ControllerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { state, id, log } = options;
  const { method = "GET", url = "/" } = request;
  const body = await readBody(request);
  if (body === undefined && request.destroyed && !request.complete) return;
  if (!isLogin(url) && state.faults.due("reset")) {
    log({ method, path: url, status: 0 });
    request.socket.destroy();
    return;
  }
  if (state.faults.slowMs > 0) await wait(state.faults.slowMs);
  let reply: ApiAnswer;
  const isWrite = method === "POST" && !url.startsWith("/api/aaa");
  if (state.faults.outage.meets(isWrite) || state.faults.due("503")) reply = { kind: "page", status: 503 };
  else if (body === undefined) reply = { kind: "page", status: 413 };
  else reply = answer(state, id, { method, url, body, cookies: readCookies(request.headers.cookie) });
  if (isWrite && reply.status < 400) state.faults.outage.written();
  log({ method, path: url, status: reply.status });
  send(response, reply);
}

/** The whole body as text; undefined when it is too long or never ended. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request) {
      if (!Buffer.isBuffer(chunk)) continue;
      length += chunk.length;
      if (length <= BODY_LIMIT) chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return length > BODY_LIMIT ? undefined : Buffer.concat(chunks).toString("utf8");
}

function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const part of (header ?? "").split(";")) {
    const at = part.indexOf("=");
    if (at > 0) cookies.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  return cookies;
}

function send(response: ServerResponse, reply: ApiAnswer): void {
  const json = reply.kind === "json";
  const text = json ? JSON.stringify(reply.body) : webPage(reply.status);
  const cookie = json && reply.token !== undefined ? [`APIC-cookie=${reply.token}; path=/; HttpOnly; Secure`] : [];
  response.writeHead(reply.status, {
    "Content-Type": json ? "application/json" : "text/html",
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-cache, no-store",
    ...(cookie.length > 0 ? { "Set-Cookie": cookie } : {}),
  });
  response.end(text);
}
