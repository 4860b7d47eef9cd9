import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Milliseconds between a change and its writing: a burst of changes is written once. */
const QUIET = 30;

/**
 * What a part of the lab remembers between runs: one JSON value in one file, sealed (AES-256-GCM) with a key that lies beside it with
 * mode 0600, because it holds BGP passwords and Kubernetes Secrets, and no state file may show a secret (design section 7).
 */
export class StateFile {
  readonly #file: string;
  readonly #key: Buffer;
  #pending: (() => unknown) | undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor(file: string, key: Buffer) {
    this.#file = file;
    this.#key = key;
  }

  /** Opens `<directory>/<name>.sealed`, with the key of that directory, made at first use. */
  static open(directory: string, name: string): StateFile {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const keyFile = path.join(directory, "key");
    if (!existsSync(keyFile)) writeFileSync(keyFile, randomBytes(32), { mode: 0o600 });
    return new StateFile(path.join(directory, `${name}.sealed`), readFileSync(keyFile));
  }

  /** What was saved; undefined at the first start, or when the key has changed. */
  read(): unknown {
    if (!existsSync(this.#file)) return undefined;
    const sealed = readFileSync(this.#file);
    const opener = createDecipheriv("aes-256-gcm", this.#key, sealed.subarray(0, 12)).setAuthTag(sealed.subarray(12, 28));
    try {
      return JSON.parse(Buffer.concat([opener.update(sealed.subarray(28)), opener.final()]).toString());
    } catch {
      return undefined;
    }
  }

  /** Saves soon; `value` is called when it is written. */
  write(value: () => unknown): void {
    this.#pending = value;
    this.#timer ??= setTimeout(() => this.flush(), QUIET).unref();
  }

  /** Saves now what is waiting. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending === undefined) return;
    const text = JSON.stringify(this.#pending());
    this.#pending = undefined;
    const nonce = randomBytes(12);
    const sealer = createCipheriv("aes-256-gcm", this.#key, nonce);
    const body = Buffer.concat([sealer.update(text), sealer.final()]);
    writeFileSync(`${this.#file}.new`, Buffer.concat([nonce, sealer.getAuthTag(), body]), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }

  /** Forgets everything. */
  remove(): void {
    clearTimeout(this.#timer);
    this.#pending = undefined;
    rmSync(this.#file, { force: true });
  }
}
