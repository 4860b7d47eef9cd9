import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Loaded } from "../load/load.ts";
import { hostVariables } from "../load/overlay.ts";
import type { KnownVariables } from "../load/variables.ts";
import { failed, ok, type Result } from "../result.ts";
import type { Connections, ConnectionTo, Place } from "./connections.ts";
import type { JumpHosts } from "./ssh/jump-hosts.ts";

/** How the connections of a run are opened. */
export interface OpenOptions {
  /** True under `--check`: connections then have no writer. */
  readonly check: boolean;
  /** Told once about each weakened protection, such as `validate_certs: false`. */
  readonly warn: (message: string) => void;
}

/** What every session has in common. */
interface Session {
  counts(): Readonly<Record<string, number>>;
  close(): Promise<void> | void;
}

/**
 * The connections of a run, from the variables of its inventory: one session with the controller cluster, one SSH connection for each node, one
 * set-up of kubectl and helm. Each is made at first use and serves the whole run.
 */
export function openConnections(loaded: Loaded, options: OpenOptions): Connections {
  const sessions: { readonly kind: string; readonly session: Session }[] = [];
  const once = <T extends Session>(kind: string, make: (host: string) => Promise<Result<T>>) => {
    const made = new Map<string, Promise<Result<T>>>();
    return (host: string): Promise<Result<T>> => {
      const known = made.get(host);
      if (known !== undefined) return known;
      const making = make(host).then((result) => {
        if (result.ok) sessions.push({ kind, session: result.value });
        return result;
      });
      made.set(host, making);
      return making;
    };
  };
  const fabric = once("apic", () => openFabric(loaded, options));
  let jumps: JumpHosts | undefined;
  const node = once("ssh", async (host) => {
    const { jumpHosts } = await import("./ssh/jump-hosts.ts");
    jumps ??= jumpHosts();
    return openNode(loaded, host, options, jumps);
  });
  const cluster = once("kube", () => openKube(loaded, options));

  const openers: { readonly [P in Place]: (host: string) => Promise<Result<ConnectionTo<P>>> } = {
    apic: async () => then(await fabric("controllers"), (session) => ok(session.apic())),
    leaf: async (host) =>
      then(await fabric("controllers"), (session) =>
        then(variablesOf(loaded, host), ({ node_id: id, fabric: settings }) =>
          id === undefined ? missing(host, "node_id") : ok(session.leaf(`topology/pod-${settings?.pod ?? 1}/node-${id}`)),
        ),
      ),
    node: async (host) => then(await node(host), (session) => ok(session.connection())),
    localhost: async () => then(await cluster("localhost"), (session) => ok(session.connection())),
  };

  return {
    open: <P extends Place>(place: P, host: string) => openers[place](host),
    counts: () => {
      const total: Record<string, Record<string, number>> = {};
      for (const { kind, session } of sessions) {
        const sums = total[kind] ?? {};
        total[kind] = sums;
        for (const [name, count] of Object.entries(session.counts())) sums[name] = (sums[name] ?? 0) + count;
      }
      return total;
    },
    close: async () => {
      await Promise.all(sessions.map(({ session }) => session.close()));
      await jumps?.close();
    },
  };
}

async function openFabric(loaded: Loaded, options: OpenOptions) {
  const hosts = loaded.inventory.groups.get("apics") ?? [];
  const controllers: { name: string; host: string; port: number }[] = [];
  let settings: KnownVariables["fabric"];
  for (const name of hosts) {
    const variables = variablesOf(loaded, name);
    if (!variables.ok) return variables;
    settings ??= variables.value.fabric;
    controllers.push({ name, host: variables.value.ansible_host ?? name, port: variables.value.ansible_port ?? 443 });
  }
  if (settings === undefined) return missing(hosts[0] ?? "apics", "fabric");
  const { username, password, private_key: privateKey, certificate, ca_file: caFile } = settings;
  if (username === undefined) return missing("apics", "fabric.username");
  if (privateKey !== undefined && certificate === undefined) return missing("apics", "fabric.certificate");
  if (privateKey === undefined && password === undefined) return missing("apics", "fabric.password");
  const credentials =
    privateKey !== undefined && certificate !== undefined
      ? ({ kind: "certificate", username, certificate, privateKey } as const)
      : password !== undefined
        ? ({ kind: "password", username, password } as const)
        : undefined;
  if (credentials === undefined) return missing("apics", "fabric.password");
  if (caFile !== undefined && !existsSync(caFile)) {
    return failed({
      kind: "failed",
      doing: "fabric.ca_file",
      message: `${caFile}: no such file`,
      next: "name the PEM file with the CA of the controllers",
    });
  }
  const validateCertificates = settings.validate_certs ?? true;
  if (!validateCertificates) {
    options.warn(
      "validate_certs: false: the controllers' certificates are not checked; anyone in between can read the APIC password",
    );
  }
  const { openApic } = await import("./apic/session.ts");
  return ok(
    openApic({
      controllers,
      credentials,
      ca: caFile === undefined ? undefined : await readFile(caFile, "utf8"),
      validateCertificates,
      check: options.check,
      secrets: loaded.secrets,
    }),
  );
}

async function openNode(loaded: Loaded, host: string, options: OpenOptions, jumps: JumpHosts) {
  const found = variablesOf(loaded, host);
  if (!found.ok) return found;
  const variables = found.value;
  const { openSsh } = await import("./ssh/session.ts");
  return ok(
    openSsh(
      {
        host,
        address: variables.ansible_host,
        port: variables.ansible_port,
        user: variables.ansible_user,
        password: variables.ansible_password,
        privateKeyFile: variables.ansible_ssh_private_key_file,
        passphrase: variables.ansible_ssh_private_key_passphrase,
        become: variables.ansible_become ?? false,
        becomePassword: variables.ansible_become_password,
        knownHostsFile: variables.ansible_ssh_known_hosts_file,
        configFile: variables.ansible_ssh_config_file,
        agentSocket: process.env.SSH_AUTH_SOCK,
        check: options.check,
        secrets: loaded.secrets,
        warn: options.warn,
      },
      jumps,
    ),
  );
}

async function openKube(loaded: Loaded, options: OpenOptions) {
  const found = variablesOf(loaded, "localhost");
  if (!found.ok) return found;
  const cluster = found.value.cluster ?? {};
  const { openCluster } = await import("./kube/open-cluster.ts");
  return ok(
    openCluster({
      kubectl: cluster.kubectl,
      helm: cluster.helm,
      calicoctl: found.value.cni?.calicoctl,
      kubeconfig: cluster.kubeconfig,
      context: cluster.context,
      check: options.check,
      secrets: loaded.secrets,
    }),
  );
}

function variablesOf(loaded: Loaded, host: string): Result<KnownVariables> {
  const variables = hostVariables(loaded, host);
  if (variables.kind === "value") return ok(variables.value);
  const message = variables.kind === "unknown" ? variables.reason : variables.diagnostic.message;
  return failed({ kind: "failed", doing: `variables of ${host}`, message });
}

function then<T, U>(result: Result<T>, next: (value: T) => Result<U>): Result<U> {
  return result.ok ? next(result.value) : result;
}

function missing(host: string, name: string): Result<never> {
  return failed({
    kind: "failed",
    doing: `connecting to ${host}`,
    message: `variable ${name} is not set`,
    next: `set ${name} in the inventory (see inventory/example.yaml)`,
  });
}
