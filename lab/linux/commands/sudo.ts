import { type Command, fail, type Output } from "../command.ts";
import { readOptions } from "../options.ts";

/** sudo(8), timestamp_timeout: 15 minutes. */
const REMEMBERED = 15 * 60 * 1000;

/**
 * sudo(8): `-n`, `-S`, `-k`, `-p PROMPT`, `-u USER`. Without a terminal the time stamp is kept per parent process, sshd's, so it
 * holds for all commands of a connection: a client that sends the password each time must give `-k`, or the password becomes the
 * command's input.
 */
export const sudo: Command = async ({ machine, user, args, input, session, say, run }): Promise<Output> => {
  const options = readOptions(args, {
    flags: ["n", "S", "H", "k", "E", "non-interactive", "stdin", "reset-timestamp"],
    withValue: ["p", "u", "prompt", "user"],
    stop: true,
  });
  if (options.unknown !== undefined)
    return fail(1, `sudo: invalid option -- '${options.unknown}'\nusage: sudo [-knS] [-p prompt] [-u user] command`);
  const reset = options.flags.has("k") || options.flags.has("reset-timestamp");
  if (options.rest.length === 0) {
    if (!reset) return fail(1, "usage: sudo [-knS] [-p prompt] [-u user] command");
    session.authenticatedUntil = 0;
    return { exitCode: 0, stdout: "", stderr: "" };
  }
  const password = machine.spec.sudoPassword;
  const remembered = !reset && session.authenticatedUntil > Date.now();
  if (user !== "root" && password !== undefined && !remembered) {
    if (options.flags.has("n") || options.flags.has("non-interactive")) return fail(1, "sudo: a password is required");
    if (!options.flags.has("S") && !options.flags.has("stdin")) {
      return fail(
        1,
        "sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper\nsudo: a password is required",
      );
    }
    const prompt = options.values.get("p") ?? options.values.get("prompt") ?? `[sudo] password for ${user}: `;
    const refused = await askPassword(input, password, () => say(prompt));
    if (refused !== undefined) return refused;
    if (!reset) session.authenticatedUntil = Date.now() + REMEMBERED;
  }
  const output = await run(options.rest, { user: options.values.get("u") ?? options.values.get("user") ?? "root" });
  const [program = ""] = options.rest;
  if (output.stderr.startsWith(`bash: line 1: ${program}: command not found`))
    return fail(1, `sudo: ${program}: command not found`);
  return output;
};

/** Up to three tries, as sudo gives; undefined when the password was right. The prompt goes out at once: a client may wait for it. */
async function askPassword(
  input: Parameters<Command>[0]["input"],
  password: string,
  ask: () => void,
): Promise<Output | undefined> {
  let said = "";
  for (let tries = 0; tries < 3; tries += 1) {
    ask();
    const line = await input.line();
    if (line === password) return undefined;
    if (line === undefined) {
      const counted = `sudo: ${tries} incorrect password attempt${tries > 1 ? "s" : ""}`;
      return fail(1, `${said}sudo: no password was provided\n${tries === 0 ? "sudo: a password is required" : counted}`);
    }
    if (tries < 2) said += "Sorry, try again.\n";
  }
  return fail(1, `${said}sudo: 3 incorrect password attempts`);
}
