import type { Command, CommandOutput, NodeReader, NodeWriter } from "../../runner/connect/node.ts";
import { type Failure, failed, ok, type Result } from "../../runner/result.ts";
import type { NetworkPlan } from "./network-plan.ts";

/** A change of a node's network that takes effect only if the node can still be reached after it. */
export interface GuardedChange {
  readonly reader: NodeReader;
  readonly writer: NodeWriter;
  readonly plan: Pick<NetworkPlan, "files" | "drift">;
  /** Seconds after which the node takes the change back by itself. */
  readonly timeout: number;
  /** What is still not as wanted; empty: confirm. A failure: the node could not be asked. */
  readonly unmet: () => Promise<Result<readonly string[]>>;
}

/** How the node looked until time was up. */
export type Verdict =
  | { readonly kind: "good" }
  | { readonly kind: "wrong"; readonly reasons: readonly string[] }
  | { readonly kind: "cut-off"; readonly failure: Failure };

/** Runs a command; a non-zero exit is a failure with what it printed. */
export async function must(writer: NodeWriter, command: Command): Promise<Result<CommandOutput>> {
  const done = await writer.run(command);
  return done.ok ? zeroExit(command, done.value) : done;
}

/** The failure of a command that ended with another exit code than 0. */
export function zeroExit(command: Command, output: CommandOutput): Result<CommandOutput> {
  const { exitCode, stderr, stdout } = output;
  if (exitCode === 0) return ok(output);
  return failed({
    kind: "failed",
    doing: `sudo ${command.join(" ")}`,
    message: stderr.trim() || stdout.trim() || `exit ${exitCode}`,
  });
}
