import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { labCertificates } from "../../../lab/certificates.ts";
import { startCluster } from "../../../lab/kube/cluster.ts";
import type { ClusterSpec } from "../../../lab/kube/seeds.ts";
import type { LabCluster, PodOutput, PodProgram } from "../../../lab/parts.ts";
import { findPrograms } from "../../../lab/programs.ts";
import type { LabNode } from "../../../lab/spec.ts";
import { StateFile } from "../../../lab/state.ts";

/** What a program gave back. */
export interface Output {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Headers = Readonly<Record<string, string>>;

/** A cluster of its own for a test file, with the real kubectl and helm. */
export interface TestCluster {
  readonly cluster: LabCluster;
  readonly directory: string;
  readonly helmPath: string;
  kubectl(args: readonly string[], input?: unknown): Promise<Output>;
  helm(args: readonly string[], input?: unknown): Promise<Output>;
  /** GET of a path, parsed; `token` overrides the right one. */
  get(path: string, token?: string, headers?: Headers): Promise<{ readonly status: number; readonly body: unknown }>;
  /** POST of a body as JSON to a path. */
  post(path: string, body: unknown): Promise<{ readonly status: number; readonly body: unknown }>;
  /** Stops the API and starts it again on the saved state, of another inventory when one is given. */
  restart(changed?: ClusterSpec): Promise<void>;
  close(): Promise<void>;
}

const TOKEN = "test-only-token";

const cables = { leaves: [201, 202], ports: ["eth1/11", "eth1/11"], policyGroup: undefined };

function node(name: string, address: string, controlPlane: boolean): LabNode {
  const link = { rack: "1", interfaces: ["eno1", "eno2"], gateways: ["192.168.2.254"], vlan: 310, ...cables };
  return { name, addresses: [`${address}/24`], ...link, user: "underlay", sudoPassword: undefined, controlPlane };
}

/** Three nodes, as the white paper names and numbers them. */
export const spec: ClusterSpec = {
  cluster: {
    name: "calico",
    asn: 65003,
    podSubnets: ["10.1.0.0/16"],
    serviceSubnets: ["192.168.8.0/22"],
    kubernetesVersion: "v1.35.2",
  },
  cni: { name: "calico", version: "v3.31.7", podPrefixLengths: [26] },
  nodes: [node("master-1", "192.168.2.1", true), node("worker-1", "192.168.2.4", false), node("worker-2", "192.168.2.6", false)],
};

/** The same three nodes with two families and another CNI. */
export function dualStack(name: ClusterSpec["cni"]["name"], version: string): ClusterSpec {
  const subnets = { podSubnets: ["10.1.0.0/16", "fd00:10::/112"], serviceSubnets: ["192.168.8.0/22", "fd00:8::/112"] };
  return {
    cluster: { ...spec.cluster, ...subnets },
    cni: { name, version, podPrefixLengths: [28, 122] },
    nodes: spec.nodes.map((entry, index) => ({ ...entry, addresses: [...entry.addresses, `fd00:2::${index + 1}/64`] })),
  };
}

/** What a test cluster is made of when it is not the usual one. */
export interface TestClusterOptions {
  readonly spec?: ClusterSpec;
  readonly faults?: ReadonlyMap<string, string>;
  readonly exec?: (program: PodProgram) => PodOutput;
}

const NO_PROGRAMS: PodOutput = { stdout: "", stderr: "no programs here", exitCode: 127 };

/** Starts a cluster on a free port. */
export async function startTestCluster(options: TestClusterOptions = {}): Promise<TestCluster> {
  const { spec: made = spec, faults = new Map<string, string>(), exec = () => NO_PROGRAMS } = options;
  const directory = mkdtempSync(path.join(tmpdir(), "underlay-kube-"));
  const programs = await findPrograms();
  const certificates = await labCertificates(directory, []);
  const start = (from = made) =>
    startCluster(from, {
      tls: certificates.server,
      ca: certificates.ca,
      token: TOKEN,
      state: StateFile.open(directory, "kube"),
      faults,
      exec,
    });
  let cluster = await start();
  const run = async (program: string, args: readonly string[], input: unknown): Promise<Output> => {
    const server = `https://127.0.0.1:${cluster.port}`;
    const kubectl = [
      "--server",
      server,
      "--token",
      TOKEN,
      "--certificate-authority",
      certificates.caFile,
      "--cache-dir",
      path.join(directory, "cache"),
    ];
    const helm = ["--kube-apiserver", server, "--kube-token", TOKEN, "--kube-ca-file", certificates.caFile];
    const text = typeof input === "string" ? input : input === undefined ? undefined : documents(input);
    const result = await execa(program, [...(program === programs.helm ? helm : kubectl), ...args], {
      reject: false,
      timeout: 60_000,
      env: { HOME: directory, KUBECONFIG: path.join(directory, "none") },
      input: text ?? "",
    });
    return { exitCode: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
  };
  return {
    get cluster() {
      return cluster;
    },
    directory,
    helmPath: programs.helm,
    kubectl: (args, input) => run(programs.kubectl, args, input),
    helm: (args, input) => run(programs.helm, args, input),
    get: (where, token = TOKEN, headers = {}) => request(cluster.port, where, { ...headers, authorization: `Bearer ${token}` }),
    post: (where, body) =>
      request(cluster.port, where, { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" }, body),
    async restart(changed) {
      await cluster.close();
      cluster = await start(changed);
    },
    async close() {
      await cluster.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function documents(input: unknown): string {
  return (Array.isArray(input) ? input : [input]).map((document) => JSON.stringify(document)).join("\n---\n");
}

async function request(
  port: number,
  where: string,
  headers: Headers,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const { request: send } = await import("node:https");
  return new Promise((resolve, reject) => {
    const outgoing = send(
      {
        host: "127.0.0.1",
        port,
        path: where,
        method: body === undefined ? "GET" : "POST",
        headers,
        rejectUnauthorized: false,
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Standard output as JSON. */
export function parsed(output: Output): unknown {
  return JSON.parse(output.stdout);
}

/** Waits until something is so; gives up after ten seconds. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`it was never so: ${isSo}`);
    await sleep(20);
  }
}
