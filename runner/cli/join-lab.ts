import type { Loaded, LoadedInventory } from "../load/load.ts";
import { applyOverlay, hostVariables } from "../load/overlay.ts";
import { labDirectory } from "./lab-directory.ts";
import { parseFaults } from "./lab-faults.ts";
import { overlayOf } from "./lab-overlay.ts";
import { fingerprintOf, runningLab } from "./lab-session.ts";
import { labSpecOf } from "./lab-spec.ts";

/** A run's input with the lab's endpoints in it, or why there can be no lab for it. */
export type JoinedLab =
  | { readonly ok: true; readonly loaded: Loaded; close(): Promise<void> }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Lets a run speak to the lab: joins the one that `lab up` keeps running for this inventory, else starts one for the length of the run.
 * `faults` are `name=value`.
 */
export async function joinLab(loaded: Loaded, options: { readonly faults: readonly string[] }): Promise<JoinedLab> {
  const directory = labDirectory(loaded.inventory.sources);
  const spec = labSpecOf(loaded, directory);
  if (!spec.ok) return spec;
  const running = runningLab(directory);
  if (running !== undefined && running.fingerprint !== fingerprintOf(spec.value)) {
    return {
      ok: false,
      problems: [`a lab runs here for other input (process ${running.pid}): stop it with Ctrl-C and start it again`],
    };
  }
  if (running !== undefined && options.faults.length > 0) {
    return {
      ok: false,
      problems: [`a lab runs already (process ${running.pid}): faults are switched on when it starts, lab up --fault …`],
    };
  }
  if (running !== undefined) return { ok: true, loaded: withEndpoints(loaded, running.endpoints), close: async () => {} };
  const faults = parseFaults(options.faults);
  if (!faults.ok) return faults;
  const { startLab } = await import("../../lab/lab.ts");
  const lab = await startLab(spec.value, faults.value);
  return { ok: true, loaded: withEndpoints(loaded, lab.endpoints), close: () => lab.close() };
}

function withEndpoints(loaded: Loaded, endpoints: Parameters<typeof overlayOf>[0]): Loaded {
  return applyOverlay(loaded, overlayOf(endpoints, clusterOf(loaded)));
}

function clusterOf(loaded: LoadedInventory) {
  const variables = hostVariables(loaded, "localhost");
  return variables.kind === "value" ? variables.value.cluster : undefined;
}
