import type { Loaded, LoadOptions } from "../load/load.ts";

/** Loads and checks the input; undefined when it is refused, after telling every reason on standard error. */
export async function loadInput(options: LoadOptions): Promise<Loaded | undefined> {
  const { load } = await import("../load/load.ts");
  const result = await load(options);
  if (result.ok) return result.value;
  const { renderDiagnostics } = await import("../report/diagnostics.ts");
  process.stderr.write(renderDiagnostics(result.diagnostics, result.sources));
  return undefined;
}
