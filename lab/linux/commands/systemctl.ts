import { type Command, fail, ok } from "../command.ts";
import { macOf } from "../installed.ts";
import { hasJoined, type Machine } from "../machine.ts";
import { apply } from "../netplan/apply.ts";
import { readOptions } from "../options.ts";
import { splitUnit } from "../units.ts";
import { rebootBy } from "./reboot.ts";

/** Units of the installed system, which are always active. */
const STANDING: ReadonlySet<string> = new Set(["systemd-networkd", "ssh", "sshd", "systemd-resolved", "containerd", "cron"]);

/** Starts with the machine, too, but can be stopped. */
const KUBELET = "kubelet";

/** systemctl(1): is-active, is-enabled, is-system-running, status, start, stop, restart, reset-failed, daemon-reload, list-timers, reboot, poweroff. */
export const systemctl: Command = async (call) => {
  const { machine, user, args } = call;
  const { rest, flags } = readOptions(args, { flags: ["no-block", "quiet", "q", "no-pager", "all", "now"] });
  const [verb = "", ...names] = rest;
  switch (verb) {
    case "is-active":
    case "status": {
      const states = names.map((name) => stateOfUnit(machine, name));
      const lines = flags.has("quiet") || flags.has("q") ? "" : states.map((state) => `${state}\n`).join("");
      return states.includes("active") ? ok(lines) : { exitCode: 3, stdout: lines, stderr: "" };
    }
    case "is-enabled":
      return ok(names.map((name) => `${isEnabled(name) ? "enabled" : "transient"}\n`).join(""));
    case "is-system-running": {
      const state = systemState(machine);
      return { exitCode: state === "running" ? 0 : 1, stdout: `${state}\n`, stderr: "" };
    }
    case "reboot":
    case "poweroff":
      return rebootBy(verb)(call);
    case "list-timers":
      return ok(
        `NEXT UNIT\n${machine.units
          .pending()
          .map(({ due, unit }) => `${new Date(due).toISOString()} ${unit}.timer\n`)
          .join("")}`,
      );
    case "start":
    case "stop":
    case "restart":
    case "reload":
    case "reset-failed":
    case "daemon-reload":
      if (user !== "root") return fail(1, `Failed to ${verb} ${names[0] ?? ""}: Interactive authentication required.`);
      return change(machine, verb, names, flags.has("no-block"));
    default:
      return fail(1, `Unknown command verb ${verb}.`);
  }
};

function isEnabled(name: string): boolean {
  const { unit } = splitUnit(name);
  return STANDING.has(unit) || unit === KUBELET;
}

/** The manager's state (systemctl(1), is-system-running). */
function systemState({ power }: Machine): "starting" | "running" | "stopping" {
  if (power === "rebooting" || power === "powering-off") return "stopping";
  return power === "starting" ? "starting" : "running";
}

function stateOfUnit(machine: Machine, name: string): string {
  const { unit } = splitUnit(name);
  if (unit === KUBELET) return kubeletState(machine);
  return STANDING.has(unit) ? "active" : machine.units.state(name);
}

/** Without credentials the kubelet ends at once and systemd starts it again, without end. */
function kubeletState(machine: Machine): string {
  if (machine.kubeletStopped) return "inactive";
  return hasJoined(machine) && systemState(machine) === "running" ? "active" : "activating";
}

async function change(
  machine: Machine,
  verb: string,
  names: readonly string[],
  noBlock: boolean,
): Promise<ReturnType<typeof ok>> {
  if (verb === "daemon-reload") return ok();
  if (verb === "reset-failed") machine.units.resetFailed();
  for (const name of names) {
    const { unit, kind } = splitUnit(name);
    const full = `${unit}.${kind}`;
    if (unit === KUBELET) {
      machine.kubeletStopped = verb === "stop" || (verb !== "start" && verb !== "restart" && machine.kubeletStopped);
      continue;
    }
    if (STANDING.has(unit)) {
      if (unit === "systemd-networkd" && verb !== "stop")
        apply(machine.files, machine.network, (link) => macOf(machine.spec.name, link));
      continue;
    }
    if (!machine.units.isLoaded(full)) {
      if (verb === "reset-failed" || verb === "start") return fail(5, `Failed to ${verb} ${full}: Unit ${full} not found.`);
      return fail(5, `Failed to ${verb} ${full}: Unit ${full} not loaded.`);
    }
    if (verb === "stop") machine.units.stop(full);
    const command = machine.units.commandOf(unit);
    if (verb !== "start" || kind !== "service" || command === undefined) continue;
    const ended = machine.units.startService(unit, command);
    if (!noBlock && (await ended) !== 0)
      return fail(1, `Job for ${full} failed because the control process exited with error code.`);
  }
  machine.changed();
  return ok();
}
