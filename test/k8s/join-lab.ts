import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { labKeys } from "../../lab/keys.ts";
import { startNodes } from "../../lab/linux/nodes.ts";
import type { LabJoin, LabNodes } from "../../lab/parts.ts";
import { findPrograms } from "../../lab/programs.ts";
import type { LabNode } from "../../lab/spec.ts";
import { StateFile } from "../../lab/state.ts";
import type { Connections, ConnectionTo, Place } from "../../runner/connect/connections.ts";
import { openCluster } from "../../runner/connect/kube/open-cluster.ts";
import { jumpHosts } from "../../runner/connect/ssh/jump-hosts.ts";
import { openSsh, type SshSession } from "../../runner/connect/ssh/session.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import { writeKubeconfig } from "../connect/kube/kubeconfig.ts";
import { spec, startTestCluster, type TestCluster } from "../lab/kube/start.ts";

/** A machine beside the cluster's own. */
export function newcomer(name: string, address: string, controlPlane = false): LabNode {
  const [pattern] = spec.nodes;
  if (pattern === undefined) throw new Error("the test cluster has no node");
  return { ...pattern, name, controlPlane, addresses: [`${address}/24`] };
}

const running = new Set<JoinLab>();

/** Ends what a failed test left running, so that the process ends: for `test.after`. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((lab) => lab.close()));
}

/** A cluster, its machines and some that came later, and how a run reaches all of them. */
export interface JoinLab {
  readonly cluster: TestCluster;
  readonly nodes: LabNodes;
  /** What `kubeadm join` asked for, with its token. */
  readonly joins: LabJoin[];
  /** Keys of uploaded certificates. */
  readonly keys: string[];
  /** Every command that was run on a machine, with its arguments. */
  readonly commands: string[];
  /** Connections of one run. */
  open(check?: boolean): Promise<Connections>;
  close(): Promise<void>;
}

/** Starts it: the machines in `later` have not joined. `silent`: machines whose gateway does not answer. */
export async function startJoinLab(later: readonly LabNode[], silent: readonly string[] = []): Promise<JoinLab> {
  const cluster = await startTestCluster();
  const directory = mkdtempSync(path.join(os.tmpdir(), "underlay-join-"));
  const ssh = await labKeys(directory);
  const [joins, keys, commands]: [LabJoin[], string[], string[]] = [[], [], []];
  const start = (specs: readonly LabNode[]) =>
    startNodes(specs, {
      hostKey: ssh.hostKey,
      authorizedKeys: [ssh.clientPublicKey],
      state: StateFile.open(directory, "nodes"),
      faults: new Map(),
      gatewayAnswers: (node) => !silent.includes(node),
      cluster: () => ({
        list: (kind) => cluster.cluster.list(kind),
        join: (request) => {
          joins.push(request);
          return cluster.cluster.join(request);
        },
        uploadCertificates: (key) => {
          keys.push(key);
          cluster.cluster.uploadCertificates(key);
        },
      }),
    });
  await (await start(spec.nodes)).close();
  const nodes = await start([...spec.nodes, ...later]);
  const tell = () => cluster.cluster.machines(nodes.states());
  tell();
  nodes.onChange(tell);
  const known = [...nodes.ports.values()].map((port) => `[127.0.0.1]:${port} ${ssh.hostPublicKey}\n`);
  writeFileSync(path.join(directory, "known_hosts"), known.join(""));

  const sessions: { close(): void | Promise<void> }[] = [];
  const sessionWith = (host: string, check: boolean): SshSession =>
    openSsh(
      {
        host,
        address: "127.0.0.1",
        port: nodes.ports.get(host) ?? 0,
        user: "underlay",
        privateKeyFile: ssh.clientKeyFile,
        become: true,
        knownHostsFile: path.join(directory, "known_hosts"),
        configFile: path.join(directory, "no-config"),
        check,
        secrets: [],
        warn: () => {},
      },
      jumpHosts(),
    );
  const lab: JoinLab = {
    cluster,
    nodes,
    joins,
    keys,
    commands,
    open: async (check = false) => {
      const kube = openCluster({
        ...(await findPrograms()),
        kubeconfig: writeKubeconfig(cluster),
        check,
        secrets: [],
        timeouts: { pollMilliseconds: 200 },
      });
      sessions.push(kube);
      const machines = new Map<string, ConnectionTo<"node">>();
      const machine = (host: string): ConnectionTo<"node"> => {
        const known = machines.get(host);
        if (known !== undefined) return known;
        const session = sessionWith(host, check);
        sessions.push(session);
        const made = recorded(session.connection(), commands);
        machines.set(host, made);
        return made;
      };
      const missing = (): Result<never> => failed({ kind: "failed", doing: "open", message: "not in this test" });
      const openers: { readonly [P in Place]: (host: string) => Result<ConnectionTo<P>> } = {
        apic: missing,
        leaf: missing,
        node: (host) => ok(machine(host)),
        localhost: () => ok(kube.connection()),
      };
      return {
        open: async <P extends Place>(place: P, host: string) => openers[place](host),
        counts: () => ({ kube: kube.counts() }),
        close: async () => {},
      };
    },
    close: async () => {
      running.delete(lab);
      for (const session of sessions) await session.close();
      await nodes.close();
      await cluster.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  running.add(lab);
  return lab;
}

/** The same connection; what it runs is written down. */
function recorded(connection: ConnectionTo<"node">, commands: string[]): ConnectionTo<"node"> {
  const { writer, reader } = connection;
  return {
    ...connection,
    reader: {
      ...reader,
      run: (command, options) => {
        commands.push(command.join(" "));
        return reader.run(command, options);
      },
    },
    writer:
      writer === undefined
        ? undefined
        : {
            ...writer,
            run: async (command, options) => {
              commands.push(command.join(" "));
              const done = await writer.run(command, options);
              commands.push(JSON.stringify(done));
              return done;
            },
          },
  };
}
