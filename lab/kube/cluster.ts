import type { JsonObject } from "../../runner/json.ts";
import type { LabCluster, LabKubeObject, PodOutput, PodProgram } from "../parts.ts";
import type { Faults } from "../spec.ts";
import type { StateFile } from "../state.ts";
import { kubeFaults } from "./api/faults.ts";
import type { Api } from "./api/request.ts";
import { startServer } from "./api/server.ts";
import { calicoAgents } from "./calico/agents.ts";
import { calicoApi, calicoResources } from "./calico/aggregated-api.ts";
import { calicoOperator } from "./calico/operator.ts";
import { preinstallCalico } from "./calico/preinstalled.ts";
import { ciliumOperator } from "./cilium/operator.ts";
import { Clock } from "./controllers/clock.ts";
import { establishDefinitions } from "./controllers/custom-resource-definitions.ts";
import { reportDaemonSets, runDaemonSets } from "./controllers/daemon-sets.ts";
import { reportDeployments, runDeployments } from "./controllers/deployments.ts";
import { reportBudgets } from "./controllers/disruption-budgets.ts";
import { collectOrphans } from "./controllers/garbage.ts";
import { startKubelets } from "./controllers/kubelet-starts.ts";
import { runPods } from "./controllers/kubelets.ts";
import { defaultServiceAccounts } from "./controllers/namespaces.ts";
import { readyNodes } from "./controllers/nodes.ts";
import { allocatePodCidrs } from "./controllers/pod-cidrs.ts";
import { placeBarePods } from "./controllers/scheduling.ts";
import { reportStatefulSets, runStatefulSets } from "./controllers/stateful-sets.ts";
import { watchKubelets } from "./controllers/unreachable.ts";
import { type Controller, createWorld, settle } from "./controllers/world.ts";
import { keepBootstrapTokens } from "./joining/bootstrap-tokens.ts";
import { uploadCertificates } from "./joining/certificates.ts";
import { publishClusterInfo, writeKubeadmConfig } from "./joining/cluster-info.ts";
import { joinProblem } from "./joining/join.ts";
import { markControlPlane, type Registration, registerNode, savedRegistrations } from "./joining/registration.ts";
import { kubeRouter } from "./kube-router/kube-router.ts";
import { listAt } from "./objects/kube-object.ts";
import { createRegistry } from "./objects/registry.ts";
import { asServed, type ResourceType } from "./objects/resource-type.ts";
import { ObjectStore } from "./objects/store.ts";
import { paceOf } from "./pace.ts";
import { loadSchemaCheck, type SchemaCheck } from "./schema/validate.ts";
import { type ClusterSpec, seed, seedNodes } from "./seeds.ts";
import { allocateClusterAddresses } from "./services/cluster-addresses.ts";
import { keepEndpointSlices } from "./services/endpoint-slices.ts";

/** How a lab cluster is started. */
export interface ClusterOptions {
  readonly tls: { readonly key: string; readonly cert: string };
  /** Certificate of the authority that signed it, PEM text: joining nodes pin it. */
  readonly ca: string;
  /** Bearer token that clients must send; without it every request is 401. */
  readonly token: string;
  /** Objects survive a restart in here. */
  readonly state: StateFile;
  /** `kube.refuse`, `kube.503`, `kube.401`, `kube.slow`, `time.speed`. */
  readonly faults: Faults;
  /** What runs in containers (`kubectl exec`): called with a program of a running container. */
  readonly exec: (program: PodProgram) => PodOutput;
  /** Any free port when left out. */
  readonly port?: number;
}

/** What keeps the cluster going, in the order in which one waits for another. */
function controllersOf({ cluster, cni }: ClusterSpec, registrations: ReadonlyMap<string, Registration>): readonly Controller[] {
  const networks = cluster.podSubnets.flatMap((subnet, index) => {
    const length = cni.podPrefixLengths[index];
    return length === undefined ? [] : [{ subnet, length }];
  });
  return [
    establishDefinitions,
    defaultServiceAccounts,
    keepBootstrapTokens,
    startKubelets(registrations, cluster.kubernetesVersion),
    watchKubelets,
    collectOrphans,
    allocatePodCidrs(networks),
    runDaemonSets,
    runDeployments,
    runStatefulSets,
    placeBarePods,
    runPods,
    kubeRouter,
    ciliumOperator,
    calicoOperator,
    calicoAgents(),
    readyNodes,
    reportDaemonSets,
    reportDeployments,
    reportStatefulSets,
    reportBudgets,
    allocateClusterAddresses(cluster.serviceSubnets),
    keepEndpointSlices,
  ];
}

/**
 * Starts the cluster side of the lab: an API server on loopback that real kubectl and helm work with, and controllers that do what
 * kubelets, the controller manager and the CNI's operator would. Rejects when the port is taken.
 *
 * Left out: RBAC (the token may do everything), admission webhooks, tables (kubectl shows name and age), logs, terminals and input of exec, the scale
 * subresource, schemas of built-in kinds (their unknown fields are kept), ReplicaSets, the drain of a pod's grace period.
 */
export async function startCluster(spec: ClusterSpec, options: ClusterOptions): Promise<LabCluster> {
  const store = new ObjectStore();
  const saved = asJson(options.state.read());
  store.restore(saved);
  const clock = new Clock(() => settleNow());
  const world = createWorld(store, clock, paceOf(options.faults));
  const resources = createRegistry(store, [calicoApi], calicoResources);
  seed(world, spec);
  const known = saved === undefined ? seedNodes(world, spec) : savedRegistrations(listAt(saved, "kubelets"));
  const registrations = new Map(known.map((registration) => [registration.name, registration]));
  const save = () => options.state.write(() => ({ ...store.snapshot(), kubelets: [...registrations.values()] }));
  const controllers = controllersOf(spec, registrations);
  if (saved === undefined) await preinstallCalico(world, spec);
  settle(world, controllers);

  const listeners = new Set<() => void>();
  let waiting = false;
  let quiet = false;
  const settleNow = () => {
    waiting = true;
    settle(world, controllers);
    waiting = false;
    for (const listener of [...listeners]) listener();
  };
  store.subscribe(() => {
    save();
    if (waiting || quiet) return;
    waiting = true;
    queueMicrotask(settleNow);
  });

  let check: Promise<SchemaCheck> | undefined;
  const api: Api = {
    store,
    resources,
    schemaCheck: () => {
      check ??= loadSchemaCheck();
      return check;
    },
    kubeletRuns: (node) => world.machines.runs(node),
    version: spec.cluster.kubernetesVersion,
  };
  const server = await startServer(api, {
    tls: options.tls,
    token: options.token,
    faults: kubeFaults(options.faults),
    exec: options.exec,
    port: options.port,
  });
  const endpoint = `127.0.0.1:${server.port}`;
  writeKubeadmConfig(world, spec, endpoint);
  publishClusterInfo(world, options.ca, endpoint);
  settleNow();
  save();

  const resourceOf = (kind: string): ResourceType | undefined => resources().findLast((resource) => resource.kind === kind);
  return {
    port: server.port,
    list(kind): readonly LabKubeObject[] {
      const resource = resourceOf(kind);
      return resource === undefined ? [] : store.list(resource.storage).map((object) => asServed(resource, object));
    },
    setStatus(kind, namespace, name, status) {
      const resource = resourceOf(kind);
      const object = resource === undefined ? undefined : store.get(resource.storage, namespace, name);
      const value = asJson(status);
      if (resource === undefined || object === undefined || value === undefined) return;
      // What agents report is told to nobody but the watches: the listeners are where it comes from.
      quiet = true;
      world.setStatus(resource, object, value);
      quiet = false;
    },
    machines(states) {
      if (world.machines.update(states)) settleNow();
    },
    join(request) {
      const error = joinProblem(world, options.ca, request);
      if (error !== undefined) return { ok: false, error };
      const { node: name, addresses, labels, taints, certificateKey } = request;
      const isControlPlane = certificateKey !== undefined;
      const registration = { name, addresses, labels, taints: isControlPlane ? [] : taints };
      registrations.set(name, registration);
      registerNode(world, registration, spec.cluster.kubernetesVersion);
      if (isControlPlane) markControlPlane(world, name, taints);
      world.machines.start(name);
      settleNow();
      return { ok: true };
    },
    uploadCertificates(key) {
      uploadCertificates(world, options.ca, key);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      clock.close();
      await server.close();
      options.state.flush();
    },
  };
}

/** A value as JSON, by way of its text; undefined when it is not an object. */
function asJson(value: unknown): JsonObject | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const json: JsonObject = JSON.parse(JSON.stringify(value));
  return json;
}
