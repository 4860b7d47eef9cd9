import { setTimeout as sleep } from "node:timers/promises";
import type { Incoming } from "./exchange.ts";
import { isCertificateError } from "./failure.ts";
import type { RetrySettings } from "./options.ts";

/**
 * What an answer asks for. `done`: use it. `denied`: the session is not valid (403). `down`: this controller is out of service, ask
 * another one now. `busy`: ask again after a while. `refused`: asking again gives the same answer.
 */
export type Verdict = "done" | "denied" | "down" | "busy" | "refused";

/** A connection that was open and broke: often only a kept-alive one that the server had closed. */
const BROKEN_MIDWAY: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE"]);

/** Mature clients repeat these (facts 1.8). 405 is what the web server says while the controller behind it starts. */
const WORTH_REPEATING: ReadonlySet<number> = new Set([405, 429, 500, 502, 503, 504]);

const OUT_OF_SERVICE = /not (yet )?(in service|ready|available)/i;

/**
 * Judges an answer. A POST is repeated like a GET: it merges into what is there, so doing it twice gives the same tree, and there is
 * no need to read in between. 202 means that a long transaction is still under way: the repetition finds it finished.
 */
export function judge(incoming: Incoming): Verdict {
  if (incoming.kind === "broken") {
    if (isCertificateError(incoming)) return "refused";
    return BROKEN_MIDWAY.has(incoming.code) ? "busy" : "down";
  }
  if (incoming.status === 200) return "done";
  if (incoming.status === 403) return "denied";
  if (incoming.status === 202) return "busy";
  if (incoming.status === 503 && OUT_OF_SERVICE.test(incoming.body)) return "down";
  return WORTH_REPEATING.has(incoming.status) ? "busy" : "refused";
}

/** Waits before repetition number `repeated` (from 0): exponential, half of it random so that parallel requests spread. */
export async function retryDelay(retry: RetrySettings, repeated: number): Promise<void> {
  const full = Math.min(retry.delayMs * 2 ** repeated, retry.maxDelayMs);
  await sleep(full / 2 + (Math.random() * full) / 2);
}
