import type { Secret } from "../../secret.ts";

/** One controller of the cluster, as the inventory names it. */
export interface Controller {
  readonly name: string;
  /** Name or address without scheme; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Who is asking: a user with a password, or one whose certificate (aaaUserCert) signs every request (facts 1.2). */
export type Credentials =
  /** `username` may name its login domain: `apic:DOMAIN\user`. */
  | { readonly kind: "password"; readonly username: string; readonly password: Secret }
  /** `certificate` is the name of the aaaUserCert of that user, or its whole DN; `privateKey` is PEM text (RSA). */
  | { readonly kind: "certificate"; readonly username: string; readonly certificate: string; readonly privateKey: Secret };

/** How often and how patiently a request is repeated when repeating can help. Times in milliseconds. */
export interface RetrySettings {
  /** Repetitions after the first try. */
  readonly attempts: number;
  /** Wait before the first repetition; it doubles each time. Half of every wait is random, so that parallel requests spread. */
  readonly delayMs: number;
  readonly maxDelayMs: number;
}

/** Patience of mature clients (facts 1.8), shortened at the start: most 503 of a controller are its rate limit of one second. */
export const defaultRetry: RetrySettings = { attempts: 5, delayMs: 500, maxDelayMs: 15_000 };

/** What a session with a controller cluster needs to know. */
export interface ApicOptions {
  /** Tried in this order until one answers; then the session stays with it. */
  readonly controllers: readonly Controller[];
  readonly credentials: Credentials;
  /** PEM text of the authority that signed the controllers' certificates; undefined: the system's authorities. */
  readonly ca: string | undefined;
  /** False turns certificate checks off. Saying so out loud is the caller's duty. */
  readonly validateCertificates: boolean;
  /** Check mode: the session has no writer. */
  readonly check: boolean;
  readonly retry?: RetrySettings;
  /** Everything that must not show in a failure, besides the credentials themselves. Asked again for each failure, so it may grow. */
  readonly secrets?: Iterable<Secret>;
  /** Clock in milliseconds, for tests. */
  readonly now?: () => number;
}
