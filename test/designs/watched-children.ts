import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
/** What was seen of the programs that underlay started. */
export interface Seen {
  /** Processes other than node, such as kubectl and helm. */
  readonly programs: number;
  /** Arguments and environments of all processes, one after the other. */
  readonly text: string;
}

/** Milliseconds between two looks; kubectl lives for about 50. */
const BETWEEN_LOOKS = 15;

/** Looks at every process that works in a folder, as another user of the machine could at least at the arguments (proc(5)). */
export function watchedChildren(folder: string): { stop(): Seen } {
  const place = realpathSync(folder);
  const seen = new Map<string, string>();
  const programs = new Set<string>();
  const look = () => {
    for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        if (readlinkSync(`/proc/${id}/cwd`) !== place) continue;
        const args = readFileSync(`/proc/${id}/cmdline`, "latin1");
        if (!args.startsWith(process.execPath)) programs.add(id);
        seen.set(`${id} ${args}`, readFileSync(`/proc/${id}/environ`, "latin1"));
      } catch {
        // It has ended meanwhile.
      }
    }
  };
  const timer = setInterval(look, BETWEEN_LOOKS);
  return {
    stop: () => {
      clearInterval(timer);
      return { programs: programs.size, text: [...seen].flat().join("\n") };
    },
  };
}
