import type { Change } from "../../runner/change.ts";
import type { NodeFile } from "../../runner/connect/node.ts";
import { BACKUP_SUFFIX, remove } from "../../runner/connect/node-commands.ts";
import { type FoundFile, fileChange } from "../../runner/connect/node-file.ts";
import { isSealed } from "../../runner/connect/seal.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import { copyFile } from "./commands.ts";
import { CLOUD_INIT_FILE, OUR_FILE } from "./netplan-file.ts";
import { addressesIn, virtualLinksIn } from "./netplan-names.ts";
import type { FileStep, NetworkPlan } from "./network-plan.ts";
import type { FoundNode } from "./read-node.ts";

/** The way back: what is given back and taken away, and what the node must have afterwards. */
export interface RestorePlan extends NetworkPlan {
  /** Addresses with prefix length that the files given back name. */
  readonly addresses: readonly string[];
}

/** What gives a node the network back that it had before node.network. Pure: the same input gives the same changes in the same order. */
export function planRestore(found: FoundNode, backups: ReadonlyMap<string, FoundFile>): Result<RestorePlan> {
  const ours = found.netplan.get(OUR_FILE);
  const cloudInit = found.cloudInit.file;
  const steps: FileStep[] = [];
  for (const [path, backup] of backups) {
    const copy = `${path}${BACKUP_SUFFIX}`;
    steps.push({ wanted: present(path, backup), found: found.netplan.get(path), commands: [copyFile(copy, path)] });
    steps.push({ wanted: absent(copy), found: backup, commands: [remove(copy)] });
  }
  if (ours !== undefined) steps.push({ wanted: absent(OUR_FILE), found: ours });
  if (cloudInit !== undefined && isSealed(cloudInit.content)) steps.push({ wanted: absent(CLOUD_INIT_FILE), found: cloudInit });

  const after = new Map([...found.netplan, ...backups]);
  after.delete(OUR_FILE);
  const texts = [...after.values()].map(({ content }) => content);
  const addresses = texts.flatMap(addressesIn);
  if (ours !== undefined && texts.length === 0) return nothingToGoBackTo();

  const kept = new Set(texts.flatMap(virtualLinksIn));
  const live = new Set(found.network.links.map(({ name }) => name));
  // A VLAN link before the bond below it.
  const gone = virtualLinksIn(ours?.content ?? "").filter((name) => live.has(name) && !kept.has(name));
  const links = [...gone].reverse().map((name): Change => {
    const { kind = null, addresses: held = [] } = found.network.links.find((link) => link.name === name) ?? {};
    return { target: `link ${name}`, action: "delete", before: { kind, addresses: held }, after: null };
  });
  return ok({
    changes: [...steps.flatMap(({ wanted, found: now }) => fileChange(wanted, now)), ...links],
    files: steps,
    drift: { changes: links, remove: [...gone].reverse(), create: [...kept].filter((name) => !live.has(name)) },
    touchesNetwork: steps.some(({ wanted: { path } }) => path !== CLOUD_INIT_FILE),
    addresses,
  });
}

function present(path: string, { content, mode }: FoundFile): NodeFile {
  return { kind: "file", path, content, mode, state: "present" };
}

function absent(path: string): NodeFile {
  return { kind: "file", path, content: "", mode: "0600", state: "absent" };
}

function nothingToGoBackTo(): Result<never> {
  return failed({
    kind: "failed",
    doing: "looking for the network files from before",
    message: `there is no *${BACKUP_SUFFIX} in /etc/netplan, and no other netplan file than ours`,
    meaning: "without our file the node would have no network; nothing was changed",
    next: "write its own netplan file first, or leave the network as it is (without -e network=restore)",
  });
}
