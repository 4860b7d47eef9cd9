import { existsSync, rmSync } from "node:fs";
import type { LabEndpoints } from "../../lab/lab.ts";
import type { LabSpec } from "../../lab/spec.ts";
import { loadInventory } from "../load/load.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { onInterruption } from "./interruption.ts";
import { labDirectory } from "./lab-directory.ts";
import { parseFaults } from "./lab-faults.ts";
import { announceLab, fingerprintOf, runningLab, withdrawLab } from "./lab-session.ts";
import { labSpecOf } from "./lab-spec.ts";

/** Flags of `underlay lab`, as commander gives them. */
export interface LabFlags {
  readonly inventory?: readonly string[];
  readonly extraVars?: readonly string[];
  readonly vaultPasswordFile?: string;
  readonly fault?: readonly string[];
  readonly output?: "text" | "json";
}

/** `underlay lab up`: keeps the lab of an inventory running until Ctrl-C and tells how to reach it. */
export async function labUp(flags: LabFlags): Promise<ExitCode> {
  const loaded = await loadInventory({
    inventories: flags.inventory ?? [],
    extraVars: flags.extraVars ?? [],
    vaultPasswordFile: flags.vaultPasswordFile,
    lab: true,
  });
  if (!loaded.ok) {
    const { renderDiagnostics } = await import("../report/diagnostics.ts");
    console.error(renderDiagnostics(loaded.diagnostics, loaded.sources));
    return exitCodes.refused;
  }
  const directory = labDirectory(loaded.value.inventory.sources);
  const spec = labSpecOf(loaded.value, directory);
  const faults = parseFaults(flags.fault ?? []);
  const problems = [...(spec.ok ? [] : spec.problems), ...(faults.ok ? [] : faults.problems)];
  if (!spec.ok || !faults.ok) return refuse(problems);
  const running = runningLab(directory);
  if (running !== undefined) return refuse([`a lab runs here already (process ${running.pid}, since ${running.since})`]);

  const { startLab } = await import("../../lab/lab.ts");
  const lab = await startLab(spec.value, faults.value);
  announceLab(directory, {
    pid: process.pid,
    since: new Date().toISOString(),
    fingerprint: fingerprintOf(spec.value),
    endpoints: lab.endpoints,
  });
  console.log(describe(lab.endpoints, spec.value).join("\n"));
  await new Promise<void>((resolve) => {
    const interruption = onInterruption({ first: () => {} });
    interruption.signal.addEventListener("abort", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
  withdrawLab(directory);
  await lab.close();
  return exitCodes.done;
}

/** `underlay lab status`: whether it runs and how to reach it. */
export function labStatus(flags: LabFlags): ExitCode {
  const directory = labDirectory(flags.inventory ?? []);
  const running = runningLab(directory);
  if (flags.output === "json") {
    console.log(JSON.stringify({ directory, state: existsSync(directory), ...running }));
  } else if (running !== undefined) {
    console.log([`running: process ${running.pid}, since ${running.since}`, ...reach(running.endpoints)].join("\n"));
  } else {
    console.log(
      existsSync(directory)
        ? `not running; its state is kept in ${directory}, and the next run goes on from it`
        : "not running, no state",
    );
  }
  return exitCodes.done;
}

/** `underlay lab reset`: back to a fabric, nodes and a cluster as they were delivered. */
export function labReset(flags: LabFlags): ExitCode {
  const directory = labDirectory(flags.inventory ?? []);
  const running = runningLab(directory);
  if (running !== undefined) return refuse([`the lab is running (process ${running.pid}): stop it with Ctrl-C first`]);
  rmSync(directory, { recursive: true, force: true });
  console.log(`${directory}: forgotten`);
  return exitCodes.done;
}

/** `underlay lab power`: switches a node on or off; its lab must not run, since that has the switch then. */
export async function labPower(node: string, power: "on" | "off", flags: LabFlags): Promise<ExitCode> {
  const directory = labDirectory(flags.inventory ?? []);
  const running = runningLab(directory);
  if (running !== undefined) {
    const by = power === "off" ? `or switch it off from within: ssh … sudo systemctl poweroff` : "and start it again after";
    return refuse([`the lab is running (process ${running.pid}): stop it with Ctrl-C first, ${by}`]);
  }
  const [{ setPower }, { StateFile }] = await Promise.all([import("../../lab/linux/set-power.ts"), import("../../lab/state.ts")]);
  if (!existsSync(directory) || !setPower(StateFile.open(directory, "nodes"), node, power)) {
    return refuse([`the lab in ${directory} knows no node ${node}: it is made by the first run with its inventory`]);
  }
  console.log(`${node} is ${power} when the lab starts`);
  return exitCodes.done;
}

function describe(endpoints: LabEndpoints, spec: LabSpec): string[] {
  const [, apic] = Object.entries(endpoints.apics)[0] ?? [];
  const [node, port] = Object.entries(endpoints.nodes)[0] ?? [];
  return [
    "The lab is up. Ctrl-C ends it; its state is kept.",
    "",
    ...reach(endpoints),
    "",
    "With other clients:",
    `  curl --cacert ${endpoints.caFile} https://${endpoints.address}:${apic}/api/aaaLogin.json -d '{"aaaUser":{"attributes":{"name":"${spec.fabric.username}","pwd":"<fabric.password>"}}}'`,
    `  ssh -i ${endpoints.sshKeyFile} -o UserKnownHostsFile=${endpoints.knownHostsFile} -p ${port} ${userOf(spec, node)}@${endpoints.address}`,
    `  ${endpoints.kubectl} --kubeconfig ${endpoints.kubeconfig} get nodes`,
  ];
}

function reach(endpoints: LabEndpoints): string[] {
  const list = (ports: Readonly<Record<string, number>>) =>
    Object.entries(ports)
      .map(([name, port]) => `${name} ${endpoints.address}:${port}`)
      .join("\n            ");
  return [
    `APIC        ${list(endpoints.apics)}`,
    `SSH         ${list(endpoints.nodes)}`,
    `key         ${endpoints.sshKeyFile}`,
    `CA          ${endpoints.caFile}`,
    `kubeconfig  ${endpoints.kubeconfig}`,
    `charts      ${endpoints.chartRepository}`,
  ];
}

function userOf(spec: LabSpec, node: string | undefined): string {
  return spec.nodes.find((candidate) => candidate.name === node)?.user ?? "root";
}

function refuse(problems: readonly string[]): ExitCode {
  for (const problem of problems) console.error(`underlay: ${problem}`);
  return exitCodes.refused;
}
