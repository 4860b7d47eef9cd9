import { type ApicError, answerBody, denied, errorBody, good, type Outcome, type WireAnswer, type WireObject } from "./answer.ts";
import type { InjectedFaults } from "./injected-fault.ts";
import { readIntents } from "./intent.ts";
import { checkLogin, loginAnswer, loginDomains, wrongPassword } from "./login.ts";
import type { ManagedTree } from "./managed-tree.ts";
import { modifiedObjects } from "./modified-answer.ts";
import { runQuery } from "./query.ts";
import { readUrl } from "./request-url.ts";
import type { Session, Sessions } from "./session.ts";
import { signedUser } from "./signature.ts";

/** A request as it came in. */
export interface ApiRequest {
  readonly method: string;
  /** Path and query exactly as sent. */
  readonly url: string;
  readonly body: string;
  readonly cookies: ReadonlyMap<string, string>;
}

/** What goes back: JSON of the API itself, or a page of the web server in front of it. */
export type ApiAnswer =
  | { readonly kind: "json"; readonly status: number; readonly body: WireAnswer; readonly token?: string }
  | { readonly kind: "page"; readonly status: 404 | 405 | 413 | 503 };

/** Everything the controllers share. */
export interface ApiState {
  readonly managed: ManagedTree;
  readonly sessions: Sessions;
  readonly faults: InjectedFaults;
  /** APIC release, `5.2(7f)`. */
  readonly release: string;
}

/** Answers one request to one controller (aci-objects 1). */
export function answer(state: ApiState, controllerId: number, request: ApiRequest): ApiAnswer {
  const read = readUrl(request.url);
  if (read.kind === "unknown") return { kind: "page", status: 404 };
  if (read.kind === "xml") {
    return refusal({ status: 400, code: "400", text: "XML is not spoken by the lab's APIC: ask for .json" });
  }
  const { target, query } = read;
  if (target.kind === "method") return methodAnswer(state, controllerId, request, target.name);
  const user = authenticate(state, request);
  if (!user.ok) return refusal(user.error);
  switch (request.method) {
    case "GET":
      return reply(runQuery(state.managed.tree, target, query));
    case "POST":
    case "DELETE":
      return target.kind === "mo" ? write(state, request, target.dn, query) : { kind: "page", status: 405 };
    default:
      return { kind: "page", status: 405 };
  }
}

function refusal(error: ApicError): ApiAnswer {
  return { kind: "json", status: error.status, body: errorBody(error) };
}

function reply(outcome: Outcome<WireAnswer>): ApiAnswer {
  return outcome.ok ? { kind: "json", status: 200, body: outcome.value } : refusal(outcome.error);
}

/** Id that local users write with; the lab has no need for more than one. */
const LOCAL_USER = "15374";

function write(state: ApiState, request: ApiRequest, dn: string, query: ReadonlyMap<string, string>): ApiAnswer {
  let done: ReturnType<ManagedTree["write"]>;
  if (request.method === "DELETE") done = state.managed.delete(dn, LOCAL_USER);
  else {
    const intents = readIntents(request.body, dn);
    if (!intents.ok) return refusal(intents.error);
    done = state.managed.write(intents.value, LOCAL_USER);
  }
  if (!done.ok) return refusal(done.error);
  const objects: readonly WireObject[] = query.get("rsp-subtree") === "modified" ? modifiedObjects(done.value) : [];
  return { kind: "json", status: state.faults.due("202") ? 202 : 200, body: answerBody(objects) };
}

function authenticate(state: ApiState, request: ApiRequest): Outcome<{ user: string; session: Session | undefined }> {
  const token = request.cookies.get("APIC-cookie") ?? request.cookies.get("APIC-Cookie");
  if (token !== undefined) {
    const session = state.sessions.use(token);
    return session === undefined
      ? denied(403, "Token was invalid (Error: Token timeout)")
      : good({ user: session.user, session });
  }
  const user = signedUser(state.managed.tree, request);
  if (user !== undefined) return good({ user, session: undefined });
  return denied(
    403,
    "Need a valid webtoken cookie (named APIC-Cookie) or a signed request with signature in the cookie APIC-Request-Signature for all REST API requests",
  );
}

function methodAnswer(state: ApiState, controllerId: number, request: ApiRequest, name: string): ApiAnswer {
  const expected = METHODS.get(name);
  if (expected === undefined) return { kind: "page", status: 404 };
  if (request.method !== expected) return { kind: "page", status: 405 };
  if (name === "aaaListDomains") return { kind: "json", status: 200, body: answerBody(loginDomains()) };
  if (name === "aaaLogin") {
    const user = state.faults.due("401") ? wrongPassword() : checkLogin(state.managed.tree, request.body);
    return user.ok ? welcome(state, state.sessions.open(user.value), controllerId) : refusal(user.error);
  }
  const known = authenticate(state, request);
  if (!known.ok) return refusal(known.error);
  const { user, session } = known.value;
  if (name === "aaaLogout") {
    if (session !== undefined) state.sessions.close(session);
    return { kind: "json", status: 200, body: answerBody([]) };
  }
  return welcome(state, session === undefined ? state.sessions.open(user) : state.sessions.refresh(session), controllerId);
}

/** The calls that are no objects, with their HTTP methods. */
const METHODS: ReadonlyMap<string, string> = new Map([
  ["aaaLogin", "POST"],
  ["aaaRefresh", "GET"],
  ["aaaLogout", "POST"],
  ["aaaListDomains", "GET"],
  ["webtokenSession", "GET"],
]);

function welcome({ release }: ApiState, session: Session, controllerId: number): ApiAnswer {
  return { kind: "json", status: 200, body: answerBody([loginAnswer(session, controllerId, release)]), token: session.token };
}

/** Whether a request is a login, which `apic.reset` leaves alone. */
export function isLogin(url: string): boolean {
  const read = readUrl(url);
  return read.kind === "api" && read.target.kind === "method" && read.target.name === "aaaLogin";
}
