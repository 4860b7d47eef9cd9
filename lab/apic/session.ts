import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Lifetimes as the APIC announces them, in seconds (aci-objects 1.1). */
export const REFRESH_TIMEOUT_S = 600;
export const MAXIMUM_LIFETIME_S = 86_400;

/** A logged-in user. */
export interface Session {
  readonly token: string;
  readonly user: string;
  readonly sessionId: string;
  readonly firstLogin: Date;
  /** Milliseconds since 1970 after which the token is refused. */
  readonly expires: number;
}

/** The tokens that the three controllers honour. They are not kept over a restart. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #now: () => number;
  #expireAfter: number | undefined;

  /** `expireAfter`: after that many requests the token is refused, once (fault `apic.token_expiry`). */
  constructor(expireAfter?: number, now: () => number = Date.now) {
    this.#expireAfter = expireAfter;
    this.#now = now;
  }

  /** A session for a user whose password was right. */
  open(user: string, firstLogin = new Date(), sessionId = randomBytes(16).toString("base64")): Session {
    const token = randomBytes(96).toString("base64");
    const expires = Math.min(this.#now() + REFRESH_TIMEOUT_S * 1000, firstLogin.getTime() + MAXIMUM_LIFETIME_S * 1000);
    const session = { token, user, sessionId, firstLogin, expires };
    this.#sessions.set(token, session);
    return session;
  }

  /** A new token for one that is still good; the old one stays good until its own time. */
  refresh(session: Session): Session {
    return this.open(session.user, session.firstLogin, session.sessionId);
  }

  /** Who a token belongs to; undefined when it is unknown or too old. Counts as a use. */
  use(token: string): Session | undefined {
    const session = this.#sessions.get(token);
    if (session === undefined || session.expires < this.#now()) {
      this.#sessions.delete(token);
      return undefined;
    }
    if (this.#expireAfter !== undefined && this.#expireAfter-- <= 0) {
      this.#expireAfter = undefined;
      this.#sessions.clear();
      return undefined;
    }
    return session;
  }

  /** Forgets a login with all its refreshed tokens; other logins of the same user go on. */
  close({ sessionId }: Session): void {
    for (const [token, session] of this.#sessions) if (session.sessionId === sessionId) this.#sessions.delete(token);
  }
}

/** Compares secrets without telling by the time taken where they differ. */
export function sameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
