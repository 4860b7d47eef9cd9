import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import ssh2, { type Client } from "ssh2";
import type { MachineCluster } from "../../../lab/linux/machine.ts";
import { startNodes } from "../../../lab/linux/nodes.ts";
import type { LabNodes } from "../../../lab/parts.ts";
import type { LabNode } from "../../../lab/spec.ts";
import { StateFile } from "../../../lab/state.ts";

/** A node as the lab inventory has it. */
export const NODE: LabNode = {
  name: "worker-1",
  rack: "1",
  interfaces: ["eno1", "eno2"],
  leaves: [201, 202],
  ports: ["eth1/11", "eth1/11"],
  policyGroup: "worker-1",
  addresses: ["192.168.2.4/24"],
  gateways: ["192.168.2.254"],
  vlan: 310,
  user: "underlay",
  sudoPassword: undefined,
  controlPlane: false,
};

/** One key pair for host and user of all tests of a file. */
export interface Keys {
  readonly privateKey: string;
  readonly publicLine: string;
}

/** A fresh key pair: PEM for ssh2, one OpenSSH line for authorized keys. */
export function makeKeys(): Keys {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  const parsed = ssh2.utils.parseKey(pem);
  if (parsed instanceof Error) throw parsed;
  return { privateKey: pem, publicLine: `ssh-rsa ${parsed.getPublicSSH().toString("base64")} test` };
}

/** A running lab of nodes in a folder of its own. */
export interface TestLab {
  readonly nodes: LabNodes;
  readonly directory: string;
  readonly keys: Keys;
  stop(): Promise<void>;
}

const running = new Set<LabNodes>();

/** Ends what a failed test left running, so that the process ends: for `test.after`. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((nodes) => nodes.close()));
  running.clear();
}

/** Starts nodes; `directory` continues an earlier lab. */
export async function startLab(
  keys: Keys,
  specs: readonly LabNode[],
  options: {
    readonly faults?: Readonly<Record<string, string>>;
    readonly directory?: string;
    readonly gatewayAnswers?: (node: string, gateway: string, bytes?: number) => boolean;
    readonly cluster?: () => MachineCluster;
  } = {},
): Promise<TestLab> {
  const directory = options.directory ?? mkdtempSync(path.join(tmpdir(), "underlay-nodes-"));
  const nodes = await startNodes(specs, {
    hostKey: keys.privateKey,
    authorizedKeys: [keys.publicLine],
    state: StateFile.open(directory, "nodes"),
    faults: new Map(Object.entries(options.faults ?? {})),
    ...(options.gatewayAnswers === undefined ? {} : { gatewayAnswers: options.gatewayAnswers }),
    ...(options.cluster === undefined ? {} : { cluster: options.cluster }),
  });
  running.add(nodes);
  const stop = () => {
    running.delete(nodes);
    return nodes.close();
  };
  return { nodes, directory, keys, stop };
}

/** Removes a lab's folder. */
export function forget(lab: TestLab): void {
  rmSync(lab.directory, { recursive: true, force: true });
}

/** What a command over SSH gave; `exitCode` undefined when the connection was lost before it ended. */
export interface Answer {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Logs in with the lab's key, or with a password. */
export function connect(
  lab: TestLab,
  node: string,
  login: { readonly username?: string; readonly password?: string } = {},
): Promise<Client> {
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    client.once("ready", () => resolve(client));
    client.on("error", reject);
    client.once("close", () => reject(new Error("closed before ready")));
    client.connect({
      host: "127.0.0.1",
      port: lab.nodes.ports.get(node) ?? 0,
      username: login.username ?? NODE.user,
      ...(login.password === undefined ? { privateKey: lab.keys.privateKey } : { password: login.password }),
      readyTimeout: 5000,
    });
  });
}

/** Runs one line on an open connection. */
export function run(client: Client, line: string, input = ""): Promise<Answer> {
  return new Promise((resolve, reject) => {
    client.exec(line, (error, channel) => {
      if (error) {
        reject(error);
        return;
      }
      let [stdout, stderr] = ["", ""];
      let exitCode: number | undefined;
      channel.on("data", (data: Buffer) => (stdout += data.toString()));
      channel.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
      channel.on("exit", (code: number | null) => (exitCode = code ?? undefined));
      channel.on("close", () => resolve({ exitCode, stdout, stderr }));
      channel.end(input);
    });
  });
}

/** Connects, runs one line as the node's user, disconnects. */
export async function once(lab: TestLab, node: string, line: string, input = ""): Promise<Answer> {
  const client = await connect(lab, node);
  const answer = await run(client, line, input);
  client.end();
  return answer;
}

/** Repeats until a condition holds; the runner's time limit is the only other end. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 25));
}
