import type { ApicOptions } from "../../runner/connect/apic/options.ts";
import { type ApicSession, openApic } from "../../runner/connect/apic/session.ts";
import type { Connections, ConnectionTo, Place } from "../../runner/connect/connections.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import { Secret } from "../../runner/secret.ts";
import { FAKE_PASSWORD, type FakeApic } from "./fake-apic.ts";

/** Fast repetitions, so that a test of failures does not wait. */
export const impatient = { attempts: 3, delayMs: 2, maxDelayMs: 5 } as const;

/** A session with a fake controller; `more` overrides what a test is about. */
export function sessionWith(fake: FakeApic, more: Partial<ApicOptions> = {}): ApicSession {
  return openApic({
    controllers: [{ name: "apic1", host: "127.0.0.1", port: fake.port }],
    credentials: { kind: "password", username: "admin", password: new Secret(FAKE_PASSWORD) },
    ca: fake.ca,
    validateCertificates: true,
    check: false,
    retry: impatient,
    ...more,
  });
}

/** The engine's view of a session: only the fabric can be opened. A leaf is asked for by its node ID. */
export function connectionsOf(session: ApicSession): Connections {
  const places = {
    apic: () => ok(session.apic()),
    leaf: (host: string) => ok(session.leaf(`topology/pod-1/node-${host}`)),
    node: () => notHere(),
    localhost: () => notHere(),
  } satisfies { [P in Place]: (host: string) => Result<ConnectionTo<P>> };
  return {
    open: async <P extends Place>(place: P, host: string): Promise<Result<ConnectionTo<P>>> => {
      const open: { [Q in Place]: (host: string) => Result<ConnectionTo<Q>> } = places;
      return open[place](host);
    },
    counts: () => ({ apic: session.counts() }),
    close: session.close,
  };
}

function notHere(): Result<never> {
  return failed({ kind: "failed", doing: "open", message: "not in this test" });
}
