import { setTimeout as sleep } from "node:timers/promises";
import type { CommandOutput, NodeReader, NodeWriter } from "../../runner/connect/node.ts";
import { exists } from "../../runner/connect/node-commands.ts";
import { type Failure, failed, ok, type Result } from "../../runner/result.ts";
import type { During } from "../../runner/task.ts";
import { KUBELET_CREDENTIALS, kubeletStarts, restartMachine, showBootId, showKubelet, showSystemState } from "./commands.ts";

/** Pause between two looks, in milliseconds. */
const PAUSE = 1000;
/** Seconds of one try to reach the node again: short, so that an interrupted run is heard. */
const TRY = 5;

/** A reboot under way. */
export interface Reboot {
  /** Inventory name. */
  readonly host: string;
  readonly reader: NodeReader;
  readonly writer: NodeWriter;
  readonly during: Pick<During, "tell" | "signal">;
  /** Seconds for all of it. */
  readonly timeout: number;
}

/** What one look at the node found. */
type Look = { readonly kind: "done" } | { readonly kind: "waiting"; readonly why: string };

/** What a wait that took too long is told with. */
interface Late {
  readonly host: string;
  readonly timeout: number;
  readonly why: string;
}

/** Restarts the node and waits until it is back with another boot ID and its services have started. Gives how many seconds that took. */
export async function rebootNode(reboot: Reboot): Promise<Result<{ readonly seconds: number }>> {
  const { host, reader, writer, during } = reboot;
  const before = await bootId(reader);
  if (!before.ok) return before;
  const since = performance.now();
  const told = await writer.run(restartMachine, { mayCutOff: true });
  if (!told.ok) return told;
  // 255: the connection went before the answer came, as it may.
  if (told.value.exitCode !== 0 && told.value.exitCode !== 255) {
    const message = told.value.stderr.trim() || `exit ${told.value.exitCode}`;
    return failed({ kind: "failed", doing: `sudo ${restartMachine.join(" ")}`, message });
  }
  during.tell(`${host} restarts`);
  const back = await wait(reboot, since, () => restarted(reboot, before.value), notBack);
  if (!back.ok) return back;
  during.tell(`${host} is back, its services start`);
  const settled = await wait(reboot, since, () => servicesStarted(reader), notSettled);
  return settled.ok ? ok({ seconds: Math.round((performance.now() - since) / 1000) }) : settled;
}

async function bootId(reader: NodeReader): Promise<Result<string>> {
  const shown = await reader.run(showBootId);
  if (!shown.ok) return shown;
  const id = shown.value.stdout.trim();
  if (shown.value.exitCode === 0 && id !== "") return ok(id);
  return failed({ kind: "failed", doing: showBootId.join(" "), message: shown.value.stderr.trim() || "it is empty" });
}

/** Looks until it is done, the time is up or the run is interrupted; tells each new reason for waiting. */
async function wait(
  { host, during, timeout }: Reboot,
  since: number,
  look: () => Promise<Look>,
  late: (what: Late) => Failure,
): Promise<Result<void>> {
  let told = "";
  for (;;) {
    const seen = await look();
    if (seen.kind === "done") return ok(undefined);
    const { why } = seen;
    if (performance.now() - since >= timeout * 1000) return failed(late({ host, timeout, why }));
    if (during.signal.aborted) return failed(interrupted(host, why));
    if (why !== told) during.tell(`${host}: ${why}`);
    told = why;
    await sleep(PAUSE);
  }
}

/** Whether SSH answers on a machine that has another boot ID. */
async function restarted({ reader, writer }: Reboot, before: string): Promise<Look> {
  const reached = await writer.reconnect(TRY);
  if (!reached.ok) return { kind: "waiting", why: `not reachable: ${reached.failure.message}` };
  const now = await bootId(reader);
  if (!now.ok) return { kind: "waiting", why: `not reachable: ${now.failure.message}` };
  return now.value === before ? { kind: "waiting", why: "still going down" } : { kind: "done" };
}

/** Whether systemd has started everything, and the kubelet runs if it should. */
async function servicesStarted(reader: NodeReader): Promise<Look> {
  const answers = await Promise.all(
    [showSystemState, kubeletStarts, exists(KUBELET_CREDENTIALS), showKubelet].map((command) => reader.run(command)),
  );
  const outputs: CommandOutput[] = [];
  for (const answer of answers) {
    if (!answer.ok) return { kind: "waiting", why: `not reachable: ${answer.failure.message}` };
    outputs.push(answer.value);
  }
  const [system, starts, joined, kubelet] = outputs;
  const state = system?.stdout.trim();
  if (state !== "running" && state !== "degraded") return { kind: "waiting", why: `systemd is ${state}` };
  const needed = starts?.exitCode === 0 && joined?.exitCode === 0;
  const runs = kubelet?.stdout.trim();
  return needed && runs !== "active" ? { kind: "waiting", why: `the kubelet is ${runs}` } : { kind: "done" };
}

function notBack({ host, timeout, why }: Late): Failure {
  return {
    kind: "failed",
    doing: `rebooting ${host}`,
    message: `it has not come back within ${timeout} s: ${why}`,
    meaning: "it hangs going down or starting, or its network does not come up; routes that were withdrawn before stay so",
    next: "look at its console or management controller; when it is up, maintain-node.yaml with -e work=return takes it back; running this again reboots it once more",
  };
}

function notSettled({ host, timeout, why }: Late): Failure {
  return {
    kind: "failed",
    doing: `rebooting ${host}`,
    message: `it is back, but not settled after ${timeout} s: ${why}`,
    meaning: "a service does not start",
    next: `look at ssh ${host} systemctl list-jobs, systemctl --failed and journalctl -b -u kubelet`,
  };
}

function interrupted(host: string, why: string): Failure {
  return {
    kind: "failed",
    doing: `rebooting ${host}`,
    message: `interrupted while waiting for it: ${why}`,
    meaning: "it restarts without us; it is out of service until it is taken back",
    next: "resume the run, or run the playbook again",
  };
}
