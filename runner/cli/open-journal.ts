import { RUNS } from "../journal/past-run.ts";
import { type OpenJournal, startJournal } from "../journal/start-journal.ts";
import type { Job } from "./execute.ts";
import { version } from "./version.ts";

/** Begins the journal of a run. A disk that takes none does not stop the run, but the user is warned. */
export function openJournal({ playbook, loaded, flags, earlier }: Job, warn: (message: string) => void): OpenJournal | undefined {
  const { inventory, limit, tags, skipTags, vaultPasswordFile, extraVars, lab, forks, diff, verbose } = flags;
  try {
    return startJournal({
      runs: RUNS,
      version: version(),
      loaded,
      input: {
        playbook,
        ...(inventory === undefined ? {} : { inventory: [...inventory] }),
        ...(limit === undefined ? {} : { limit }),
        ...(tags === undefined ? {} : { tags: [...tags] }),
        ...(skipTags === undefined ? {} : { skipTags: [...skipTags] }),
        ...(vaultPasswordFile === undefined ? {} : { vaultPasswordFile }),
      },
      extraVars: extraVars ?? [],
      lab: lab ?? false,
      flags: { forks, ...(diff === undefined ? {} : { diff }), ...(verbose === undefined ? {} : { verbose }) },
      after: earlier,
      onLoss: warn,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    warn(`no journal can be written in ${RUNS}, should this run be interrupted it cannot be resumed: ${why}`);
    return undefined;
  }
}
