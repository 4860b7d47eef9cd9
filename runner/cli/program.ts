import { readFileSync } from "node:fs";
import path from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { isObject } from "../json.ts";
import { packageRoot } from "../package-root.ts";
import type { TaskRegistry } from "../task-type.ts";
import type { ExitCode } from "./exit-codes.ts";

/** Runs a verb with the registry of task types and keeps its exit code. */
export type Start = (verb: (registry: TaskRegistry) => Promise<ExitCode>) => Promise<void>;

/** The command line: verbs and flags. What a verb does is in its own file, loaded when it is called. */
export function buildProgram(start: Start): Command {
  const program = new Command("underlay")
    .description("Turns a Cisco ACI fabric into the routed underlay of a Kubernetes cluster")
    .version(version())
    .exitOverride()
    .configureHelp({ helpWidth: Math.min(process.stdout.columns ?? 100, 110) })
    .showHelpAfterError("(underlay --help shows what there is)")
    .addHelpText("after", EXIT_CODES);

  addInput(program.command("run"))
    .description("run a playbook; without -i in the lab")
    .option("--check", "tell what would change, write nothing")
    .option("--diff", "show before and after of each change (on in check mode)")
    .option("--no-diff", "do not")
    .option("--forks <number>", "hosts at once", atLeastOne, 10)
    .addOption(new Option("--output <kind>", "tty on a terminal, else plain").choices(["tty", "plain", "json"]))
    .option("--exit-code", "with --check: exit 5 when there are changes")
    .option("--yes", "do not ask before the first write to a real inventory")
    .option("-v, --verbose", "tell how many requests were made")
    .option("--fault <name=value>", "lab only: a fault to switch on, may be repeated", collect)
    .action((playbook, flags) => start(async (registry) => (await import("./run.ts")).run(playbook, flags, registry)));

  program
    .command("doc")
    .description("what task types there are, or all about one")
    .argument("[task-type]", "such as aci.l3out")
    .addOption(new Option("--output <kind>", "text or json").choices(["text", "json"]).default("text"))
    .option("--debug", "show where an internal error happened")
    .action((name, flags) => start(async (registry) => (await import("./doc.ts")).doc(name, flags, registry)));
  return program;
}

/** Flags of every verb that reads a playbook. */
function addInput(command: Command): Command {
  return command
    .argument("<playbook>", "a file, or one that comes with the package: playbooks/floating-svi-calico.yaml")
    .option("-i, --inventory <path>", "inventory file or directory, may be repeated (default: the lab's)", collect)
    .option("--lab", "rehearse the inventory in the lab")
    .option("--limit <pattern>", "only these hosts")
    .option("--tags <tags>", "only tasks with one of these tags, such as step-8", collect)
    .option("--skip-tags <tags>", "no tasks with one of these tags", collect)
    .option("-e, --extra-vars <k=v|@file>", "a variable that wins over all others, may be repeated", collect)
    .option("--vault-password-file <path>", "password of values encrypted with Ansible Vault")
    .option("--debug", "show where an internal error happened");
}

const EXIT_CODES = `
Exit codes: 0 done, 1 internal error, 2 a host failed, 3 a host was unreachable, 4 input refused,
5 --check found changes and --exit-code was given, 130 interrupted`;

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

function atLeastOne(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("expected a whole number from 1.");
  return value;
}

function version(): string {
  const about: unknown = JSON.parse(readFileSync(path.join(packageRoot, "package.json"), "utf8"));
  return isObject(about) && typeof about.version === "string" ? about.version : "0";
}
