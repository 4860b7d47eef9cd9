import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isMap, parseDocument, type YAMLMap } from "yaml";
import { labDirectory } from "../../runner/cli/lab-directory.ts";
import { packageRoot } from "../../runner/package-root.ts";
import { POLICIES, type PortModel } from "../designs/cabled.ts";
import { type ByHand, byHand } from "../support/by-hand.ts";
import { type Outcome, type Workplace, workplace } from "../support/command.ts";

/** A design of the white paper's table, for day 2. */
export interface Design {
  readonly svi: "floating" | "standard";
  readonly cni: "calico" | "kube-router" | "cilium";
}

/** All six. */
export const designs: readonly Design[] = (["floating", "standard"] as const).flatMap((svi) =>
  (["calico", "kube-router", "cilium"] as const).map((cni) => ({ svi, cni })),
);

/** `standard SVI, cilium`. */
export function nameOf({ svi, cni }: Design): string {
  return `${svi} SVI, ${cni}`;
}

/** A node to be written into the inventory. `address` only where the inventory names addresses (inventory/lab.yaml). */
export interface NewNode {
  readonly name: string;
  readonly rack: number;
  readonly address: string;
}

/** The two that join in most tests: one for each rack. */
export const NEWCOMERS: readonly NewNode[] = [
  { name: "worker-5", rack: 1, address: "192.168.2.10/24" },
  { name: "worker-6", rack: 2, address: "192.168.2.11/24" },
];

/** A cluster of the paper's six nodes in a lab of its own, whose inventory can be edited as a user would. */
export interface Site {
  readonly design: Design;
  readonly place: Workplace;
  readonly inventory: string;
  /** The folder where the lab keeps its state. */
  readonly lab: string;
  /** Adds nodes at the end of the inventory; such that are there already are left. */
  addNodes(nodes: readonly NewNode[]): void;
  /** Takes nodes out of the inventory. */
  dropNodes(names: readonly string[]): void;
  /** The inventory says how every node is cabled, to both leaves of its rack, and that the ports are underlay's (`access_policies`). */
  cable(model: PortModel): void;
  /** Adds two leaves, 205 and 206, in a third rack. */
  addThirdRack(): void;
  /** Sets variables of group all, by path: `bgp.new_password`. */
  setVariables(values: Readonly<Record<string, unknown>>): void;
  /** Runs a playbook of `playbooks/` with `--output json`. */
  run(playbook: string, ...flags: readonly string[]): Promise<Outcome>;
  /** Works on the running lab by hand, between two runs. */
  byHand<T>(work: (hand: ByHand) => Promise<T>): Promise<T>;
  remove(): void;
}

/** Puts a copy of a design's lab inventory into a folder of its own. `flags` are for every command: `-e @FILE`. */
export function site(design: Design, flags: readonly string[] = []): Site {
  const { svi, cni } = design;
  const place = workplace();
  const source = path.join(packageRoot, "inventory");
  const name = `${svi}-svi-${cni}`;
  const isFirst = name === "floating-svi-calico";
  const folder = path.join(place.directory, "inventory");
  mkdirSync(folder);
  const inventory = path.join(folder, isFirst ? "lab.yaml" : `${name}.yaml`);
  cpSync(path.join(source, ...(isFirst ? ["lab.yaml"] : ["lab", `${name}.yaml`])), inventory);
  if (!isFirst) cpSync(path.join(source, "lab", "group_vars"), path.join(folder, "group_vars"), { recursive: true });

  const edit = (change: (document: ReturnType<typeof parseDocument>) => void) => {
    const document = parseDocument(readFileSync(inventory, "utf8"));
    change(document);
    writeFileSync(inventory, document.toString());
  };
  const hostsOf = (document: ReturnType<typeof parseDocument>, group: string): YAMLMap => {
    const hosts = document.getIn(["all", "children", group, "hosts"]);
    if (!isMap(hosts)) throw new Error(`the inventory has no hosts of group ${group}`);
    return hosts;
  };
  return {
    design,
    place,
    inventory,
    lab: path.join(place.directory, labDirectory([inventory])),
    addNodes: (nodes) =>
      edit((document) => {
        const hosts = hostsOf(document, "nodes");
        for (const { name: node, rack, address } of nodes) {
          if (!hosts.has(node)) hosts.set(node, document.createNode({ rack_id: rack, ...(isFirst ? { address } : {}) }));
        }
      }),
    dropNodes: (names) =>
      edit((document) => {
        for (const name of names) hostsOf(document, "nodes").delete(name);
      }),
    cable: (model) =>
      edit((document) => {
        const leaves = hostsOf(document, "leaves").items.map(({ key }) => String(key));
        const rackOf = (group: string, host: string) => document.getIn(["all", "children", group, "hosts", host, "rack_id"]);
        const used = new Map<unknown, number>();
        for (const { key } of hostsOf(document, "nodes").items) {
          const rack = rackOf("nodes", String(key));
          const port = `1/${11 + (used.get(rack) ?? 0)}`;
          used.set(rack, (used.get(rack) ?? 0) + 1);
          const own = leaves.filter((leaf) => rackOf("leaves", leaf) === rack).map((leaf) => [leaf, port]);
          document.setIn(
            ["all", "children", "nodes", "hosts", String(key), "ports"],
            document.createNode(Object.fromEntries(own)),
          );
        }
        document.setIn(["all", "vars", "access_policies"], document.createNode({ ...POLICIES, model }));
      }),
    addThirdRack: () =>
      edit((document) => {
        for (const id of [205, 206]) {
          const own = {
            node_id: id,
            router_id: `1.1.4.${id}`,
            rack_id: 3,
            ...(isFirst ? { address: `192.168.2.${id}/24` } : {}),
          };
          document.setIn(["all", "children", "leaves", "hosts", `leaf${id}`], document.createNode(own));
        }
      }),
    setVariables: (values) =>
      edit((document) => {
        for (const [key, value] of Object.entries(values))
          document.setIn(["all", "vars", ...key.split(".")], document.createNode(value));
      }),
    run: (playbook, ...more) =>
      place.underlay([
        "run",
        path.join(packageRoot, "playbooks", `${playbook}.yaml`),
        "-i",
        inventory,
        "--output",
        "json",
        ...flags,
        ...more,
      ]),
    byHand: async (work) => {
      const { endpoints, stop } = await place.labUp(["-i", inventory, ...flags]);
      try {
        return await work(byHand(endpoints, { username: "admin", password: "lab-only-apic-password" }));
      } finally {
        await stop();
      }
    },
    remove: () => place.remove(),
  };
}
