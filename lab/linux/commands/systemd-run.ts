import { type Command, fail, ok } from "../command.ts";
import { readOptions } from "../options.ts";

/** Units in systemd.time(7), in milliseconds. */
const SPANS: Readonly<Record<string, number>> = {
  "": 1000,
  s: 1000,
  sec: 1000,
  seconds: 1000,
  ms: 1,
  m: 60_000,
  min: 60_000,
  minutes: 60_000,
  h: 3_600_000,
};

/** A time span such as `90`, `60s`, `1min 30s`, in milliseconds; undefined when it is none. */
function timeSpan(text: string): number | undefined {
  let total = 0;
  for (const part of text.trim().split(/\s+(?=\d)|(?<=[a-z])(?=\d)/)) {
    const [, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(part) ?? [];
    const length = SPANS[unit];
    if (amount === "" || length === undefined) return undefined;
    total += Number(amount) * length;
  }
  return total;
}

/** systemd-run(1): a command as a transient service, at once or after `--on-active`; the answer does not wait for it unless `--wait`. */
export const systemdRun: Command = async ({ machine, user, args }) => {
  const { rest, values, flags, unknown } = readOptions(args, {
    flags: ["quiet", "q", "collect", "G", "no-block", "wait"],
    withValue: ["unit", "u", "on-active", "timer-property", "property", "p", "description", "service-type"],
    stop: true,
  });
  if (unknown !== undefined) return fail(1, `systemd-run: unrecognized option '${unknown}'`);
  if (rest.length === 0) return fail(1, "Command line to execute required.");
  if (user !== "root") return fail(1, "Failed to start transient service unit: Interactive authentication required.");
  const unit = (values.get("unit") ?? values.get("u") ?? `run-r${Date.now().toString(16)}`).replace(/\.(?:service|timer)$/, "");
  const quiet = flags.has("quiet") || flags.has("q");
  const after = values.get("on-active");
  const kind = after === undefined ? "service" : "timer";
  if (machine.units.isLoaded(`${unit}.${kind}`)) {
    return fail(1, `Failed to start transient ${kind} unit: Unit ${unit}.${kind} was already loaded or has a fragment file.`);
  }
  if (after === undefined) {
    const ended = machine.units.startService(unit, rest);
    const collect = () => (flags.has("collect") || flags.has("G") ? machine.units.resetFailed() : undefined);
    void ended.then(collect);
    if (flags.has("wait")) return { exitCode: await ended, stdout: "", stderr: "" };
    return ok("", quiet ? "" : `Running as unit: ${unit}.service\n`);
  }
  const delay = timeSpan(after);
  if (delay === undefined) return fail(1, `Failed to parse timer value: ${after}`);
  machine.units.startTimer({ unit, command: rest, due: Date.now() + delay });
  return ok("", quiet ? "" : `Running timer as unit: ${unit}.timer\nWill run service as unit: ${unit}.service\n`);
};
