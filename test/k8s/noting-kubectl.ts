import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A kubectl that writes down its processes. */
export interface NotingKubectl {
  /** Path of the program. */
  readonly file: string;
  /** The verb of each process since the last time this was asked, `drain` or `other`, in the order in which they began. */
  taken(): readonly string[];
}

/** Makes one that hands everything to a real kubectl. */
export function notingKubectl(directory: string, kubectl: string): NotingKubectl {
  const file = path.join(directory, "noting-kubectl");
  const list = path.join(directory, "noting-kubectl.log");
  const note = `case " $* " in *" drain "*) echo drain ;; *) echo other ;; esac >> '${list}'`;
  writeFileSync(file, `#!/bin/sh\n${note}\nexec '${kubectl}' "$@"\n`);
  chmodSync(file, 0o755);
  return {
    file,
    taken: () => {
      const verbs = existsSync(list) ? readFileSync(list, "utf8").trim().split("\n") : [];
      rmSync(list, { force: true });
      return verbs;
    },
  };
}
