import { stringify } from "yaml";
import { type Command, fail, ok } from "../command.ts";
import { macOf } from "../installed.ts";
import { apply, generate } from "../netplan/apply.ts";
import { readNetplan } from "../netplan/read.ts";

/** sysexits.h, EX_CONFIG: what netplan's generator returns for a bad configuration. */
const EX_CONFIG = 78;
/** Milliseconds that networkd needs for a change; short, but long enough to be seen as running. */
const SETTLING = 50;

/** netplan(8): get, generate, apply. `try` needs a terminal and is refused. */
export const netplan: Command = async ({ machine, user, args, sleep }) => {
  const [verb] = args;
  if (verb !== "get" && verb !== "generate" && verb !== "apply") {
    return fail(
      2,
      `usage: /usr/sbin/netplan  [-h] [--debug]  ...\n/usr/sbin/netplan: error: the lab's nodes know get, generate and apply`,
    );
  }
  if (user !== "root") return fail(1, "ERROR: cannot create file /run/netplan: Permission denied");
  if (verb === "get") {
    const merged = readNetplan(machine.files);
    return merged.error === undefined ? ok(stringify({ network: merged.network }), merged.warnings) : fail(1, merged.error);
  }
  if (verb === "generate") {
    const made = generate(machine.files);
    return made.ok ? ok("", made.stderr) : fail(EX_CONFIG, made.stderr);
  }
  await sleep(SETTLING);
  const made = apply(machine.files, machine.network, (link) => macOf(machine.spec.name, link));
  machine.changed();
  return made.ok ? ok("", made.stderr) : fail(EX_CONFIG, made.stderr);
};
