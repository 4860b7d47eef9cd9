import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { labCertificates } from "../lab/certificates.ts";
import { type LabKeys, labKeys } from "../lab/keys.ts";
import type { LabSpec } from "../lab/spec.ts";
import type { Order, Report } from "./simulators-thread.ts";
import { temporaryFolder } from "./temporary.ts";

/** The lab's servers, running in a thread. */
export interface Simulators {
  readonly spec: LabSpec;
  /** Path and text of the authority that signed the controllers' certificate. */
  readonly ca: { readonly file: string; readonly text: string };
  readonly keys: LabKeys;
  /** One order at a time. */
  ask(order: Order): Promise<Report>;
  /** Ends the thread and removes its files. */
  close(): Promise<void>;
}

/** Starts the thread; `specIn` says what the lab is, given the folder it lives in. No server runs before it is asked for. */
export async function startSimulators(specIn: (directory: string) => LabSpec): Promise<Simulators> {
  const folder = temporaryFolder();
  const directory = folder.path;
  const spec = specIn(directory);
  const { ca, caFile } = await labCertificates(directory, []);
  const keys = await labKeys(directory);
  const worker = new Worker(new URL("./simulators-thread.js", import.meta.url), { workerData: spec });
  const ask = async (order: Order): Promise<Report> => {
    worker.postMessage(order);
    const [report]: Report[] = await once(worker, "message");
    if (report === undefined) throw new Error(`no answer to "${order}"`);
    return report;
  };
  return {
    spec,
    ca: { file: caFile, text: ca },
    keys,
    ask,
    close: async () => {
      const ended = once(worker, "exit");
      await ask("close");
      await ended;
      folder.remove();
    },
  };
}
