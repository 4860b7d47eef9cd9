import { createSign } from "node:crypto";
import type { Credentials } from "./options.ts";

type CertificateCredentials = Extract<Credentials, { readonly kind: "certificate" }>;

/**
 * Cookies that sign one request (facts 1.2): RSA with SHA-256 over method, path with query as sent, and body, without separators.
 * There is no session: nothing expires, and the login rate limit does not apply.
 */
export function signatureCookie(credentials: CertificateCredentials, method: string, path: string, body: string): string {
  const signature = createSign("RSA-SHA256").update(`${method}${path}${body}`).sign(credentials.privateKey.reveal(), "base64");
  return [
    `APIC-Request-Signature=${signature}`,
    "APIC-Certificate-Algorithm=v1.0",
    "APIC-Certificate-Fingerprint=fingerprint",
    `APIC-Certificate-DN=${certificateDn(credentials)}`,
  ].join("; ");
}

function certificateDn({ username, certificate }: CertificateCredentials): string {
  if (certificate.startsWith("uni/")) return certificate;
  const user = username.slice(username.lastIndexOf("\\") + 1);
  return `uni/userext/user-${user}/usercert-${certificate}`;
}
