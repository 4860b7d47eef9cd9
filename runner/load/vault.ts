import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from "node:crypto";

/** What came of decrypting. The rules are names for diagnostics. */
export type Decrypted =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly rule: string; readonly message: string; readonly hint?: string };

/** Whether a text is Ansible Vault's. */
export function isVault(text: string): boolean {
  return text.trimStart().startsWith("$ANSIBLE_VAULT;");
}

const ITERATIONS = 10_000;

function corrupt(why: string): Decrypted {
  return { ok: false, rule: "vault-corrupt", message: `this vault text is damaged: ${why}`, hint: "encrypt the value again" };
}

/**
 * Decrypts Ansible Vault text, format 1.1 and 1.2 (the latter names a vault id, which is not needed): hex of three lines, each hex again:
 * salt, HMAC-SHA256 and AES-256-CTR text with PKCS#7 padding; keys by PBKDF2-SHA256. Source: Ansible's lib/ansible/parsing/vault.
 */
export function decryptVault(vaultText: string, password: string): Decrypted {
  const [header = "", ...body] = vaultText.trim().split(/\s*\n\s*/);
  const [, version, cipher] = header.split(";");
  if (version !== "1.1" && version !== "1.2") return corrupt(`format ${version ?? "?"} is not 1.1 or 1.2`);
  if (cipher?.trim() !== "AES256") return corrupt(`cipher ${cipher ?? "?"} is not AES256`);
  const hex = body.join("");
  if (hex === "" || hex.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(hex)) return corrupt("it is not hexadecimal");
  const parts = Buffer.from(hex, "hex").toString("latin1").split("\n");
  if (parts.length !== 3 || parts.some((part) => part === "" || !/^[0-9a-f]+$/i.test(part))) return corrupt("it is cut off");
  const [salt, signature, encrypted] = parts.map((part) => Buffer.from(part, "hex"));
  if (salt === undefined || signature === undefined || encrypted === undefined) return corrupt("it is cut off");
  const keys = pbkdf2Sync(password, salt, ITERATIONS, 80, "sha256");
  const expected = createHmac("sha256", keys.subarray(32, 64)).update(encrypted).digest();
  if (signature.length !== expected.length) return corrupt("its signature has the wrong length");
  if (!timingSafeEqual(signature, expected)) {
    const hint = "check the vault password file; a changed byte gives the same error";
    return { ok: false, rule: "vault-wrong-password", message: "the vault password does not fit this text", hint };
  }
  const decipher = createDecipheriv("aes-256-ctr", keys.subarray(0, 32), keys.subarray(64, 80));
  const padded = Buffer.concat([decipher.update(encrypted), decipher.final()]);
  const padding = padded.at(-1) ?? 0;
  if (padding < 1 || padding > 16 || padding > padded.length) return corrupt("its padding is wrong");
  return { ok: true, text: padded.subarray(0, padded.length - padding).toString("utf8") };
}
