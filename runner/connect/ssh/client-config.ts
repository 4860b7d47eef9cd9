import { readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { failed, ok, type Result } from "../../result.ts";
import type { SshOptions } from "./options.ts";

/** How unknown host keys are treated (ssh_config(5), StrictHostKeyChecking); `ask` counts as `yes`, because nobody is there to ask. */
export type HostKeyChecking = "yes" | "accept-new" | "no";

/** One server on the way: the last hop is the host itself, those before it are jump hosts. */
export interface Hop {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Key files named by inventory or config file. Empty: OpenSSH's default names are tried. */
  readonly identityFiles: readonly string[];
  /** IdentitiesOnly: the agent's other keys are not offered. */
  readonly identitiesOnly: boolean;
  readonly knownHostsFiles: readonly string[];
  /** HostKeyAlias, else undefined. */
  readonly alias: string | undefined;
  readonly checking: HostKeyChecking;
}

/** More hops than this is a ProxyJump that leads back to itself. */
const MOST_HOPS = 8;

type Settings = Readonly<Record<string, string | readonly string[]>>;
type LookUp = (host: string) => Settings;

/** The way to a host: inventory variables first, then the config file, then defaults. */
export async function routeTo(options: SshOptions): Promise<Result<readonly Hop[]>> {
  const file = expandHome(options.configFile ?? "~/.ssh/config");
  const lookUp = await readConfig(file);
  if (!lookUp.ok) return lookUp;
  const settings = lookUp.value(options.host);
  const own = hop(settings, options.host, {
    // An inventory without ansible_host names the host itself: then the config file's HostName counts.
    address: options.address === options.host ? undefined : options.address,
    port: options.port,
    user: options.user,
    identityFile: options.privateKeyFile,
    knownHostsFile: options.knownHostsFile,
  });
  const before = jumps(settings, lookUp.value, options, 1);
  return before.ok ? ok([...before.value, own]) : before;
}

async function readConfig(file: string): Promise<Result<LookUp>> {
  let text = "";
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) !== "ENOENT") return refuse(file, `cannot be read: ${messageOf(error)}`);
  }
  if (text === "") return ok(() => ({}));
  try {
    const { default: SshConfig } = await import("ssh-config");
    const config = SshConfig.parse(text);
    return ok((host) => config.compute(host, { ignoreCase: true }));
  } catch (error) {
    return refuse(file, messageOf(error));
  }
}

/** The hops that ProxyJump puts before a host: a list, each of which may have a ProxyJump of its own. */
function jumps(settings: Settings, lookUp: LookUp, options: SshOptions, depth: number): Result<readonly Hop[]> {
  if (depth > MOST_HOPS) return refuse(options.host, `ProxyJump leads through more than ${MOST_HOPS} hosts`);
  const jump = words(settings, "proxyjump").join(",");
  const command = words(settings, "proxycommand").join(" ");
  if (jump === "" && command !== "" && command !== "none") {
    return refuse(options.host, "ProxyCommand in the ssh config file is not supported", "use ProxyJump, which needs no program");
  }
  if (jump === "" || jump === "none") return ok([]);
  const hops: Hop[] = [];
  for (const [index, text] of jump.split(",").entries()) {
    const parsed = /^(?:ssh:\/\/)?(?:([^@]+)@)?(\[[^\]]+\]|[^:]+)(?::(\d+))?\/?$/.exec(text.trim());
    const name = parsed?.[2]?.replace(/^\[|\]$/g, "");
    if (parsed === null || name === undefined) return refuse(options.host, `ProxyJump '${text}' is not [user@]host[:port]`);
    const own = lookUp(name);
    const before = index === 0 ? jumps(own, lookUp, options, depth + 1) : ok([]);
    if (!before.ok) return before;
    hops.push(
      ...before.value,
      hop(own, name, {
        user: parsed[1],
        port: parsed[3] === undefined ? undefined : Number(parsed[3]),
        knownHostsFile: options.knownHostsFile,
      }),
    );
  }
  return hops.length > MOST_HOPS ? refuse(options.host, `ProxyJump leads through more than ${MOST_HOPS} hosts`) : ok(hops);
}

interface Given {
  readonly address?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly identityFile?: string | undefined;
  readonly knownHostsFile?: string | undefined;
}

function hop(settings: Settings, name: string, given: Given): Hop {
  const address = given.address ?? first(settings, "hostname")?.replaceAll("%h", name) ?? name;
  const port = given.port ?? Number(first(settings, "port") ?? 22);
  const user = given.user ?? first(settings, "user") ?? os.userInfo().username;
  const tokens: Tokens = { h: address, n: name, p: String(port), r: user, u: os.userInfo().username, d: os.homedir() };
  const files = given.knownHostsFile === undefined ? words(settings, "userknownhostsfile") : [given.knownHostsFile];
  const identities = given.identityFile === undefined ? words(settings, "identityfile") : [given.identityFile];
  return {
    address,
    port,
    user,
    identityFiles: identities.filter((file) => file !== "none").map((file) => expandHome(expand(file, tokens))),
    identitiesOnly: first(settings, "identitiesonly") === "yes",
    knownHostsFiles: (files.length > 0 ? files : ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"]).map((file) =>
      expandHome(expand(file, tokens)),
    ),
    alias: first(settings, "hostkeyalias"),
    checking: checkingOf(first(settings, "stricthostkeychecking")),
  };
}

function checkingOf(text: string | undefined): HostKeyChecking {
  if (text === "accept-new") return "accept-new";
  return text === "no" || text === "off" ? "no" : "yes";
}

type Tokens = Readonly<Record<string, string>>;

/** Percent tokens of ssh_config(5) that make sense without a login: %h %n %p %r %u %d %%. */
function expand(text: string, tokens: Tokens): string {
  return text.replace(/%(.)/g, (whole, letter: string) => (letter === "%" ? "%" : (tokens[letter] ?? whole)));
}

function expandHome(file: string): string {
  return file.startsWith("~/") ? path.join(os.homedir(), file.slice(2)) : file;
}

function words(settings: Settings, name: string): readonly string[] {
  const value = settings[name];
  if (value === undefined) return [];
  if (typeof value !== "string") return value;
  return name === "userknownhostsfile" ? value.split(/\s+/) : [value];
}

function first(settings: Settings, name: string): string | undefined {
  return words(settings, name)[0];
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function refuse(what: string, message: string, next?: string): Result<never> {
  return failed({
    kind: "unreachable",
    doing: `ssh: finding the way to ${what}`,
    message,
    ...(next === undefined ? {} : { next }),
  });
}
