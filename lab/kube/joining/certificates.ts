import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { World } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { textAt } from "../objects/kube-object.ts";

const CERTIFICATES = { name: "kubeadm-certs", namespace: "kube-system" } as const;

/** Milliseconds that uploaded certificates are kept (kubeadm's DefaultCertTokenDuration). */
const KEPT = 2 * 3_600_000;

const NONCE = 12;
const TAG = 16;

/**
 * `kubeadm init phase upload-certs`: keeps the authority's certificate encrypted under a key of 32 bytes in hex. The Secret belongs to a
 * bootstrap token without any use, so it goes when that expires. The lab keeps no private key of its authority: none is uploaded.
 */
export function uploadCertificates(world: World, ca: string, key: string): void {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", Buffer.from(key, "hex"), nonce);
  const sealed = Buffer.concat([nonce, cipher.update(ca), cipher.final(), cipher.getAuthTag()]);
  const id = randomBytes(3).toString("hex");
  const token = { name: `bootstrap-token-${id}`, namespace: CERTIFICATES.namespace };
  const secrets = builtinOf("Secret");
  const text = (value: string) => Buffer.from(value).toString("base64");
  const data = {
    description: text("Proxy for managing TTL for the kubeadm-certs secret"),
    expiration: text(new Date(world.clock.now() + KEPT).toISOString()),
    "token-id": text(id),
    "token-secret": text(randomBytes(8).toString("hex")),
  };
  world.ensure(secrets, token, { type: "bootstrap.kubernetes.io/token", data }, "kubeadm");
  const uid = world.store.get(secrets.storage, token.namespace, token.name)?.metadata.uid ?? "";
  const owner = { apiVersion: "v1", kind: "Secret", name: token.name, uid, controller: true, blockOwnerDeletion: true };
  const fields = { metadata: { ownerReferences: [owner] }, type: "Opaque", data: { "ca.crt": sealed.toString("base64") } };
  world.ensure(secrets, CERTIFICATES, fields, "kubeadm");
}

/** Why the uploaded certificates cannot be had with this key, in kubeadm's words; undefined: they can. */
export function downloadProblem(world: World, key: string): string | undefined {
  const secret = world.store.get(builtinOf("Secret").storage, CERTIFICATES.namespace, CERTIFICATES.name);
  if (secret === undefined) {
    const missing = 'Secret "kubeadm-certs" was not found in the "kube-system" Namespace. This Secret might have expired.';
    const advice = "Please, run `kubeadm init phase upload-certs --upload-certs` on a control plane to generate a new one";
    return `error downloading the secret: ${missing} ${advice}`;
  }
  const sealed = Buffer.from(textAt(secret, "data", "ca.crt"), "base64");
  try {
    const opener = createDecipheriv("aes-256-gcm", Buffer.from(key, "hex"), sealed.subarray(0, NONCE));
    opener.setAuthTag(sealed.subarray(-TAG)).update(sealed.subarray(NONCE, -TAG));
    opener.final();
    return undefined;
  } catch {
    return "error decoding secret data with provided key: cipher: message authentication failed";
  }
}
