import { readAnswer } from "./answer.ts";
import type { Incoming } from "./exchange.ts";
import type { Controller, Credentials } from "./options.ts";

/** A session that a controller gave us. Times in milliseconds of the session's clock. */
export interface Token {
  readonly controller: Controller;
  readonly text: string;
  /** When to ask for a longer life: well before refreshTimeoutSeconds, after which the controller forgets the session. */
  readonly refreshAt: number;
  readonly expiresAt: number;
  /** When only a full login helps: maximumLifetimeSeconds counts from the login, not from the last refresh. */
  readonly endsAt: number;
}

/** Refresh at this part of the time allowed, and log in anew at this part of the maximum lifetime. */
const REFRESH_PART = 0.8;
const LIFETIME_PART = 0.95;

/** Body of aaaLogin. The password is unwrapped here, right before it leaves. */
export function loginBody(credentials: Extract<Credentials, { readonly kind: "password" }>): string {
  return JSON.stringify({ aaaUser: { attributes: { name: credentials.username, pwd: credentials.password.reveal() } } });
}

/** Body of aaaLogout. */
export function logoutBody(username: string): string {
  return JSON.stringify({ aaaUser: { attributes: { name: username } } });
}

/** The token in an answer of aaaLogin or aaaRefresh; undefined when there is none. `before` is the session that was prolonged. */
export function tokenFrom(incoming: Incoming, controller: Controller, now: number, before?: Token): Token | undefined {
  if (incoming.kind !== "answer" || incoming.status !== 200) return undefined;
  const attributes = readAnswer(incoming.body).objects.find(({ className }) => LOGIN_CLASSES.has(className))?.attributes;
  if (attributes?.token === undefined || attributes.token === "") return undefined;
  const timeout = seconds(attributes.refreshTimeoutSeconds, 600);
  const lifetime = seconds(attributes.maximumLifetimeSeconds, 86_400);
  return {
    controller,
    text: attributes.token,
    refreshAt: now + timeout * REFRESH_PART,
    expiresAt: now + timeout,
    endsAt: before?.endsAt ?? now + lifetime * LIFETIME_PART,
  };
}

const LOGIN_CLASSES: ReadonlySet<string> = new Set(["aaaLogin", "aaaRefresh"]);

function seconds(text: string | undefined, otherwise: number): number {
  const given = Number(text);
  return (given > 0 ? given : otherwise) * 1000;
}
