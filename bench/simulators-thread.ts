import { parentPort, workerData } from "node:worker_threads";
import { type ApicSimulator, startFabric } from "../lab/apic/fabric.ts";
import { labCertificates } from "../lab/certificates.ts";
import { labKeys } from "../lab/keys.ts";
import { startNodes } from "../lab/linux/nodes.ts";
import type { LabNodes } from "../lab/parts.ts";
import type { LabSpec } from "../lab/spec.ts";
import { StateFile } from "../lab/state.ts";

/** What the thread can be asked: a fabric without configuration, the nodes, what the fabric was asked so far, to end. */
export type Order = "fresh fabric" | "nodes" | "requests" | "close";

/** Its answers. */
export interface Report {
  /** Loopback ports by name of controller or node. */
  readonly ports: ReadonlyMap<string, number>;
  /** Requests to the fabric since it was started, in order. */
  readonly requests: readonly { readonly method: string; readonly path: string }[];
}

/**
 * The lab's servers in a thread of their own: what they cost is not measured as if it were the client's, and they answer while the client
 * works, as switches and hosts do.
 */
const spec: LabSpec = workerData;
let fabric: ApicSimulator | undefined;
let nodes: LabNodes | undefined;
let started = 0;

async function carryOut(order: Order): Promise<Report> {
  const faults = new Map<string, string>();
  switch (order) {
    case "fresh fabric": {
      await fabric?.close();
      const { server } = await labCertificates(spec.directory, []);
      fabric = await startFabric(spec.fabric, {
        tls: server,
        state: StateFile.open(spec.directory, `fabric-${++started}`),
        faults,
      });
      return { ports: fabric.ports, requests: [] };
    }
    case "nodes": {
      const keys = await labKeys(spec.directory);
      nodes = await startNodes(spec.nodes, {
        hostKey: keys.hostKey,
        authorizedKeys: [keys.clientPublicKey],
        state: StateFile.open(spec.directory, "nodes"),
        faults,
      });
      return { ports: nodes.ports, requests: [] };
    }
    case "requests":
      return { ports: new Map(), requests: fabric?.requests() ?? [] };
    case "close":
      await Promise.all([fabric?.close(), nodes?.close()]);
      return { ports: new Map(), requests: [] };
    default:
      return order satisfies never;
  }
}

parentPort?.on("message", async (order: Order) => {
  const report = await carryOut(order);
  parentPort?.postMessage(report);
  if (order === "close") parentPort?.close();
});
