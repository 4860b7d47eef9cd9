import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { closing } from "../../close-server.ts";
import { answer, refusal } from "./answer.ts";
import { createExecServer, type ExecPrograms, type ExecServer, type Upgrade } from "./exec.ts";
import type { KubeFaults } from "./faults.ts";
import { type Api, type ApiRequest, findTarget, type Reply } from "./request.ts";
import { badRequest, noSuchPath, refuse } from "./status.ts";
import { watch } from "./watch.ts";

/** How the API is reached. */
export interface ServerOptions {
  readonly tls: { readonly key: string; readonly cert: string };
  /** Bearer token that every request must carry. */
  readonly token: string;
  readonly faults: KubeFaults;
  /** What runs in containers. */
  readonly exec: ExecPrograms;
  /** 0 or undefined: any free port. */
  readonly port: number | undefined;
}

/** A running API. */
export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves the API over HTTPS on loopback. */
export async function startServer(api: Api, options: ServerOptions): Promise<RunningServer> {
  const server = createServer({ key: options.tls.key, cert: options.tls.cert }, (request, response) => {
    // A client that goes away in the middle is not an error of the API.
    request.on("error", () => response.destroy());
    void handle(api, options, request, response);
  });
  // Clients keep connections for reuse; one that is closed under them is a spurious failure.
  server.keepAliveTimeout = 120_000;
  const programs = createExecServer(api, options.exec);
  server.on("upgrade", (incoming, socket, head) => void upgrade(options, programs, { incoming, socket, head }));
  const close = closing(server);
  server.on("connection", (socket) => {
    if (options.faults.refuseConnection() && socket instanceof Socket) socket.resetAndDestroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  return {
    port: portOf(server.address()),
    close: () => {
      programs.close();
      return close();
    },
  };
}

function portOf(address: string | AddressInfo | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function handle(api: Api, options: ServerOptions, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    if (options.faults.delay > 0) await sleep(options.faults.delay);
    const denied = refusedAtTheDoor(options, incoming);
    if (denied !== undefined) return send(response, denied);
    const request = requestOf(incoming, Buffer.concat(chunks));
    const { query } = request;
    const writes = isWrite(request);
    if (options.faults.outage.meets(writes)) return void incoming.socket.destroy();
    if (request.method === "GET" && query.get("watch") !== null && query.get("watch") !== "false") {
      const target = findTarget(request.path, api.resources());
      const started = target === undefined ? noSuchPath() : watch(api, target, request, response);
      if (!started.ok) send(response, refusal(started));
      return;
    }
    send(response, await answer(api, request));
    if (writes) options.faults.outage.written();
  } catch (error) {
    // The client went away in the middle of its request: nobody is there to be answered.
    if (incoming.errored !== null || response.destroyed) return void response.destroy();
    // A bug of the lab: shown to the client, as a real API server shows a panic.
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    send(response, refusal(error instanceof URIError ? badRequest("malformed path") : refuse(500, "InternalError", text)));
  }
}

/** A request to switch protocols: exec. What is refused is answered as any request is. */
async function upgrade(options: ServerOptions, programs: ExecServer, request: Upgrade): Promise<void> {
  const { incoming, socket } = request;
  socket.on("error", () => socket.destroy());
  if (options.faults.delay > 0) await sleep(options.faults.delay);
  if (options.faults.outage.meets(false)) return void socket.destroy();
  const denied = refusedAtTheDoor(options, incoming);
  if (denied !== undefined) return refuseUpgrade(socket, denied);
  try {
    const started = programs.serve(requestOf(incoming, Buffer.alloc(0)), request);
    if (!started.ok) refuseUpgrade(socket, refusal(started));
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    refuseUpgrade(socket, refusal(refuse(500, "InternalError", text)));
  }
}

function refuseUpgrade(socket: Duplex, reply: Reply): void {
  const body = JSON.stringify(reply.body);
  const fields = ["content-type: application/json", `content-length: ${Buffer.byteLength(body)}`, "connection: close"];
  socket.end([`HTTP/1.1 ${reply.code} ${STATUS_CODES[reply.code] ?? ""}`, ...fields, "", body].join("\r\n"));
}

function refusedAtTheDoor(options: ServerOptions, incoming: IncomingMessage): Reply | undefined {
  const fault = options.faults.answerWith();
  if (fault === 503) return refusal(refuse(503, "ServiceUnavailable", "the server is currently unable to handle the request"));
  if (fault === 401 || incoming.headers.authorization !== `Bearer ${options.token}`) {
    return refusal(refuse(401, "Unauthorized", "Unauthorized"));
  }
  return undefined;
}

/** Changes something: neither a question in the form of a POST (`kubectl auth can-i`) nor a dry run. */
function isWrite({ method, path, query }: ApiRequest): boolean {
  return method !== "GET" && query.get("dryRun") === null && !/\/(self)?subject|\/tokenreviews/.test(path);
}

function requestOf(incoming: IncomingMessage, body: Buffer): ApiRequest {
  const url = new URL(incoming.url ?? "/", "https://kubernetes");
  return {
    method: incoming.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    accept: incoming.headers.accept ?? "",
    contentType: (incoming.headers["content-type"] ?? "").split(";")[0]?.trim() ?? "",
    userAgent: incoming.headers["user-agent"] ?? "unknown",
    body,
  };
}

function send(response: ServerResponse, reply: Reply): void {
  // An error in the middle of a watch: the stream ends, and the client starts another.
  if (response.headersSent) return void response.end();
  const text = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
  const warnings = (reply.warnings ?? []).map((warning) => `299 - ${JSON.stringify(warning)}`);
  response.writeHead(reply.code, {
    "content-type": reply.contentType ?? "application/json",
    "content-length": Buffer.byteLength(text),
    ...(warnings.length === 0 ? {} : { warning: warnings.join(", ") }),
  });
  response.end(text);
}
