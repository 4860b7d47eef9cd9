import type { Incoming } from "./exchange.ts";
import type { Controller, Credentials } from "./options.ts";
import { signatureCookie } from "./signature.ts";
import { loginBody, logoutBody, type Token, tokenFrom } from "./token.ts";

/** Sends one request and counts it under `kind`; nothing is repeated here. */
export type Send = (
  kind: string,
  controller: Controller,
  request: { readonly method: "GET" | "POST"; readonly path: string; readonly body: string; readonly cookie: string },
) => Promise<Incoming>;

/** A cookie that lets a request in, or the answer that refused one. */
export type Admission =
  | { readonly ok: true; readonly cookie: string }
  | { readonly ok: false; readonly doing: string; readonly incoming: Incoming };

/** Proves to a controller who is asking. */
export interface Authentication {
  /** The cookie for this request; logs in or prolongs the session when that is due. Parallel requests share one login. */
  admit(controller: Controller, method: string, path: string, body: string): Promise<Admission>;
  /** A controller refused this cookie (403). True when a new login may help. */
  refused(cookie: string): boolean;
  /** Ends the session, if there is one. */
  leave(): Promise<void>;
}

const LOGIN = "/api/aaaLogin.json";
const REFRESH = "/api/aaaRefresh.json";
const LOGOUT = "/api/aaaLogout.json";

/** The way that the credentials allow: a session by password (facts 1.1), or a signature on every request (facts 1.2). */
export function authentication(credentials: Credentials, send: Send, now: () => number): Authentication {
  if (credentials.kind === "password") return passwordSession(credentials, send, now);
  return {
    admit: async (_controller, method, path, body) => ({ ok: true, cookie: signatureCookie(credentials, method, path, body) }),
    refused: () => false,
    leave: async () => {},
  };
}

function passwordSession(
  credentials: Extract<Credentials, { readonly kind: "password" }>,
  send: Send,
  now: () => number,
): Authentication {
  let token: Token | undefined;
  let renewing: { readonly controller: Controller; readonly admission: Promise<Admission> } | undefined;
  /** A wrong password is not tried again: repeated failures can lock the user out (facts 1.1). */
  let wrong: Admission | undefined;

  /** A session belongs to the controller that gave it. */
  const usable = (controller: Controller): Token | undefined => {
    if (token === undefined || token.controller !== controller) return undefined;
    return now() < token.expiresAt && now() < token.endsAt ? token : undefined;
  };

  const login = async (controller: Controller): Promise<Admission> => {
    const incoming = await send("login", controller, {
      method: "POST",
      path: LOGIN,
      body: loginBody(credentials),
      cookie: "",
    });
    token = tokenFrom(incoming, controller, now());
    if (token !== undefined) return { ok: true, cookie: cookieOf(token) };
    const refusal: Admission = { ok: false, doing: `POST ${LOGIN}`, incoming };
    if (incoming.kind === "answer" && incoming.status === 401) wrong = refusal;
    return refusal;
  };

  const refresh = async (old: Token): Promise<Admission> => {
    const request = { method: "GET", path: REFRESH, body: "", cookie: cookieOf(old) } as const;
    const longer = tokenFrom(await send("refresh", old.controller, request), old.controller, now(), old);
    if (longer === undefined) return login(old.controller);
    token = longer;
    return { ok: true, cookie: cookieOf(longer) };
  };

  return {
    admit: async (controller) => {
      if (wrong !== undefined) return wrong;
      const held = usable(controller);
      if (held !== undefined && now() < held.refreshAt) return { ok: true, cookie: cookieOf(held) };
      if (renewing?.controller === controller) return renewing.admission;
      const admission = (held === undefined ? login(controller) : refresh(held)).finally(() => {
        if (renewing?.admission === admission) renewing = undefined;
      });
      renewing = { controller, admission };
      return admission;
    },
    refused: (cookie) => {
      if (token !== undefined && cookieOf(token) === cookie) token = undefined;
      return true;
    },
    leave: async () => {
      if (token === undefined) return;
      const { controller } = token;
      const request = { method: "POST", path: LOGOUT, body: logoutBody(credentials.username), cookie: cookieOf(token) } as const;
      token = undefined;
      await send("logout", controller, request);
    },
  };
}

function cookieOf(token: Token): string {
  return `APIC-cookie=${token.text}`;
}
