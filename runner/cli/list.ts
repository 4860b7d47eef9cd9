import { tasksOf } from "../load/entries.ts";
import { type Loaded, type LoadOptions, load } from "../load/load.ts";
import type { Play, Value } from "../load/model.ts";
import { counted } from "../report/counted.ts";
import { renderDiagnostics } from "../report/diagnostics.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Output, Write } from "./validate.ts";

/** What `underlay list` lists. */
export type Listed = "tasks" | "hosts" | "tags";

/** `underlay list tasks|hosts|tags PLAYBOOK`: what a run with the same options would do, in order. Exit code 0 or 4. */
export async function list(what: Listed, options: LoadOptions & { readonly output?: Output }, write: Write): Promise<number> {
  const loaded = await load(options);
  if (!loaded.ok) {
    write(
      options.output === "json"
        ? `${JSON.stringify({ ok: false, diagnostics: loaded.diagnostics }, null, 2)}\n`
        : renderDiagnostics(loaded.diagnostics, loaded.sources),
    );
    return exitCodes.refused;
  }
  write(options.output === "json" ? `${JSON.stringify(asJson(what, loaded.value), null, 2)}\n` : asText(what, loaded.value));
  return 0;
}

function taskRows(play: Play): { readonly name: string; readonly type: string; readonly tags: readonly string[] }[] {
  return tasksOf(play.entries).map((task) => ({ name: nameOf(task.name), type: task.type.name, tags: task.tags }));
}

/** A task's name as it stands in the playbook; its templates are rendered only for a host. */
function nameOf(name: Value): string {
  if (name.kind === "template") return name.text;
  return name.kind === "literal" ? String(name.value) : "";
}

function tagsOf(play: Play): readonly string[] {
  return [...new Set(tasksOf(play.entries).flatMap((task) => task.tags))].sort((a, b) =>
    a.localeCompare(b, "en", { numeric: true }),
  );
}

function asJson(what: Listed, { playbook }: Loaded): unknown {
  return playbook.plays.map((play) => ({
    play: play.name,
    pattern: play.pattern,
    ...(what === "hosts" ? { hosts: play.hosts } : what === "tags" ? { tags: tagsOf(play) } : { tasks: taskRows(play) }),
  }));
}

function asText(what: Listed, { playbook }: Loaded): string {
  const lines = playbook.plays.flatMap((play) => {
    const head = `${play.name}  (${play.pattern}: ${counted(play.hosts.length, "host")})`;
    if (what === "hosts") return [head, ...play.hosts.map((host) => `  ${host}`)];
    if (what === "tags") return [head, `  ${tagsOf(play).join(", ")}`];
    const rows = taskRows(play);
    const width = Math.max(0, ...rows.map(({ type }) => type.length));
    return [
      head,
      ...rows.map(({ name, type, tags }) => `  ${type.padEnd(width)}  ${name}${tags.length > 0 ? `  [${tags.join(", ")}]` : ""}`),
    ];
  });
  return `${lines.join("\n")}\n`;
}
