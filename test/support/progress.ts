import type { Progress } from "../../runner/task-type.ts";

/** For tasks whose progress does not matter: says nothing, is never interrupted. */
export const quiet: Progress = { tell: () => {}, signal: new AbortController().signal };
