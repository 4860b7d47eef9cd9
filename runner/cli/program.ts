import { Argument, Command, InvalidArgumentError, Option } from "commander";
import type { TaskRegistry } from "../task-type.ts";
import { columnsOf } from "./columns.ts";
import { inventoryOptions, loadOptions } from "./input-options.ts";
import { version } from "./version.ts";

/** What the verbs need from the outside: their code is loaded when one is called. */
export interface Surroundings {
  /** Runs a verb and keeps the exit code it gives. */
  readonly start: (verb: () => Promise<number>) => Promise<void>;
  /** All task types. */
  readonly registry: () => Promise<TaskRegistry>;
}

/** The command line: verbs and flags. What a verb does is in its own file. */
export function buildProgram({ start, registry }: Surroundings): Command {
  const program = new Command("underlay")
    .description("Turns a Cisco ACI fabric into the routed underlay of a Kubernetes cluster")
    .version(version())
    .exitOverride()
    .configureHelp({ helpWidth: Math.min(columnsOf(process.stdout, 100), 110) })
    .showHelpAfterError("(underlay --help shows what there is)")
    .addHelpText("after", EXIT_CODES);

  addRunning(addPlaybook(program.command("run")), 10)
    .description("run a playbook; without -i in the lab")
    .option("--check", "tell what would change, write nothing")
    .option("--exit-code", "with --check: exit 5 when there are changes")
    .option("--yes", YES)
    .option("--fault <name=value>", FAULT, collect)
    .action((playbook, flags) => start(async () => (await import("./run.ts")).run(playbook, flags, await registry())));

  addRunning(addPlaybook(program.command("drift")), 10)
    .description("whether everything is still as a playbook wants it; exit 5 when it is not")
    .option("--fault <name=value>", FAULT, collect)
    .action((playbook, flags) => start(async () => (await import("./run.ts")).drift(playbook, flags, await registry())));

  addRunning(program.command("resume"), undefined)
    .description("go on with a run that was interrupted, was killed or has failed")
    .argument("[id]", "of underlay runs list, or a part of it that is enough (default: the last one interrupted or killed)")
    .option("-e, --extra-vars <k=v|@file>", "one more variable, or one whose value was not kept", collect)
    .option("--vault-password-file <path>", "password of values encrypted with Ansible Vault")
    .option("--yes", YES)
    .option("--debug", DEBUG)
    .action((id, flags) => start(async () => (await import("./resume.ts")).resume(id, flags, await registry())));

  addPlaybook(program.command("validate"))
    .description("find mistakes without connecting to anything")
    .addOption(plainOrJson())
    .action((playbook, flags) =>
      start(async () => {
        const { validate } = await import("./validate.ts");
        return validate({ ...loadOptions(playbook, flags, await registry()), output: flags.output }, print);
      }),
    );

  addPlaybook(program.command("list").addArgument(new Argument("<what>").choices(["tasks", "hosts", "tags"])))
    .description("what a run with the same flags would do")
    .addOption(plainOrJson())
    .action((what, playbook, flags) =>
      start(async () => {
        const { list } = await import("./list.ts");
        return list(what, { ...loadOptions(playbook, flags, await registry()), output: flags.output }, print);
      }),
    );

  program
    .command("doc")
    .description("what task types there are, or all about one")
    .argument("[task-type]", "such as aci.l3out")
    .addOption(
      new Option("--output <kind>", "for people, programs or a page").choices(["plain", "json", "markdown"]).default("plain"),
    )
    .option("--debug", DEBUG)
    .action((name, flags) => start(async () => (await import("./doc.ts")).doc(name, flags, await registry())));

  addRunsVerbs(program, start);
  addInventoryVerbs(program, start);
  addAddressVerbs(program, start);
  addLabVerbs(program, start);
  return program;
}

function addRunsVerbs(program: Command, start: Surroundings["start"]): void {
  const runs = program.command("runs").description("earlier runs, kept in .underlay/runs");
  const columns = () => columnsOf(process.stdout, 100);
  runs
    .command("list")
    .description("the runs that are kept, the newest first")
    .addOption(plainOrJson())
    .option("--debug", DEBUG)
    .action((flags) =>
      start(async () => (await import("./runs.ts")).runsList({ output: flags.output, columns: columns() }, print)),
    );
  runs
    .command("show")
    .description("what a run did, where it stopped and what would be next")
    .argument("[id]", "or a part of it that is enough (default: the last run)")
    .addOption(plainOrJson())
    .option("--debug", DEBUG)
    .action((id, flags) =>
      start(async () => (await import("./runs.ts")).runsShow(id, { output: flags.output, columns: columns() }, print)),
    );
}

function addInventoryVerbs(program: Command, start: Surroundings["start"]): void {
  const inventory = program.command("inventory").description("hosts, groups and variables");
  addInventory(inventory.command("show"))
    .description("all variables of a host and where each came from")
    .argument("<host>")
    .addOption(plainOrJson())
    .action((host, flags) =>
      start(async () =>
        (await import("./inventory.ts")).inventoryShow(host, { ...inventoryOptions(flags), output: flags.output }, print),
      ),
    );
  addInventory(inventory.command("graph"))
    .description("groups and their hosts as a tree")
    .addOption(plainOrJson())
    .action((flags) =>
      start(async () =>
        (await import("./inventory.ts")).inventoryGraph({ ...inventoryOptions(flags), output: flags.output }, print),
      ),
    );
}

function addAddressVerbs(program: Command, start: Surroundings["start"]): void {
  const addresses = program.command("addresses").description("addresses and VLANs that are derived from the inventory");
  addInventory(addresses.command("plan"))
    .description("every address, given and computed; yaml: an inventory that keeps the computed ones")
    .addOption(
      new Option("--output <kind>", "for people, programs or an inventory").choices(["plain", "json", "yaml"]).default("plain"),
    )
    .action((flags) =>
      start(async () => {
        const { addressesPlan } = await import("./addresses.ts");
        const columns = columnsOf(process.stdout, 120);
        return addressesPlan({ ...inventoryOptions(flags), output: flags.output, columns }, print);
      }),
    );
}

function addLabVerbs(program: Command, start: Surroundings["start"]): void {
  const lab = program.command("lab").description("the embedded lab");
  addInventory(lab.command("up"))
    .description("keep the lab running and print how to reach it")
    .option("--fault <name=value>", "a fault to switch on, may be repeated", collect)
    .addOption(textOrJson())
    .action((flags) => start(async () => (await import("./lab.ts")).labUp(flags)));
  addInventory(lab.command("status"))
    .description("whether a lab runs here, and how to reach it")
    .addOption(textOrJson())
    .action((flags) => start(async () => (await import("./lab.ts")).labStatus(flags)));
  addInventory(lab.command("events"))
    .description("what traffic could feel in the lab: nodes, sessions, routes, pods, and the black holes among them")
    .addOption(textOrJson())
    .action((flags) => start(async () => (await import("./lab-events.ts")).labEvents(flags)));
  addInventory(lab.command("power"))
    .description("switch a node on or off while its lab does not run")
    .argument("<node>")
    .addArgument(new Argument("<power>").choices(["on", "off"]))
    .action((node, power, flags) => start(async () => (await import("./lab.ts")).labPower(node, power, flags)));
  addInventory(lab.command("reset"))
    .description("forget the lab's state")
    .action((flags) => start(async () => (await import("./lab.ts")).labReset(flags)));
}

/** Flags of every verb that reads an inventory. */
function addInventory(command: Command): Command {
  return command
    .option("-i, --inventory <path>", "inventory file or directory, may be repeated (default: the lab's)", collect)
    .option("-e, --extra-vars <k=v|@file>", "a variable that wins over all others, may be repeated", collect)
    .option("--vault-password-file <path>", "password of values encrypted with Ansible Vault")
    .option("--lab", "rehearse the inventory in the lab")
    .option("--debug", DEBUG);
}

/** Argument and flags of every verb that reads a playbook. */
function addPlaybook(command: Command): Command {
  return addInventory(command)
    .argument("<playbook>", "a file, or one that comes with the package: playbooks/floating-svi-calico.yaml")
    .option("--limit <pattern>", "only these hosts")
    .option("--tags <tags>", "only tasks with one of these tags, such as step-8", collect)
    .option("--skip-tags <tags>", "no tasks with one of these tags", collect);
}

/** Flags of every verb that runs a playbook. */
function addRunning(command: Command, forks: number | undefined): Command {
  return command
    .option("--diff", "show before and after of each change (on in check mode)")
    .option("--no-diff", "do not")
    .option("--forks <number>", "hosts at once", atLeastOne, forks)
    .addOption(new Option("--output <kind>", "tty on a terminal, else plain").choices(["tty", "plain", "json"]))
    .option("-v, --verbose", "tell how many requests were made");
}

function plainOrJson(): Option {
  return new Option("--output <kind>", "for people or for programs").choices(["plain", "json"]).default("plain");
}

function textOrJson(): Option {
  return new Option("--output <kind>", "for people or for programs").choices(["text", "json"]).default("text");
}

function print(text: string): void {
  process.stdout.write(text);
}

const YES = "do not ask before the first write to a real inventory";
const FAULT = "lab only: a fault to switch on, may be repeated";
const DEBUG = "show where an internal error happened";

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
