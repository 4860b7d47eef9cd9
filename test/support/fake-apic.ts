import { mkdtempSync, rmSync } from "node:fs";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import { labCertificates } from "../../lab/certificates.ts";
import { classTable } from "../../runner/connect/apic/class-table.ts";
import { ownedRoot } from "../../runner/connect/apic/dn.ts";
import { isObject } from "../../runner/json.ts";

/** An object in the fake's tree. */
export interface FakeObject {
  readonly className: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What a test may answer in the place of the fake: a status with a body, or a connection that is cut. */
export type Interception = { readonly status: number; readonly body: string } | "reset" | undefined;

/** A request as the fake saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly cookie: string;
}

/**
 * A small APIC over real HTTPS that counts requests: login, trees, subtree queries, merge, delete, atomic transactions. It knows nothing of
 * classes beyond what it is told; the lab's simulator is the one that does.
 */
export interface FakeApic {
  readonly port: number;
  readonly ca: string;
  readonly tree: Map<string, FakeObject>;
  readonly requests: SeenRequest[];
  /** Tokens that are accepted now. Clearing it expires every session. */
  readonly tokens: Set<string>;
  /** Seconds that a login promises. */
  readonly lifetimes: { refreshTimeoutSeconds: string; maximumLifetimeSeconds: string };
  intercept: (request: SeenRequest) => Interception;
  /** Connections that were ever opened. */
  connections(): number;
  close(): Promise<void>;
}

export const FAKE_PASSWORD = "fake-apic-password";

/** Starts a fake on a free loopback port with a certificate of its own authority. */
export async function startFakeApic(objects: Readonly<Record<string, string>> = {}): Promise<FakeApic> {
  const directory = mkdtempSync(path.join(os.tmpdir(), "underlay-test-"));
  const certificates = await labCertificates(directory, []);
  rmSync(directory, { recursive: true });
  const seenRequests: SeenRequest[] = [];
  const state = {
    tree: new Map(Object.entries(objects).map(([dn, className]) => [dn, { className, attributes: { dn } }])),
    requests: seenRequests,
    tokens: new Set<string>(),
    lifetimes: { refreshTimeoutSeconds: "600", maximumLifetimeSeconds: "86400" },
    intercept: (_request: SeenRequest): Interception => undefined,
  };
  const server = https.createServer(certificates.server, (request, response) => {
    let body = "";
    request.on("data", (data: Buffer) => (body += data.toString()));
    request.on("end", () => {
      const seen = { method: request.method ?? "", path: request.url ?? "", body, cookie: request.headers.cookie ?? "" };
      state.requests.push(seen);
      const reply = fake.intercept(seen) ?? answer(fake, seen);
      if (reply === "reset") {
        request.socket.destroy();
        return;
      }
      response.writeHead(reply.status, { "Content-Type": reply.body.startsWith("<") ? "text/html" : "application/json" });
      response.end(reply.body);
    });
  });
  let connections = 0;
  server.on("secureConnection", () => connections++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const fake: FakeApic = {
    ...state,
    port: typeof address === "object" && address !== null ? address.port : 0,
    ca: certificates.ca,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}

/** An error answer as the APIC writes it. */
export function apicError(status: number, code: string, text: string): { readonly status: number; readonly body: string } {
  return { status, body: JSON.stringify({ totalCount: "1", imdata: [{ error: { attributes: { code, text } } }] }) };
}

function answer(fake: FakeApic, request: SeenRequest): { readonly status: number; readonly body: string } {
  const [pathOnly = "", query = ""] = request.path.split("?");
  if (pathOnly === "/api/aaaLogin.json") {
    if (!request.body.includes(JSON.stringify(FAKE_PASSWORD))) return apicError(401, "401", "User credential is incorrect");
    return session(fake);
  }
  const token = /APIC-cookie=([^;]+)/.exec(request.cookie)?.[1] ?? "";
  if (!fake.tokens.has(token) && !request.cookie.includes("APIC-Request-Signature")) {
    return apicError(403, "403", "Token was invalid (Error: Token timeout)");
  }
  if (pathOnly === "/api/aaaRefresh.json") return session(fake);
  if (pathOnly === "/api/aaaLogout.json") return list([]);
  const dn = pathOnly.replace(/^\/api\/(node\/)?mo\//, "").replace(/\.json$/, "");
  if (request.method === "POST") return post(fake, JSON.parse(request.body));
  const parameters = new URLSearchParams(query);
  const ofClass = /^\/api\/node\/class\/(?:(topology\/[^/]+\/[^/]+)\/)?(\w+)\.json$/.exec(pathOnly);
  if (ofClass !== null) {
    const found = [...fake.tree].filter(([at, { className }]) => className === ofClass[2] && at.startsWith(ofClass[1] ?? ""));
    return list(found.map(([at]) => nested(fake, at, parameters.has("rsp-subtree") ? ["*"] : [], true)));
  }
  if (parameters.get("query-target") === "subtree") {
    const classes = (parameters.get("target-subtree-class") ?? "").split(",");
    const found = [...fake.tree].filter(([at, { className }]) => below(at, dn) && classes.includes(className));
    return list(found.map(([at]) => nested(fake, at, [], true)));
  }
  return list(fake.tree.has(dn) ? [nested(fake, dn, parameters.get("rsp-subtree") === "full" ? ["*"] : [], true)] : []);
}

function session(fake: FakeApic): { readonly status: number; readonly body: string } {
  const token = `token-${fake.requests.length}`;
  fake.tokens.add(token);
  return list([{ aaaLogin: { attributes: { token, ...fake.lifetimes } } }]);
}

function list(imdata: readonly unknown[]): { readonly status: number; readonly body: string } {
  return { status: 200, body: JSON.stringify({ totalCount: String(imdata.length), imdata }) };
}

function below(dn: string, ancestor: string): boolean {
  return dn === ancestor || dn.startsWith(`${ancestor}/`);
}

/** Top objects carry `dn`; nested ones here carry `rn`, as most answers do. */
function nested(fake: FakeApic, dn: string, children: readonly string[], top: boolean): unknown {
  const object = fake.tree.get(dn);
  if (object === undefined) return {};
  const { dn: _dn, ...others } = object.attributes;
  const inner = children.length === 0 ? [] : [...fake.tree.keys()].filter((at) => parentOf(at) === dn);
  return {
    [object.className]: {
      attributes: top ? { ...others, dn } : { ...others, rn: dn.slice(parentOf(dn).length + 1) },
      ...(inner.length === 0 ? {} : { children: inner.map((at) => nested(fake, at, children, false)) }),
    },
  };
}

/** Parent by the longest known name: brackets may hold slashes. */
function parentOf(dn: string): string {
  let depth = 0;
  for (let index = dn.length - 1; index > 0; index--) {
    if (dn[index] === "]") depth++;
    else if (dn[index] === "[") depth--;
    else if (dn[index] === "/" && depth === 0) return dn.slice(0, index);
  }
  return "";
}

/** One transaction: the tree is changed only when every object in the body is accepted. */
function post(fake: FakeApic, body: unknown): { readonly status: number; readonly body: string } {
  const draft = new Map(fake.tree);
  const problem = merge(draft, body);
  if (problem !== undefined) return problem;
  fake.tree.clear();
  for (const [dn, object] of draft) fake.tree.set(dn, object);
  return list([]);
}

function merge(draft: Map<string, FakeObject>, body: unknown): { readonly status: number; readonly body: string } | undefined {
  if (!isObject(body)) return apicError(400, "400", "JSON parsing failed");
  for (const [className, content] of Object.entries(body)) {
    if (!isObject(content) || !isObject(content.attributes)) return apicError(400, "400", "incomplete node at line 1");
    const { dn, status, password: _password, ...given } = content.attributes;
    if (typeof dn !== "string") return apicError(400, "400", "no dn");
    const before = draft.get(dn);
    if (status === "deleted") {
      for (const at of [...draft.keys()]) if (below(at, dn)) draft.delete(at);
      continue;
    }
    const orphan = dn !== ownedRoot(dn) && !draft.has(parentOf(dn));
    if ((status === "modified" && before === undefined) || orphan) {
      return apicError(400, "102", `configured object ((Dn0)) not found Dn0=${dn}, `);
    }
    const texts = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
    const start = before?.attributes ?? { ...classTable[className]?.defaults, dn };
    draft.set(dn, { className, attributes: { ...start, ...texts } });
    const children: unknown[] = Array.isArray(content.children) ? content.children : [];
    for (const child of children) {
      const problem = merge(draft, child);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}
