import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { PodOutput, PodProgram } from "../../parts.ts";
import { programOf } from "./exec-target.ts";
import { type Api, type ApiRequest, findTarget } from "./request.ts";
import { badRequest, noSuchPath, type Outcome } from "./status.ts";

/** Sub-protocols of remotecommand over WebSocket, best first; they differ in how a client closes its input, which is not read here. */
const PROTOCOLS: readonly string[] = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

/** First byte of a message: which stream its rest belongs to. */
const CHANNEL = { stdout: 1, stderr: 2, status: 3 } as const;

/** Milliseconds that a client has to answer the close of a finished program. */
const CLOSING = 2000;

/** Runs a program in a container. */
export type ExecPrograms = (program: PodProgram) => PodOutput;

/** A request to switch protocols, as node hands it over. */
export interface Upgrade {
  readonly incoming: IncomingMessage;
  readonly socket: Duplex;
  /** What the client sent after the request's head. */
  readonly head: Buffer;
}

/** What is served over WebSocket: `kubectl exec` without a terminal and without input. */
export interface ExecServer {
  /** Takes the connection over; when it is refused the caller still has to answer. */
  serve(request: ApiRequest, upgrade: Upgrade): Outcome<void>;
  /** Ends the connections that are open. */
  close(): void;
}

/** Serves `pods/NAME/exec` (Kubernetes' remotecommand sub-protocols; KEP-4006). SPDY, which kubectl tries after a refusal, is not spoken. */
export function createExecServer(api: Api, run: ExecPrograms): ExecServer {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => PROTOCOLS.find((name) => offered.has(name)) ?? false,
  });
  return {
    serve(request, { incoming, socket, head }) {
      const target = findTarget(request.path, api.resources());
      if (target?.resource.kind !== "Pod" || target.subresource !== "exec") return noSuchPath();
      const program = programOf(api, target, request);
      if (!program.ok) return program;
      if (!offers(incoming)) return badRequest(`unable to upgrade: only ${PROTOCOLS.join(" and ")} are spoken`);
      sockets.handleUpgrade(incoming, socket, head, (client) => tell(client, request, run(program.value)));
      return { ok: true, value: undefined };
    },
    close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}

function offers({ headers }: IncomingMessage): boolean {
  const offered = (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  return headers.upgrade?.toLowerCase() === "websocket" && PROTOCOLS.some((name) => offered.includes(name));
}

function tell(client: WebSocket, { query }: ApiRequest, output: PodOutput): void {
  const send = (channel: number, text: string) => client.send(Buffer.concat([Buffer.of(channel), Buffer.from(text)]));
  // A client that goes away in the middle is not an error of the API.
  client.on("error", () => client.terminate());
  for (const stream of ["stdout", "stderr"] as const) {
    if (query.get(stream) === "true" && output[stream] !== "") send(CHANNEL[stream], output[stream]);
  }
  send(CHANNEL.status, JSON.stringify(exitStatus(output.exitCode)));
  client.close(1000);
  const timer = setTimeout(() => client.terminate(), CLOSING).unref();
  client.on("close", () => clearTimeout(timer));
}

/** The metav1.Status that carries a program's exit code. */
function exitStatus(code: number) {
  if (code === 0) return { metadata: {}, status: "Success" };
  return {
    metadata: {},
    status: "Failure",
    message: `command terminated with non-zero exit code: exit status ${code}`,
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: String(code) }] },
  };
}
