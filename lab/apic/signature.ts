import { createPublicKey, createVerify, X509Certificate } from "node:crypto";
import type { Tree } from "./tree.ts";

/** What a signed request presents (aci-objects 1.2). */
export interface SignedRequest {
  readonly method: string;
  /** Path and query exactly as sent. */
  readonly url: string;
  readonly body: string;
  readonly cookies: ReadonlyMap<string, string>;
}

/**
 * The user whose certificate verifies the request's signature, or undefined. RSA with SHA-256 over method, path with query, and body,
 * without separators. Common clients sign the path with doubled slashes collapsed, without a trailing `?`, or un-encoded: those are
 * accepted too. A lab built from an inventory knows the private key only, so its user has the bare public key instead of a certificate.
 */
export function signedUser(tree: Tree, request: SignedRequest): string | undefined {
  const { cookies, method, url, body } = request;
  const signature = cookies.get("APIC-Request-Signature");
  const dn = cookies.get("APIC-Certificate-DN") ?? "";
  const user = /^uni\/userext\/user-(.+)\/usercert-.+$/.exec(dn)?.[1];
  const pem = tree.get(dn)?.attributes.data;
  if (signature === undefined || user === undefined || pem === undefined) return undefined;
  if (cookies.get("APIC-Certificate-Algorithm") !== "v1.0") return undefined;
  if (cookies.get("APIC-Certificate-Fingerprint") !== "fingerprint") return undefined;
  const key = pem.includes("BEGIN PUBLIC KEY") ? createPublicKey(pem) : readCertificate(pem);
  if (key === undefined) return undefined;
  const payload = method === "GET" || method === "DELETE" ? "" : body;
  const verifies = writings(url).some((text) =>
    createVerify("RSA-SHA256").update(`${method}${text}${payload}`).verify(key, signature, "base64"),
  );
  return verifies ? user : undefined;
}

function readCertificate(pem: string): X509Certificate["publicKey"] | undefined {
  try {
    const certificate = new X509Certificate(pem);
    const now = Date.now();
    const valid = now >= Date.parse(certificate.validFrom) && now <= Date.parse(certificate.validTo);
    return valid && certificate.publicKey.asymmetricKeyType === "rsa" ? certificate.publicKey : undefined;
  } catch {
    return undefined;
  }
}

function writings(url: string): readonly string[] {
  const tidy = url.replace(/\?$/, "").replace(/^[^?]*/, (path) => path.replace(/\/{2,}/g, "/"));
  let plain = tidy;
  try {
    plain = decodeURIComponent(tidy);
  } catch {
    // not decodable: the sent form is the only one
  }
  return [url, tidy, plain];
}
