import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import type { Secret } from "../../secret.ts";

/**
 * Write-only properties are never returned, so a GET cannot tell whether a password changed (facts 3.11). A salted slow hash of what
 * was last sent lies beside the object, as `tagAnnotation` with this key: enough to notice a change, too slow to search passwords with.
 */
export function tagDn(dn: string, property: string): string {
  return `${dn}/annotationKey-[underlay:${property}]`;
}

/** Whether an object is one of these tags. */
export function isPasswordTag(dn: string): boolean {
  return dn.includes("/annotationKey-[underlay:");
}

/** Makes and checks those hashes. One computation for each salt and secret: the peers of one task share a salt. */
export interface PasswordTags {
  /** Text for the tag, with a random salt that stays the same for the same secret during the run. */
  create(secret: Secret): Promise<string>;
  /** Whether a tag that was read belongs to this secret. A tag in a form that is not ours does not. */
  matches(secret: Secret, tag: string): Promise<boolean>;
}

/** scrypt with N 2^14, r 8, p 1: about 40 ms and 16 MB for each guess. */
const COST = { N: 16_384, r: 8, p: 1 } as const;
const LENGTH = 32;
const FORM = /^scrypt\.([0-9a-f]{32})\.([0-9a-f]{64})$/;

function derive(text: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(text, salt, LENGTH, COST, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

/** Hashes for one run. */
export function passwordTags(): PasswordTags {
  const hashes = new Map<string, Promise<Buffer>>();
  const salts = new Map<string, string>();

  const hash = (text: string, salt: string): Promise<Buffer> => {
    const key = `${salt} ${text}`;
    const computing = hashes.get(key) ?? derive(text, Buffer.from(salt, "hex"));
    hashes.set(key, computing);
    return computing;
  };

  return {
    create: async (secret) => {
      const text = secret.reveal();
      const salt = salts.get(text) ?? randomBytes(16).toString("hex");
      salts.set(text, salt);
      return `scrypt.${salt}.${(await hash(text, salt)).toString("hex")}`;
    },
    matches: async (secret, tag) => {
      const [, salt, expected] = FORM.exec(tag) ?? [];
      if (salt === undefined || expected === undefined) return false;
      return timingSafeEqual(await hash(secret.reveal(), salt), Buffer.from(expected, "hex"));
    },
  };
}
