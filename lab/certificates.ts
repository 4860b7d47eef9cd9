import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** What a TLS server needs, PEM text. */
export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

/** The lab's certificate authority and the one certificate that its servers share (they all listen on loopback). */
export interface LabCertificates {
  /** Path of the authority's certificate, for `ca_file`, kubeconfig and curl's `--cacert`. */
  readonly caFile: string;
  readonly ca: string;
  readonly server: ServerCertificate;
}

/** Days. Made anew with a fresh lab, so there is no renewal. */
const VALIDITY = 3650;

/** Certificates of this lab directory, made at first use: an authority of its own and a server certificate for loopback and these names. */
export async function labCertificates(directory: string, names: readonly string[]): Promise<LabCertificates> {
  const caFile = path.join(directory, "ca.pem");
  const keyFile = path.join(directory, "server.key");
  const certFile = path.join(directory, "server.pem");
  if (![caFile, keyFile, certFile].every((file) => existsSync(file))) {
    const made = await make(names);
    writeFileSync(keyFile, made.key, { mode: 0o600 });
    writeFileSync(certFile, made.cert);
    writeFileSync(caFile, made.ca);
  }
  return {
    caFile,
    ca: readFileSync(caFile, "utf8"),
    server: { key: readFileSync(keyFile, "utf8"), cert: readFileSync(certFile, "utf8") },
  };
}

async function make(names: readonly string[]): Promise<ServerCertificate & { readonly ca: string }> {
  // The X.509 library needs this polyfill to be there first.
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const { subtle } = globalThis.crypto;
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const caKeys = await subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const keys = await subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const notBefore = new Date(Date.now() - 3_600_000);
  const notAfter = new Date(Date.now() + VALIDITY * 86_400_000);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=underlay lab CA",
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    keys: caKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  const server = await x509.X509CertificateGenerator.create({
    serialNumber: "02",
    subject: "CN=underlay lab",
    issuer: ca.subject,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    signingKey: caKeys.privateKey,
    publicKey: keys.publicKey,
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        { type: "ip", value: "127.0.0.1" },
        { type: "ip", value: "::1" },
        { type: "dns", value: "localhost" },
        ...names.map((value) => ({ type: "dns" as const, value })),
      ]),
    ],
  });
  const pkcs8 = Buffer.from(await subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  return {
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{64}/g, "$&\n")}\n-----END PRIVATE KEY-----\n`,
    cert: `${server.toString("pem")}\n`,
    ca: `${ca.toString("pem")}\n`,
  };
}
