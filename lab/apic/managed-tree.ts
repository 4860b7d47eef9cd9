import { isDeepStrictEqual } from "node:util";
import type { LabFabric, LabPort } from "../parts.ts";
import type { Outcome } from "./answer.ts";
import { applyDelete, applyIntents, createImplicit, type Writer } from "./apply.ts";
import { classTable } from "./class-table.ts";
import { configIssues } from "./config-issue.ts";
import { deployedVlans } from "./deployed-vlans.ts";
import { isWithin, resolveDn } from "./dn.ts";
import { datedFaults, faultObjects, faultOn } from "./fault-object.ts";
import type { Intent } from "./intent.ts";
import { type LeafInterface, leafInterfaces } from "./l3out-view.ts";
import { leafBgp } from "./leaf-bgp.ts";
import { leafPorts } from "./leaf-port.ts";
import { changed, newObject } from "./object.ts";
import { configFaults } from "./policy-fault.ts";
import { type PortView, portView } from "./port-view.ts";
import { mirrorObjects, resolveRelations } from "./relation.ts";
import { SwitchLayer } from "./switch-layer.ts";
import type { SwitchObject } from "./switch-object.ts";
import { type ObjectChange, Tree } from "./tree.ts";

/** An object that exists before any client writes. */
export interface Seed {
  readonly dn: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly secure?: Readonly<Record<string, string>>;
}

/** The tree with everything that follows from it: relations, faults, what the leaves make of the configuration. */
export class ManagedTree {
  readonly tree = new Tree();
  readonly #layer = new SwitchLayer(this.tree);
  readonly #listeners = new Set<() => void>();
  readonly #asn: number;
  #deployed: readonly LeafInterface[] = [];
  #plugged: readonly LabPort[] = [];

  /** `asn` is the fabric AS until the configuration says another. */
  constructor(asn: number) {
    this.#asn = asn;
  }

  /** AS of the fabric, `uni/fabric/bgpInstP-default/as`. */
  get asn(): number {
    const configured = Number(this.tree.get("uni/fabric/bgpInstP-default/as")?.attributes.asn ?? 0);
    return configured > 0 ? configured : this.#asn;
  }

  /** Makes an object with its parents and implicit children; one that is there already gets the given values. */
  seed({ dn, attributes = {}, secure = {} }: Seed): void {
    const existing = this.tree.get(dn);
    if (existing !== undefined) {
      this.tree.put({ ...changed(existing, attributes), secure: { ...existing.secure, ...secure } });
      return;
    }
    const steps = resolveDn(dn);
    if ("position" in steps) throw new Error(`seed ${dn}: no class for ${steps.rn}`);
    for (const step of steps) {
      if (this.tree.get(step.dn) !== undefined) continue;
      this.tree.put(step.dn === dn ? newObject(step, attributes, secure) : newObject(step));
      createImplicit(this.tree, step.dn, step.model);
    }
  }

  /** Carries out a POST. */
  write(intents: readonly Intent[], writer: Writer): Outcome<readonly ObjectChange[]> {
    return this.#settled(applyIntents(this.tree, intents, writer));
  }

  /** Carries out a DELETE. */
  delete(dn: string, writer: Writer): Outcome<readonly ObjectChange[]> {
    return this.#settled(applyDelete(this.tree, dn, writer));
  }

  #settled(outcome: Outcome<readonly ObjectChange[]>): Outcome<readonly ObjectChange[]> {
    if (!outcome.ok || outcome.value.length === 0) return outcome;
    this.settle();
    for (const listener of this.#listeners) queueMicrotask(listener);
    return outcome;
  }

  /** Brings everything that follows from the configuration up to date. */
  settle(): void {
    resolveRelations(this.tree);
    this.#layer.replace("mirrors", mirrorObjects(this.tree));
    const interfaces = leafInterfaces(this.tree);
    for (const { dn, property, value } of configIssues(this.tree, interfaces)) {
      const object = this.tree.get(dn);
      if (object !== undefined) this.tree.put(changed(object, { [property]: value }));
    }
    const ports = portView(this.tree);
    const faults = configFaults(this.tree, interfaces, ports);
    const refused = new Set(faults.map(({ policy, nodeDn }) => `${nodeDn} ${policy.dn}`));
    this.#deployed = interfaces.filter(({ object, nodeDn }) => !refused.has(`${nodeDn} ${object.dn}`));
    this.#layer.replace("configuration", leafBgp(this.tree, this.#deployed, this.asn));
    this.#layer.replace("configuration faults", this.#dated(faultObjects(faults)));
    this.#settlePorts(ports);
  }

  #settlePorts(ports: PortView): void {
    const vlans = deployedVlans(this.tree, this.#deployed);
    this.#layer.replace("ports", leafPorts(this.tree, ports, { plugged: this.#plugged, vlans }));
  }

  /** See LabFabric.plug. */
  plug(plugged: readonly LabPort[]): void {
    if (isDeepStrictEqual(plugged, this.#plugged)) return;
    this.#plugged = plugged;
    this.#settlePorts(portView(this.tree));
  }

  #dated(faults: readonly SwitchObject[]): readonly SwitchObject[] {
    return datedFaults(faults, (dn) => this.tree.get(dn)?.attributes.created);
  }

  /** See LabFabric.report. */
  report(dn: string, objects: readonly SwitchObject[]): void {
    const stray = objects.find((object) => !isWithin(object.dn, dn) || !classTable.has(object.className));
    if (stray !== undefined) throw new Error(`report of ${dn}: ${stray.className} ${stray.dn} does not belong there`);
    this.#layer.replace(`report ${dn}`, objects);
  }

  /** See LabFabric.raise. */
  raise(faults: Parameters<LabFabric["raise"]>[0]): void {
    this.#layer.replace("raised faults", this.#dated(faults.map((fault) => faultOn(fault.dn, fault))));
  }

  /** See LabFabric.onWrite. */
  onWrite(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
