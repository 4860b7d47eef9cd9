#!/usr/bin/env node
import { CommanderError } from "commander";
import { exitCodes } from "./exit-codes.ts";
import { buildProgram } from "./program.ts";

/**
 * The command. Everything but the command line's own parser is loaded by the verb that needs it, so that `--help` is quick. A bug is one
 * line; its stack only with `--debug`.
 */
process.stdout.on("error", ignoreClosedPipe);
process.stderr.on("error", ignoreClosedPipe);
try {
  const program = buildProgram({
    start: async (verb) => {
      process.exitCode = await verb();
    },
    registry: async () => (await import("../../tasks/index.ts")).registry,
  });
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
// What was interrupted may still hold a timer or a connection; the output is written first.
if (process.exitCode === exitCodes.interrupted) process.stdout.write("", () => process.exit());

/** `underlay … | head`, or a terminal that was closed: who reads has gone, but a run that writes to a fabric must not stop half way because of it. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.refused;
  const debug = process.argv.includes("--debug");
  const [first] = String(error instanceof Error ? error.message : error).split("\n");
  console.error(`underlay: internal error: ${first}`);
  if (debug && error instanceof Error) console.error(error.stack);
  else console.error("This is a bug in underlay. Run again with --debug to see where, and report it.");
  return exitCodes.internalError;
}
