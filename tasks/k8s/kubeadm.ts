import type { Command, NodeWriter, SecretText } from "../../runner/connect/node.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import { mask, type Secret } from "../../runner/secret.ts";
import type { During } from "../../runner/task.ts";
import { fillKubeadmFile, KUBEADM_FILE, makeKubeadmFile, removeKubeadmFile } from "../node/commands.ts";
import { must } from "../node/guard.ts";

/** Seconds to reach a node again, to take the file away after the connection was lost. */
const AGAIN = 10;

/** A run of kubeadm with a configuration that holds secrets. */
interface KubeadmRun {
  readonly during: Pick<During, "at" | "tell">;
  /** Inventory name of the machine. */
  readonly node: string;
  /** Reads KUBEADM_FILE. */
  readonly command: Command;
  readonly configuration: SecretText;
  /** Masked in what kubeadm says. */
  readonly secrets: readonly Secret[];
  /** Seconds. */
  readonly timeout: number;
}

/** Puts the configuration into memory on the machine, for root alone, runs kubeadm and takes it away again, whatever happened. */
export async function runKubeadm(run: KubeadmRun): Promise<Result<void>> {
  const side = await run.during.at("node", run.node);
  if (!side.ok) return side;
  const { writer } = side.value;
  try {
    return await withFile(writer, run);
  } finally {
    await cleanUp(writer, run);
  }
}

async function withFile(
  writer: NodeWriter,
  { node, command, configuration, secrets, timeout }: KubeadmRun,
): Promise<Result<void>> {
  const made = await must(writer, makeKubeadmFile);
  if (!made.ok) return made;
  const filled = await writer.run(fillKubeadmFile, { input: configuration });
  if (!filled.ok) return filled;
  const doing = `sudo ${command.join(" ")} on ${node}`;
  if (filled.value.exitCode !== 0) return failed({ kind: "failed", doing, message: filled.value.stderr.trim() });
  const ran = await writer.run(command, { timeout });
  if (!ran.ok) return ran;
  const { exitCode, stdout, stderr } = ran.value;
  if (exitCode === 0) return ok(undefined);
  const said = (stderr.trim() || stdout.trim() || `exit ${exitCode}`).replace(/\nTo see the stack trace[^\n]*$/, "");
  return failed({ kind: "failed", doing, message: mask(said, secrets) });
}

/** Takes away what a run that was killed has left on a machine that joined all the same. */
export async function removeLeftFile(during: KubeadmRun["during"], node: string): Promise<void> {
  const side = await during.at("node", node);
  if (side.ok) await cleanUp(side.value.writer, { during, node });
  else during.tell(`${KUBEADM_FILE} may still be on ${node}; only root can read it, and a restart clears it`);
}

/** Removing twice is harmless, so it is done again on a new connection when the first was lost. */
async function cleanUp(writer: NodeWriter, { during, node }: Pick<KubeadmRun, "during" | "node">): Promise<void> {
  const removed = await must(writer, removeKubeadmFile);
  if (removed.ok) return;
  const reached = await writer.reconnect(AGAIN);
  const again = reached.ok ? await must(writer, removeKubeadmFile) : reached;
  if (!again.ok) during.tell(`${KUBEADM_FILE} could not be removed from ${node}; only root can read it, and a restart clears it`);
}
