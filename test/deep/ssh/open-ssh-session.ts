import type { SshOptions } from "../../../runner/connect/ssh/options.ts";
import type { SshSession } from "../../../runner/connect/ssh/session.ts";
import { type Workspace, workspace } from "../../support/ssh-workspace.ts";
import { type KeyFiles, keygen, type OpenSshServer, startOpenSsh } from "./open-ssh-server.ts";

/** A real server, a key that it takes, and sessions of ours with it. */
export interface OpenSshPlace {
  readonly server: OpenSshServer;
  readonly space: Workspace;
  readonly key: KeyFiles;
  /** A session as root with that key, the server's host key being known; `options` replace this. */
  session(options?: Partial<SshOptions>): SshSession;
}

/** Starts a server with these lines of sshd_config, runs `body`, and takes everything away again. */
export async function withOpenSsh(settings: readonly string[], body: (place: OpenSshPlace) => Promise<void>): Promise<void> {
  const server = await startOpenSsh(settings);
  const space = workspace();
  try {
    const key = keygen(server.folder, "id_ed25519");
    server.authorize(key.public);
    space.file("known_hosts", server.knownHosts.ed25519);
    const session = (options: Partial<SshOptions> = {}) =>
      space.session(server.port, { user: "root", privateKeyFile: key.file, ...options });
    await body({ server, space, key, session });
  } finally {
    await space.close();
    await server.close();
  }
}
