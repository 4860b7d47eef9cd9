import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { startFabric } from "./apic/fabric.ts";
import { installCalicoctl } from "./calicoctl/install.ts";
import { type LabCertificates, labCertificates } from "./certificates.ts";
import { type LabKeys, labKeys } from "./keys.ts";
import { startChartRepository } from "./kube/chart-repository.ts";
import { startCluster } from "./kube/cluster.ts";
import { startNodes } from "./linux/nodes.ts";
import type { LabCluster, PodOutput, PodProgram } from "./parts.ts";
import { findPrograms, type Programs } from "./programs.ts";
import type { Faults, LabSpec } from "./spec.ts";
import { StateFile } from "./state.ts";
import { startTwin } from "./twin.ts";

/** Where the lab's parts listen and how to log in: enough for any client, such as curl, Ansible, kubectl and ssh. */
export interface LabEndpoints {
  /** Loopback address all ports are on. */
  readonly address: string;
  /** HTTPS ports by controller name. */
  readonly apics: Readonly<Record<string, number>>;
  /** SSH ports by node name. */
  readonly nodes: Readonly<Record<string, number>>;
  /** Certificate of the lab's own authority, which signed every server here. */
  readonly caFile: string;
  /** Private key that may log in to every node. */
  readonly sshKeyFile: string;
  readonly knownHostsFile: string;
  readonly kubeconfig: string;
  /** The kubeconfig's only context. */
  readonly context: string;
  /** Helm repository with the stand-in chart. */
  readonly chartRepository: string;
  readonly kubectl: string;
  readonly helm: string;
  /** The lab's stand-in for calicoctl, of the version of the cluster's Calico. */
  readonly calicoctl: string;
}

/** A running lab. */
export interface Lab {
  readonly endpoints: LabEndpoints;
  /** Saves the state and ends every server. */
  close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";

/**
 * Starts the embedded lab: the fabric, the nodes and the cluster of an inventory, each behind the real protocol, and the BGP model that ties
 * them together. State is kept in `spec.directory` between runs.
 */
export async function startLab(spec: LabSpec, faults: Faults): Promise<Lab> {
  mkdirSync(spec.directory, { recursive: true, mode: 0o700 });
  const certificates = await labCertificates(spec.directory, [
    ...spec.fabric.controllers.map((controller) => controller.name),
    spec.cluster.name,
  ]);
  const [keys, programs] = await Promise.all([labKeys(spec.directory), findPrograms()]);
  const state = (name: string) => StateFile.open(spec.directory, name);

  let answers: (node: string, gateway: string, bytes?: number) => boolean = () => true;
  let exec: (program: PodProgram) => PodOutput = notFound;
  let joined: LabCluster | undefined;
  const theCluster = (): LabCluster => {
    if (joined === undefined) throw new Error("the lab's cluster has not started yet");
    return joined;
  };
  const [fabric, nodes, cluster, charts] = await Promise.all([
    startFabric(spec.fabric, { tls: certificates.server, state: state("fabric"), faults, nodes: spec.nodes }),
    startNodes(spec.nodes, {
      hostKey: keys.hostKey,
      authorizedKeys: [keys.clientPublicKey],
      state: state("nodes"),
      faults,
      gatewayAnswers: (node, gateway, bytes) => answers(node, gateway, bytes),
      cluster: theCluster,
    }),
    startCluster(
      { cluster: spec.cluster, cni: spec.cni, nodes: spec.nodes },
      {
        tls: certificates.server,
        ca: certificates.ca,
        token: keys.token,
        state: state("cluster"),
        faults,
        exec: (program) => exec(program),
      },
    ),
    startChartRepository({
      helm: programs.helm,
      cni: spec.cni.name,
      versions: [spec.cni.version, ...(spec.cni.offers ?? [])],
      directory: path.join(spec.directory, "charts"),
    }),
  ]);
  joined = cluster;
  const twin = startTwin(spec, { fabric, nodes, cluster }, { state: state("programs"), faults });
  answers = twin.gatewayAnswers;
  exec = twin.exec;

  return {
    endpoints: endpointsOf(
      spec,
      { fabric: fabric.ports, nodes: nodes.ports, cluster: cluster.port, charts: charts.url },
      certificates,
      keys,
      programs,
    ),
    close: async () => {
      twin.close();
      await Promise.all([fabric.close(), nodes.close(), cluster.close(), charts.close()]);
    },
  };
}

/** What a container says when it has no such program. */
function notFound({ command }: PodProgram): PodOutput {
  const stderr = `exec: ${JSON.stringify(command[0] ?? "")}: executable file not found in $PATH\n`;
  return { stdout: "", stderr, exitCode: 127 };
}

interface Ports {
  readonly fabric: ReadonlyMap<string, number>;
  readonly nodes: ReadonlyMap<string, number>;
  readonly cluster: number;
  readonly charts: string;
}

function endpointsOf(
  spec: LabSpec,
  ports: Ports,
  certificates: LabCertificates,
  keys: LabKeys,
  programs: Programs,
): LabEndpoints {
  const knownHostsFile = path.join(spec.directory, "known_hosts");
  writeFileSync(
    knownHostsFile,
    [...ports.nodes.values()].map((port) => `[${LOOPBACK}]:${port} ${keys.hostPublicKey}\n`).join(""),
  );
  const kubeconfig = path.join(spec.directory, "kubeconfig");
  writeFileSync(kubeconfig, kubeconfigText(spec.cluster.name, ports.cluster, certificates.ca, keys.token), { mode: 0o600 });
  return {
    address: LOOPBACK,
    apics: Object.fromEntries(ports.fabric),
    nodes: Object.fromEntries(ports.nodes),
    caFile: certificates.caFile,
    sshKeyFile: keys.clientKeyFile,
    knownHostsFile,
    kubeconfig,
    context: spec.cluster.name,
    chartRepository: ports.charts,
    kubectl: programs.kubectl,
    helm: programs.helm,
    calicoctl: installCalicoctl(spec.directory, spec.cni.version),
  };
}

function kubeconfigText(cluster: string, port: number, ca: string, token: string): string {
  const named = {
    cluster: { server: `https://${LOOPBACK}:${port}`, "certificate-authority-data": Buffer.from(ca).toString("base64") },
  };
  // JSON is YAML: no writer is needed.
  return `${JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: cluster, ...named }],
      users: [{ name: "underlay", user: { token } }],
      contexts: [{ name: cluster, context: { cluster, user: "underlay" } }],
      "current-context": cluster,
    },
    null,
    2,
  )}\n`;
}
