import type { Secret } from "../../secret.ts";

/** Time limits of a connection, in milliseconds. */
export interface SshTimeouts {
  /** From the first packet to a logged-in session, for each hop. */
  readonly connect: number;
  /** For one command. */
  readonly command: number;
  /** Between keepalive packets; a connection that misses three is lost. */
  readonly keepalive: number;
}

/** Used for every time limit that is not given. */
export const defaultTimeouts: SshTimeouts = { connect: 15_000, command: 120_000, keepalive: 5_000 };

/** How one host is reached. What is left out comes from `~/.ssh/config`, then from OpenSSH's defaults. */
export interface SshOptions {
  /** Inventory name; also the `Host` that is looked up in the config file. */
  readonly host: string;
  /** `ansible_host`: name or address to connect to. Left out: the config file's HostName, else the inventory name. */
  readonly address?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly password?: Secret | undefined;
  readonly privateKeyFile?: string | undefined;
  /** Of `privateKeyFile`, and of any other key file that turns out to be encrypted. */
  readonly passphrase?: Secret | undefined;
  /** Run privileged commands with sudo. */
  readonly become: boolean;
  readonly becomePassword?: Secret | undefined;
  /** Replaces the config file's UserKnownHostsFile and `~/.ssh/known_hosts`. */
  readonly knownHostsFile?: string | undefined;
  /** Default `~/.ssh/config`; a missing file is an empty one. */
  readonly configFile?: string | undefined;
  /** Socket of an ssh agent, normally the environment's SSH_AUTH_SOCK. */
  readonly agentSocket?: string | undefined;
  /** Check mode: the connection has no writer. */
  readonly check: boolean;
  /** Masked in everything that came from the host. */
  readonly secrets: Iterable<Secret>;
  readonly timeouts?: Partial<SshTimeouts> | undefined;
  /** Says aloud what weakens the connection: host keys that are not checked, lines that are ignored. */
  readonly warn: (message: string) => void;
}
