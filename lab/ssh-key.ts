import ssh2 from "ssh2";

/** A key pair as text: the private key in OpenSSH's format, the public one as a line of authorized_keys. */
export interface SshKeyPair {
  readonly private: string;
  readonly public: string;
}

/** How the private key is made. */
export interface SshKeyOptions {
  readonly comment?: string;
  /** Encrypts it. */
  readonly passphrase?: string;
}

/**
 * Makes an Ed25519 key pair. ssh2 1.17 drops a zero byte at the start of the public key, so that one pair in 256 cannot be read by anyone,
 * itself included: such a pair is thrown away.
 */
export function makeSshKey({ comment = "", passphrase }: SshKeyOptions = {}): SshKeyPair {
  const encrypted = passphrase === undefined ? {} : { passphrase, cipher: "aes256-ctr", rounds: 4 };
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519", { comment, ...encrypted });
    if (!(ssh2.utils.parseKey(pair.public) instanceof Error)) return pair;
  }
}
