import path from "node:path";
import type { Diagnostic } from "../../runner/diagnostic.ts";
import { type Loaded, type LoadOptions, load } from "../../runner/load/load.ts";
import { testRegistry } from "./registry.ts";
import { withFiles } from "./temporary.ts";

/** A load of `playbook.yaml` and `hosts.yaml` from some files; other options as given. */
export async function loadFiles(
  files: Readonly<Record<string, string>>,
  options: Partial<LoadOptions> = {},
): Promise<{ readonly loaded: Loaded | undefined; readonly diagnostics: readonly Diagnostic[] }> {
  return withFiles(files, async (folder) => {
    const result = await load({
      limit: undefined,
      tags: [],
      skipTags: [],
      extraVars: [],
      lab: false,
      registry: testRegistry,
      ...options,
      playbook: path.join(folder, options.playbook ?? "playbook.yaml"),
      inventories: (options.inventories ?? ["hosts.yaml"]).map((name) => path.join(folder, name)),
    });
    return result.ok
      ? { loaded: result.value, diagnostics: result.value.warnings }
      : { loaded: undefined, diagnostics: result.diagnostics };
  });
}

/** The same, for input that must be good. */
export async function mustLoad(
  files: Readonly<Record<string, string>>,
  options: Parameters<typeof loadFiles>[1] = {},
): Promise<Loaded> {
  const { loaded, diagnostics } = await loadFiles(files, options);
  if (loaded === undefined) throw new Error(JSON.stringify(diagnostics, null, 2));
  return loaded;
}
