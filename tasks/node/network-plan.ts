import type { Change } from "../../runner/change.ts";
import type { Command, NodeFile } from "../../runner/connect/node.ts";
import { type FoundFile, fileChange } from "../../runner/connect/node-file.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import { type Drift, findDrift } from "./drift.ts";
import { clearFile } from "./netplan-conflicts.ts";
import { CLOUD_INIT_FILE, cloudInitFile, netplanFile, OUR_FILE } from "./netplan-file.ts";
import type { FoundNode } from "./read-node.ts";
import type { WantedNetwork } from "./wanted-network.ts";

/** A file to write or take away, and what is there now, for the rollback. */
export interface FileStep {
  readonly wanted: NodeFile;
  readonly found: FoundFile | undefined;
  /** What puts it there or takes it away, where a copy is given back; without it `wanted` is written, and what others wrote is kept beside it. */
  readonly commands?: readonly Command[];
}

/** Everything that has to happen on a node. */
export interface NetworkPlan {
  readonly changes: readonly Change[];
  readonly files: readonly FileStep[];
  readonly drift: Drift;
  /** Whether netplan has to apply something; false when only cloud-init's file is missing, which must not disturb a working network. */
  readonly touchesNetwork: boolean;
}

/** Compares a node with what is wanted: first its files, then the live network. Pure. */
export function planNetwork(wanted: WantedNetwork, found: FoundNode): Result<NetworkPlan> {
  const present = new Set(found.network.links.map((link) => link.name));
  const missing = wanted.members.filter((name) => !present.has(name));
  if (missing.length > 0) {
    const cards = found.network.links.filter((link) => link.kind === undefined && link.name !== "lo").map((link) => link.name);
    return failed({
      kind: "failed",
      doing: "looking for the interfaces",
      message: `no such link: ${missing.join(", ")}; the node has ${cards.join(", ")}`,
      next: "correct `interfaces` for this node",
    });
  }

  const ids = new Map<string, string>();
  const steps: FileStep[] = [];
  for (const [path, file] of found.netplan) {
    if (path === OUR_FILE) continue;
    const cleared = clearFile(path, file.content, wanted, found.network.links);
    if (!cleared.ok) return cleared;
    for (const [link, id] of cleared.value.ids) ids.set(link, id);
    const { content } = cleared.value;
    if (content === file.content) continue;
    if (!path.startsWith("/etc/")) return refuseForeign(path);
    const wantedFile: NodeFile = {
      kind: "file",
      path,
      content: content ?? "",
      mode: file.mode,
      state: content === undefined ? "absent" : "present",
    };
    steps.push({ wanted: wantedFile, found: file });
  }
  const { cloudInit } = found;
  if (cloudInit.installed) steps.push({ wanted: cloudInitFile(), found: cloudInit.file });
  steps.push({ wanted: netplanFile(wanted, (link) => ids.get(link) ?? link), found: found.netplan.get(OUR_FILE) });

  const compared = steps.map((step) => ({ step, changes: fileChange(step.wanted, step.found) }));
  const drift = findDrift(wanted, found.network);
  const differing = compared.flatMap(({ step, changes }) => (changes.length === 0 ? [] : [step]));
  return ok({
    changes: [...compared.flatMap(({ changes }) => changes), ...drift.changes],
    files: differing,
    drift,
    touchesNetwork: drift.changes.length > 0 || differing.some(({ wanted: { path } }) => path !== CLOUD_INIT_FILE),
  });
}

function refuseForeign(path: string): Result<never> {
  return failed({
    kind: "failed",
    doing: `reading ${path}`,
    message: "this file configures the same interfaces",
    meaning: "files outside /etc/netplan come from packages or from the boot process and would come back",
    next: `remove it by what made it, or hide it with an empty file /etc/netplan/${path.slice(path.lastIndexOf("/") + 1)}`,
  });
}
