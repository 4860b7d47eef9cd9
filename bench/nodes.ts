import { writeFileSync } from "node:fs";
import path from "node:path";
import pLimit from "p-limit";
import { readContent, readMode } from "../runner/connect/node-commands.ts";
import { quoteCommand } from "../runner/connect/quote.ts";
import type { Loaded } from "../runner/load/load.ts";
import { applyOverlay } from "../runner/load/overlay.ts";
import { listConfiguration, showDefaultRoutes, showGuard, showLinks } from "../tasks/node/commands.ts";
import { CLOUD_INIT_FILE, OUR_FILE } from "../tasks/node/netplan-file.ts";
import { bareCommands } from "./bare-ssh.ts";
import { labInventory } from "./inventory.ts";
import { FORKS, loadMainPlaybook, runProduct, specFor } from "./product.ts";
import { interleave } from "./rounds.ts";
import { type Simulators, startSimulators } from "./simulators.ts";
import { printIfMain, type Row } from "./table.ts";
import { temporaryFolder } from "./temporary.ts";

const NODES = 32;
const ROUNDS = 10;
const JOB = `node.network unchanged, ${NODES} nodes`;

/**
 * `node.network` on 32 lab nodes that are as they should be, next to bare ssh2: the same connections, the same command lines, as many hosts
 * at once.
 *
 * On underlay's side a measurement is everything of `underlay run --tags nodes` after the files are loaded: the login with its questions to
 * ~/.ssh/config and known_hosts, the commands, comparing what they print with what is wanted, the events, closing. The script looks up
 * nothing, knows the commands beforehand and reads nothing of what they print.
 */
export async function nodes(): Promise<readonly Row[]> {
  const folder = temporaryFolder();
  const inventory = path.join(folder.path, "hosts.yaml");
  writeFileSync(inventory, labInventory(NODES));
  const loaded = await loadMainPlaybook("nodes", [inventory]);
  const simulators = await startSimulators(specFor(loaded));
  try {
    const { ports } = await simulators.ask("nodes");
    const freshInput = () => withNodes(loaded, simulators, ports);
    await runProduct(freshInput());

    let input = freshInput();
    const commands = (await runProduct(input)).counts.ssh?.commands ?? 0;
    const unchanged = async () => {
      const { changes, counts } = await runProduct(input);
      if (changes > 0) throw new Error(`${changes} changes`);
      if (counts.ssh?.commands !== commands) throw new Error(`${counts.ssh?.commands} commands instead of ${commands}`);
    };
    const script = bareScript(simulators, ports);
    const sent = await script();
    if (sent !== commands) throw new Error(`underlay runs ${commands} commands, the script ${sent}`);
    const [ours, bare] = await interleave(
      [
        {
          name: "underlay",
          prepare: async () => {
            input = freshInput();
          },
          run: unchanged,
        },
        {
          name: `${commands} commands, ssh2`,
          run: async () => {
            await script();
          },
        },
      ],
      ROUNDS,
    );
    if (ours === undefined || bare === undefined) throw new Error("one sample for each side");
    return [{ job: JOB, underlay: ours, other: bare, aim: 1.5 }];
  } finally {
    await simulators.close();
    folder.remove();
  }
}

/** As a command has it after loading: nothing is rendered yet. */
function withNodes(loaded: Loaded, { keys, spec }: Simulators, ports: ReadonlyMap<string, number>): Loaded {
  const knownHosts = path.join(spec.directory, "known_hosts");
  writeFileSync(knownHosts, [...ports.values()].map((port) => `[127.0.0.1]:${port} ${keys.hostPublicKey}\n`).join(""));
  const hosts = [...ports].map(([name, port]) => [
    name,
    {
      ansible_host: "127.0.0.1",
      ansible_port: port,
      ansible_ssh_private_key_file: keys.clientKeyFile,
      ansible_ssh_known_hosts_file: knownHosts,
      ansible_ssh_config_file: "/dev/null",
    },
  ]);
  return applyOverlay(loaded, { all: {}, hosts: Object.fromEntries(hosts) });
}

/** Gives a script that does all nodes and says how many commands it ran. */
function bareScript({ keys, spec }: Simulators, ports: ReadonlyMap<string, number>): () => Promise<number> {
  const files = [OUR_FILE, CLOUD_INIT_FILE].flatMap((file) => [readContent(file), readMode(file)]);
  const sudo = files.map((command) => quoteCommand(["sudo", "-n", "--", ...command]));
  const lines = [...[showLinks, showDefaultRoutes(4), listConfiguration, showGuard].map(quoteCommand), ...sudo];
  const [, hostKey = ""] = keys.hostPublicKey.split(" ");
  const users = new Map(spec.nodes.map(({ name, user }) => [name, user]));
  return async () => {
    const limit = pLimit(FORKS);
    const all = [...ports].map(([name, port]) =>
      limit(() => bareCommands({ port, user: users.get(name) ?? "", keyFile: keys.clientKeyFile, hostKey }, lines)),
    );
    await Promise.all(all);
    return all.length * lines.length;
  };
}

await printIfMain(import.meta.url, nodes);
