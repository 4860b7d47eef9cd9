import type { Controller, World } from "../controllers/world.ts";
import { condition } from "../controllers/world.ts";
import { builtinOf } from "../objects/builtin-resources.ts";
import { type KubeObject, listAt, objectAt } from "../objects/kube-object.ts";
import { calicoApi } from "./aggregated-api.ts";
import { installDeployment, installNode, isAvailable, makeNamespace, versionOf } from "./components.ts";
import { completeInstallation, poolProblem } from "./installation.ts";
import { reconcilePools } from "./ip-pools.ts";
import { apiServers, defaultOf, installations, isDefined, OPERATOR, SYSTEM } from "./kinds.ts";
import { removeApi, removeCalico } from "./removal.ts";
import { type ComponentState, reportComponent } from "./tigera-status.ts";

/**
 * What the Tigera operator does once its Deployment runs: completes the Installation, installs Calico, makes the pools, installs Calico's
 * API server when an APIServer asks for it, and reports in TigeraStatus. Without the operator nothing is changed and nothing taken down.
 */
export const calicoOperator: Controller = (world) => {
  const deployments = world.store.list(builtinOf("Deployment").storage);
  const operator = deployments.find((deployment) => deployment.metadata.name === "tigera-operator");
  if (operator !== undefined && isAvailable(operator) && isDefined(world, installations)) {
    const installation = defaultOf(world, installations);
    if (installation === undefined) removeCalico(world);
    else install(world, installation, versionOf(operator));
    const server = isDefined(world, apiServers) ? defaultOf(world, apiServers) : undefined;
    if (server === undefined) removeApi(world);
    else serveApi(world, server, installation !== undefined, versionOf(operator));
  }
};

function install(world: World, installation: KubeObject, version: string): void {
  const problem = poolProblem(world, installation);
  if (problem !== undefined) {
    reportComponent(world, "ippools", { state: "degraded", reason: "InvalidConfigurationError", message: problem });
    reportComponent(world, "calico", { state: "degraded", reason: "ResourceNotReady", message: "Waiting for IP pools" });
    return;
  }
  completeInstallation(world, installation);
  const complete = defaultOf(world, installations) ?? installation;
  makeNamespace(world);
  const pools = reconcilePools(world, complete);
  reportComponent(world, "ippools", stateOf(pools, "degraded"));
  const waiting = installNode(world, version);
  const state = stateOf(waiting, "progressing");
  reportComponent(world, "calico", state);
  const current = defaultOf(world, installations) ?? complete;
  world.setStatus(installations, current, {
    variant: "Calico",
    calicoVersion: version,
    computed: objectAt(current, "spec"),
    conditions: [
      condition(listAt(current, "status", "conditions"), {
        type: "Ready",
        status: waiting === undefined,
        reason: waiting === undefined ? "AllObjectsAvailable" : "ResourceNotReady",
        message: waiting ?? "All objects available",
      }),
    ],
  });
}

function stateOf(problem: string | undefined, otherwise: "degraded" | "progressing"): ComponentState {
  if (problem === undefined) return { state: "available" };
  return { state: otherwise, reason: "ResourceUpdateError", message: problem };
}

/** `projectcalico.org/v3` is served while the Deployment behind its APIService is available. */
function serveApi(world: World, server: KubeObject, installed: boolean, version: string): void {
  if (!installed) {
    const message = "Waiting for Installation to be ready";
    reportComponent(world, "apiserver", { state: "degraded", reason: "ResourceNotReady", message });
    return;
  }
  const waiting = installDeployment(world, "calico-apiserver", "apiserver", version, {});
  const resource = builtinOf("APIService");
  const name = calicoApi.service;
  const service = { name: "calico-api", namespace: SYSTEM, port: 443 };
  const spec = { group: "projectcalico.org", version: "v3", groupPriorityMinimum: 1500, versionPriority: 200, service };
  world.ensure(resource, { name }, { spec }, OPERATOR);
  const found = world.store.get(resource.storage, undefined, name);
  if (found !== undefined) {
    const reason = waiting === undefined ? "Passed" : "MissingEndpoints";
    const available = { type: "Available", status: waiting === undefined, reason, message: waiting ?? "all checks passed" };
    world.setStatus(resource, found, { conditions: [condition(listAt(found, "status", "conditions"), available)] });
  }
  const state = stateOf(waiting, "progressing");
  reportComponent(world, "apiserver", state);
  world.setStatus(apiServers, server, { state: waiting === undefined ? "Ready" : "NotReady" });
}
