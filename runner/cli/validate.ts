import { tasksOf } from "../load/entries.ts";
import { type LoadOptions, load } from "../load/load.ts";
import { counted } from "../report/counted.ts";
import { renderDiagnostics } from "../report/diagnostics.ts";
import { exitCodes } from "./exit-codes.ts";

/** Where a verb's text goes. */
export type Write = (text: string) => void;

/** How a verb prints: for people, or one JSON value. */
export type Output = "plain" | "json";

/** `underlay validate`: everything that can be found without connecting. Exit code 0 or 4. */
export async function validate(options: LoadOptions & { readonly output?: Output }, write: Write): Promise<number> {
  const loaded = await load(options);
  const diagnostics = loaded.ok ? loaded.value.warnings : loaded.diagnostics;
  if (options.output === "json") {
    write(`${JSON.stringify({ ok: loaded.ok, diagnostics }, null, 2)}\n`);
    return loaded.ok ? 0 : exitCodes.refused;
  }
  if (!loaded.ok) {
    write(renderDiagnostics(diagnostics, loaded.sources));
    return exitCodes.refused;
  }
  const { playbook, inventory, sources } = loaded.value;
  if (diagnostics.length > 0) write(`${renderDiagnostics(diagnostics, sources)}\n`);
  const tasks = playbook.plays.reduce((sum, play) => sum + tasksOf(play.entries).length, 0);
  write(
    `${counted(playbook.plays.length, "play")}, ${counted(tasks, "task")}, ${counted(inventory.groups.get("all")?.length ?? 0, "host")}: ok\n`,
  );
  return 0;
}
