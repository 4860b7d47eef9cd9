import type { Command } from "./node.ts";

/**
 * Commands with which files on a node are read and written, all with sudo. Together with those of the task types (tasks/node/commands.ts)
 * this is everything a run executes as root on a node.
 */

/** What is added to a path for the copy of somebody else's file that was replaced. Netplan and cloud-init ignore such names. */
export const BACKUP_SUFFIX = ".underlay-backup";

/** A file under construction, beside its final place, so that the last step is a rename within one file system. */
const NEW_SUFFIX = ".underlay-new";

/** The permissions of a file, `600`. */
export const readMode = (path: string): Command => ["stat", "-c", "%a", "--", path];

/** The content of a file. */
export const readContent = (path: string): Command => ["cat", "--", path];

/** Whether there is such a file: exit 0 or 1. */
export const exists = (path: string): Command => ["test", "-e", path];

/** Keeps a copy of somebody else's file. An older copy is kept too, as `.~1~` and so on: nothing that others wrote is ever lost. */
export const backUp = (path: string): Command => ["cp", "-p", "--backup=numbered", "--", path, `${path}${BACKUP_SUFFIX}`];

/** Makes an empty file with its final permissions, so that the content is never readable to more people than it should be. */
export const createEmpty = (path: string, mode: string): Command => [
  "install",
  "-m",
  mode,
  "--",
  "/dev/null",
  `${path}${NEW_SUFFIX}`,
];

/** Writes standard input into it. */
export const fill = (path: string): Command => ["tee", "--", `${path}${NEW_SUFFIX}`];

/** Puts it in its place in one step. */
export const moveInPlace = (path: string): Command => ["mv", "-f", "-T", "--", `${path}${NEW_SUFFIX}`, path];

/** Removes a file. */
export const remove = (path: string): Command => ["rm", "-f", "--", path];
