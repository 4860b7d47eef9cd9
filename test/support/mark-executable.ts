import { chmod } from "node:fs/promises";

/** The compiler writes plain files; npm links the command to this one, which must be executable. */
await chmod(new URL("../../runner/cli/main.js", import.meta.url), 0o755);
