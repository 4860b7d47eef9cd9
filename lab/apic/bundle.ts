import type { LabObject, LabPort } from "../parts.ts";
import { onlyChild } from "./l3out-view.ts";
import type { Path, PortView } from "./port-view.ts";
import { targetOf } from "./relation.ts";
import type { Tree } from "./tree.ts";

/** A port channel, or one leaf's half of a vPC. */
export interface Bundle {
  readonly nodeDn: string;
  readonly path: Path;
  /** `po1`, on this leaf. */
  readonly id: string;
  /** pcAggrIf */
  readonly dn: string;
  readonly lacp: Lacp;
  readonly members: readonly Member[];
  /** Whether enough members are bundled. */
  readonly up: boolean;
}

/** A port of a bundle. */
interface Member {
  /** DN of the leaf and port, with a blank between them. */
  readonly key: string;
  /** l1PhysIf */
  readonly dn: string;
  /** As LACP leaves it: in the bundle, up on its own, or down. */
  readonly state: "bundled" | "individual" | "down";
}

interface Lacp {
  /** lacpLagPol.mode */
  readonly mode: string;
  /** Whether a port without LACP is suspended. */
  readonly suspends: boolean;
  readonly minLinks: number;
}

/** Port channels of every leaf, numbered in the order of their paths. `plugged` is by leaf DN and port. */
export function bundlesOf(tree: Tree, view: PortView, plugged: ReadonlyMap<string, LabPort>): readonly Bundle[] {
  const counts = new Map<string, number>();
  const bundles: Bundle[] = [];
  for (const path of view.paths.values()) {
    if (path.kind === "port") continue;
    const lacp = lacpOf(tree, path.group);
    for (const nodeDn of new Set(path.ports.map((port) => port.nodeDn))) {
      const number = (counts.get(nodeDn) ?? 0) + 1;
      counts.set(nodeDn, number);
      const members = path.ports
        .filter((port) => port.nodeDn === nodeDn)
        .map(({ port }): Member => {
          const key = `${nodeDn} ${port}`;
          return { key, dn: `${nodeDn}/sys/phys-[${port}]`, state: memberState(plugged.get(key), lacp) };
        });
      const up = members.filter(({ state }) => state === "bundled").length >= lacp.minLinks;
      const id = `po${number}`;
      bundles.push({ nodeDn, path, id, dn: `${nodeDn}/sys/aggr-[${id}]`, lacp, members, up });
    }
  }
  return bundles;
}

/** LACP policy of a group; the default policy has mode off. */
function lacpOf(tree: Tree, group: LabObject): Lacp {
  const policy = targetOf(tree, onlyChild(tree, group.dn, "infraRsLacpPol"));
  const { mode = "off", ctrl = "", minLinks = "1" } = policy?.attributes ?? {};
  return { mode, suspends: ctrl.split(",").includes("susp-individual"), minLinks: Number(minLinks) };
}

/** Without LACP from the server a port is suspended, or runs on its own when the policy does not say susp-individual. */
function memberState(port: LabPort | undefined, { mode, suspends }: Lacp): Member["state"] {
  if (port?.up !== true) return "down";
  if (port.lacp || mode === "off") return "bundled";
  return suspends ? "down" : "individual";
}
