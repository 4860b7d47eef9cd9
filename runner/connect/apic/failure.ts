import type { Failure } from "../../result.ts";
import { mask, type Secret } from "../../secret.ts";
import { readAnswer } from "./answer.ts";
import type { Incoming } from "./exchange.ts";

/** What is usually meant by an answer, and what helps. */
interface Advice {
  readonly meaning: string;
  readonly next: string;
}

/** By HTTP status and APIC code (facts 1.8); texts differ from release to release, so nothing is decided by them. */
const ADVICE: Readonly<Record<string, Advice>> = {
  "400/100": {
    meaning: "the controller's own check refused the configuration",
    next: "change the value that the text names",
  },
  "400/102": {
    meaning: "an object that this one hangs on does not exist",
    next: "create the object whose DN the text names first: the tenant and the VRF must exist before the playbook runs",
  },
  "400/103": { meaning: "somebody else created the object a moment ago", next: "run again" },
  "400/107": {
    meaning: "the DN does not fit the class, or the object is one that the controller keeps for itself",
    next: "look at the names in the task's arguments",
  },
  "400/120": {
    meaning: "the controller does not know this value for this property",
    next: "change the argument that gives the value; an older release may not know it yet",
  },
  "400/121": { meaning: "this release does not know the property", next: "look at the release of the controllers" },
  "400/122": {
    meaning: "this release does not know the class",
    next: "floating SVI on physical domains needs release 5.0(1) or later",
  },
  "400/801": {
    meaning: "the value is too long, out of range or has characters that are not allowed",
    next: "change the argument that gives the value",
  },
  "401/401": {
    meaning: "wrong user name or password",
    next: "check fabric.username and fabric.password; a login domain goes in the name, `apic:DOMAIN\\user`",
  },
  "403/403": {
    meaning: "the session is not valid, or the user lacks the privilege",
    next: "give the user write access to the tenant, and to its security domain",
  },
  "405/": { meaning: "the address is not a controller's REST interface", next: "check host and port of the group apics" },
  "413/": { meaning: "the request is larger than the controller takes", next: "split the task" },
};

const BUSY: Advice = {
  meaning: "the controller is starting, busy, or limits the rate of requests (commHttps throttle)",
  next: "wait for the cluster to be fully fit, then run again: what was done already is not repeated",
};

const CERTIFICATE_CODES =
  /^(CERT_|ERR_TLS_CERT|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_(GET_ISSUER|VERIFY)|HOSTNAME_MISMATCH|INVALID_CA|ERR_TLS_CERT_ALTNAME)/;

/** Whether the connection broke because the controller's certificate was not believed: asking again does not help. */
export function isCertificateError(incoming: Incoming): boolean {
  return incoming.kind === "broken" && CERTIFICATE_CODES.test(incoming.code);
}

/** What came back, in one line: `HTTP 400, code 120: unknown property value …`, `ECONNREFUSED: connect …`. */
export function describe(incoming: Incoming, secrets: Iterable<Secret>): string {
  if (incoming.kind === "broken") {
    const prefix = incoming.code === "" || incoming.message.includes(incoming.code) ? "" : `${incoming.code}: `;
    return mask(`${prefix}${incoming.message}`, secrets);
  }
  const { error } = readAnswer(incoming.body);
  const code = error?.code === undefined ? "" : `, code ${error.code}`;
  return mask(`HTTP ${incoming.status}${code}: ${error?.text ?? "no error text"}`, secrets);
}

/** A refusal as a Failure. `doing` is `POST /api/mo/uni/tn-k8s.json`. */
export function refusal(doing: string, incoming: Incoming, secrets: Iterable<Secret>): Failure {
  const message = describe(incoming, secrets);
  if (isCertificateError(incoming)) return { kind: "unreachable", doing, message, ...UNTRUSTED };
  if (incoming.kind === "broken") return { kind: "unreachable", doing, message };
  return { kind: "failed", doing, message, ...adviceFor(incoming.status, readAnswer(incoming.body).error?.code) };
}

const UNTRUSTED: Advice = {
  meaning: "the controller's certificate is not signed by an authority that this machine trusts, or is made for another name",
  next: "give the authority's certificate with ca_file, or the name that the certificate carries as host; validate_certs: false turns the check off",
};

function adviceFor(status: number, code: string | undefined): Advice | undefined {
  if (status === 429 || status >= 500) return BUSY;
  return ADVICE[`${status}/${code ?? ""}`] ?? ADVICE[`${status}/`];
}
