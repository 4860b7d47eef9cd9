import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { isObject } from "../../runner/json.ts";
import { packageRoot } from "../../runner/package-root.ts";
import { type Workplace, workplace } from "../support/command.ts";
import { changesOf, failureOf } from "./cell.ts";

/** A run of a design that is not in the table: other releases, or another inventory. */
export interface Variant {
  readonly cni: "calico" | "kube-router" | "cilium";
  /** Floating when left out. */
  readonly svi?: "floating" | "standard";
  /** One after the other in the same lab: upgrades. */
  readonly versions: readonly string[];
  /** The cluster has IPv6 only. */
  readonly six?: boolean;
}

/** What one release came to. */
export interface VariantOutcome {
  readonly version: string;
  /** The failure in the command's own words; undefined: all went well. */
  readonly problem: string | undefined;
  /** `12 of 12`, as the cluster sees them. */
  readonly sessions: string;
  /** Changes of the first and the second run. */
  readonly firstRun: number;
  readonly secondRun: number;
  readonly seconds: number;
}

/** `floating SVI, cilium 1.17.18, 1.18.12, IPv6 only`. */
export function nameOf({ svi = "floating", cni, versions, six = false }: Variant): string {
  return `${svi} SVI, ${cni} ${versions.join(", then ")}${six ? ", IPv6 only" : ""}`;
}

/** Runs each release twice, in one lab of its own; ends at the first failure. */
export async function runVariant(variant: Variant): Promise<readonly VariantOutcome[]> {
  const place = workplace();
  const outcomes: VariantOutcome[] = [];
  try {
    for (const version of variant.versions) {
      const outcome = await runRelease(place, variant, version);
      outcomes.push(outcome);
      if (outcome.problem !== undefined) break;
    }
    return outcomes;
  } finally {
    place.remove();
  }
}

async function runRelease(place: Workplace, variant: Variant, version: string): Promise<VariantOutcome> {
  const began = performance.now();
  const inventory = writeInventory(place.directory, variant, version);
  const playbook = path.join(packageRoot, "playbooks", `${variant.svi ?? "floating"}-svi-${variant.cni}.yaml`);
  const run = () => place.underlay(["run", playbook, "-i", inventory, "--output", "json"]);
  const first = await run();
  const second = first.code === 0 ? await run() : undefined;
  const bad = [first, second].find((outcome) => outcome !== undefined && outcome.code !== 0);
  const told = first.events.find(({ event, host, text }) => {
    return event === "message" && host === "localhost" && / sessions Established/.test(String(text));
  });
  return {
    version,
    problem: bad === undefined ? undefined : failureOf(bad),
    sessions: /\d+ of \d+/.exec(String(told?.text))?.[0] ?? "none",
    firstRun: changesOf(first).length,
    secondRun: second === undefined ? 0 : changesOf(second).length,
    seconds: Math.round((performance.now() - began) / 1000),
  };
}

const SIX = {
  node_subnet: "fd00:2::/64",
  pod_subnet: "fd00:10::/112",
  service_subnet: "fd00:8::/112",
  external_service_subnet: "fd00:12::/112",
  load_balancer_subnet: "fd00:13::/112",
};

/** The lab's inventory of the design with another release, and with IPv6 in place of IPv4; gives its path. JSON is YAML. */
function writeInventory(directory: string, { cni, svi = "floating", six = false }: Variant, version: string): string {
  const lab = path.join(packageRoot, "inventory", "lab");
  // The lab's floating design with Calico has the paper's own addresses in it; with IPv6 they are derived.
  const name =
    cni === "calico" && svi === "floating" && !six
      ? path.join("..", "lab.yaml")
      : `${six && cni === "calico" ? "standard" : svi}-svi-${cni}.yaml`;
  const inventory: unknown = parse(readFileSync(path.join(lab, name), "utf8"));
  const all = isObject(inventory) && isObject(inventory.all) ? inventory.all : {};
  const vars = isObject(all.vars) ? all.vars : {};
  const map = (variable: string) => (isObject(vars[variable]) ? vars[variable] : {});
  const {
    node_subnet: _n,
    pod_subnet: _p,
    service_subnet: _s,
    external_service_subnet: _e,
    load_balancer_subnet: _l,
    ...rest
  } = map("cluster");
  const { vlans, ...l3out } = map("l3out");
  const api = cni === "cilium" ? { kubernetes_api: { host: "fd00:2::fc", port: 8443 } } : {};
  const ipv6 = {
    cluster: { ...rest, ...SIX },
    l3out: svi === "floating" ? { ...l3out, svi, vlan: 310 } : { ...l3out, svi, vlans },
    cni: { ...map("cni"), version, block_size: 122, ...api },
  };
  const changed = six ? ipv6 : { cni: { ...map("cni"), version } };
  const folder = path.join(directory, "inventory");
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(lab, "group_vars"), path.join(folder, "group_vars"), { recursive: true });
  const file = path.join(folder, "hosts.yaml");
  writeFileSync(file, JSON.stringify({ all: { ...all, vars: { ...vars, ...changed } } }));
  return file;
}
