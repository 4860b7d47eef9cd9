import type { LabFabric } from "../parts.ts";
import type { Faults, LabNode, LabSpec } from "../spec.ts";
import type { StateFile } from "../state.ts";
import type { ApiState } from "./api.ts";
import { type Controller, type LoggedRequest, refusingPort, startController } from "./controller.ts";
import { injectedFaults } from "./injected-fault.ts";
import { ManagedTree } from "./managed-tree.ts";
import { readSavedTree, restoreTree, saveTree } from "./saved-tree.ts";
import { absentSeeds, configurationSeeds, type FabricFacts, inventorySeeds, RELEASE } from "./seeds.ts";
import { Sessions } from "./session.ts";

/** What the fabric needs beside its facts. */
export interface FabricOptions {
  /** PEM texts of the controllers' certificate. */
  readonly tls: { readonly key: string; readonly cert: string };
  readonly state: StateFile;
  readonly faults: Faults;
  /** What is cabled to the leaves, for the access policies of a fabric that is prepared; none when left out. */
  readonly nodes?: readonly LabNode[];
  /** Ports by controller name; the others get a free one. */
  readonly ports?: ReadonlyMap<string, number>;
}

/** Requests that are remembered: `lab up` may run for days. */
const LONGEST_LOG = 10_000;

/** The simulator, with what tests want to know on top. */
export interface ApicSimulator extends LabFabric {
  /** The latest requests, oldest first, at most 10,000. */
  requests(): readonly LoggedRequest[];
}

/**
 * Starts the fabric's controllers: HTTPS servers on loopback ports over one tree, behaving as aci-objects sections 1 to 6 and 9 say.
 * What was configured in earlier runs is still there; sessions and what switches report are not.
 */
export async function startFabric(spec: LabSpec["fabric"], options: FabricOptions): Promise<ApicSimulator> {
  const faults = injectedFaults(options.faults);
  const facts = { spec, nodes: options.nodes ?? [], faults, release: faults.release ?? RELEASE };
  const { managed, save } = openTree(facts, options.state);
  const state: ApiState = { managed, sessions: new Sessions(faults.tokenExpiry), faults, release: facts.release };
  const stopSaving = managed.onWrite(save);
  const log: LoggedRequest[] = [];
  const remember = (entry: LoggedRequest) => {
    log.push(entry);
    if (log.length > LONGEST_LOG) log.shift();
  };
  const controllers: Controller[] = [];
  const ports = new Map<string, number>();
  for (const { name, id } of spec.controllers) {
    const port = options.ports?.get(name) ?? 0;
    if (faults.down.has(name)) {
      ports.set(name, await refusingPort(options.tls, port));
      continue;
    }
    const controller = await startController({ id, tls: options.tls, state, log: remember }, port);
    controllers.push(controller);
    ports.set(name, controller.port);
  }
  return {
    get asn() {
      return managed.asn;
    },
    objects: () => managed.tree.objects,
    report: (dn, objects) => managed.report(dn, objects),
    plug: (ports) => managed.plug(ports),
    raise: (raised) => managed.raise(raised),
    onWrite: (listener) => managed.onWrite(listener),
    ports,
    requests: () => log,
    async close() {
      await Promise.all(controllers.map((controller) => controller.close()));
      stopSaving();
      options.state.flush();
    },
  };
}

/** The tree as it was left, with the seeds that are new or say something else since: an inventory may have changed. */
function openTree(facts: FabricFacts, file: StateFile): { readonly managed: ManagedTree; readonly save: () => void } {
  const managed = new ManagedTree(facts.spec.asn);
  for (const dn of ["uni/infra", "uni/fabric", "uni/userext"]) managed.seed({ dn });
  const saved = readSavedTree(file.read());
  if (saved !== undefined) restoreTree(managed.tree, saved);
  const seeded: Record<string, string> = { ...saved?.seeded };
  for (const dn of absentSeeds(facts)) {
    managed.tree.remove(dn);
    delete seeded[dn];
  }
  for (const seed of configurationSeeds(facts)) {
    const says = JSON.stringify([seed.attributes, seed.secure]);
    if (seeded[seed.dn] !== says) managed.seed(seed);
    seeded[seed.dn] = says;
  }
  for (const seed of inventorySeeds(facts)) managed.seed(seed);
  managed.settle();
  const save = (): void => file.write(() => saveTree(managed.tree, seeded));
  save();
  return { managed, save };
}
