import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { labKeys } from "../../lab/keys.ts";
import { startNodes } from "../../lab/linux/nodes.ts";
import type { LabNodeState, LabNodes } from "../../lab/parts.ts";
import type { LabNode } from "../../lab/spec.ts";
import { StateFile } from "../../lab/state.ts";
import { jumpHosts } from "../../runner/connect/ssh/jump-hosts.ts";
import { openSsh, type SshSession } from "../../runner/connect/ssh/session.ts";
import { Secret } from "../../runner/secret.ts";

/** A lab node and a session with it. */
export interface LabNodeSession {
  readonly session: SshSession;
  /** Another session with the same node, as if a person had logged in. */
  connect(): SshSession;
  state(): LabNodeState;
  close(): Promise<void>;
}

/** The paper's first node, with what a test changes. */
export const paperNode: LabNode = {
  name: "master-1",
  rack: "1",
  interfaces: ["eno1", "eno2"],
  leaves: [201, 202],
  ports: ["eth1/11", "eth1/11"],
  policyGroup: "master-1",
  addresses: ["192.168.2.1/24"],
  gateways: ["192.168.2.254"],
  vlan: 310,
  user: "underlay",
  sudoPassword: undefined,
  controlPlane: true,
};

/** Starts one lab node in a temporary folder and makes a session with it. */
export async function labNode(
  node: LabNode = paperNode,
  options: {
    readonly check?: boolean;
    readonly faults?: ReadonlyMap<string, string>;
    readonly gatewayAnswers?: (node: string, gateway: string) => boolean;
  } = {},
): Promise<LabNodeSession> {
  const directory = mkdtempSync(path.join(os.tmpdir(), "underlay-node-"));
  const keys = await labKeys(directory);
  const nodes: LabNodes = await startNodes([node], {
    hostKey: keys.hostKey,
    authorizedKeys: [keys.clientPublicKey],
    state: StateFile.open(directory, "nodes"),
    faults: options.faults ?? new Map(),
    ...(options.gatewayAnswers === undefined ? {} : { gatewayAnswers: options.gatewayAnswers }),
  });
  const port = nodes.ports.get(node.name);
  if (port === undefined) throw new Error("the lab node has no port");
  const knownHostsFile = path.join(directory, "known_hosts");
  writeFileSync(knownHostsFile, `[127.0.0.1]:${port} ${keys.hostPublicKey}\n`);
  const sessions: SshSession[] = [];
  const connect = () => {
    const session = openSsh(
      {
        host: node.name,
        address: "127.0.0.1",
        port,
        user: node.user,
        privateKeyFile: keys.clientKeyFile,
        become: true,
        becomePassword: node.sudoPassword === undefined ? undefined : new Secret(node.sudoPassword),
        knownHostsFile,
        configFile: path.join(directory, "no-config"),
        check: options.check ?? false,
        secrets: [],
        warn: () => {},
      },
      jumpHosts(),
    );
    sessions.push(session);
    return session;
  };
  return {
    session: connect(),
    connect,
    state: () => {
      const [state] = nodes.states();
      if (state === undefined) throw new Error("the lab has no node");
      return state;
    },
    close: async () => {
      for (const session of sessions) await session.close();
      await nodes.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
