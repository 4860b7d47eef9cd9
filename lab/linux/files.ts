/** A file or folder of a lab node. */
export interface FileEntry {
  readonly kind: "file" | "directory";
  readonly content: string;
  /** Permission bits, `0o600`. */
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** A node's files by absolute path, without trailing slash; the root folder is `/`. */
export type FileTree = Map<string, FileEntry>;

/** A value, or the reason in the kernel's words (`No such file or directory`), to be printed after the path. */
export type FileAnswer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: string };

const DONE = { ok: true, value: undefined } as const;

function fault(text: string): { readonly ok: false; readonly fault: string } {
  return { ok: false, fault: text };
}

/** An absolute path without `.`, `..`, double and trailing slashes; a relative path starts at `home`. */
export function absolute(path: string, home: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${home}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The folder a path lies in. */
export function parentOf(path: string): string {
  const cut = path.lastIndexOf("/");
  return cut <= 0 ? "/" : path.slice(0, cut);
}

type Right = 4 | 2 | 1;

function may(entry: FileEntry, user: string, right: Right): boolean {
  if (user === "root") return true;
  const shift = entry.owner === user ? 6 : entry.group === user ? 3 : 0;
  return ((entry.mode >> shift) & right) !== 0;
}

/** Looks a path up; every folder on the way must be one that the user can enter. */
export function find(tree: FileTree, path: string, user: string): FileAnswer<FileEntry> {
  for (let folder = parentOf(path); ; folder = parentOf(folder)) {
    const entry = tree.get(folder);
    if (entry?.kind === "file") return fault("Not a directory");
    if (entry !== undefined && !may(entry, user, 1)) return fault("Permission denied");
    if (folder === "/") break;
  }
  const entry = tree.get(path);
  return entry === undefined ? fault("No such file or directory") : { ok: true, value: entry };
}

/** A file's content. */
export function readFile(tree: FileTree, path: string, user: string): FileAnswer<string> {
  const found = find(tree, path, user);
  if (!found.ok) return found;
  if (found.value.kind === "directory") return fault("Is a directory");
  return may(found.value, user, 4) ? { ok: true, value: found.value.content } : fault("Permission denied");
}

/** Creates or overwrites a file; an existing one keeps its mode and owner. */
export function writeFile(tree: FileTree, path: string, content: string, user: string, mode = 0o644): FileAnswer<undefined> {
  const found = find(tree, path, user);
  if (found.ok) {
    if (found.value.kind === "directory") return fault("Is a directory");
    if (!may(found.value, user, 2)) return fault("Permission denied");
    tree.set(path, { ...found.value, content, modified: Date.now() });
    return DONE;
  }
  if (found.fault !== "No such file or directory") return found;
  const room = canChange(tree, parentOf(path), user);
  if (!room.ok) return room;
  tree.set(path, { kind: "file", content, mode, owner: user, group: user, modified: Date.now() });
  return DONE;
}

/** Creates a folder. */
export function makeFolder(tree: FileTree, path: string, user: string, mode = 0o755): FileAnswer<undefined> {
  if (tree.has(path)) return fault("File exists");
  const room = canChange(tree, parentOf(path), user);
  if (!room.ok) return room;
  tree.set(path, { kind: "directory", content: "", mode, owner: user, group: user, modified: Date.now() });
  return DONE;
}

/** Whether entries may be made and removed in a folder. */
function canChange(tree: FileTree, folder: string, user: string): FileAnswer<undefined> {
  const found = find(tree, folder, user);
  if (!found.ok) return found;
  if (found.value.kind !== "directory") return fault("Not a directory");
  return may(found.value, user, 2) ? DONE : fault("Permission denied");
}

/** Removes a file, or a folder with all below it. */
export function remove(tree: FileTree, path: string, user: string): FileAnswer<undefined> {
  const found = find(tree, path, user);
  if (!found.ok) return found;
  const room = canChange(tree, parentOf(path), user);
  if (!room.ok) return room;
  for (const name of [...tree.keys()]) if (name === path || name.startsWith(`${path}/`)) tree.delete(name);
  return DONE;
}

/** Moves a file or folder over what is at the target, as rename(2) does. */
export function rename(tree: FileTree, from: string, to: string, user: string): FileAnswer<undefined> {
  const found = find(tree, from, user);
  if (!found.ok) return found;
  for (const folder of [parentOf(from), parentOf(to)]) {
    const room = canChange(tree, folder, user);
    if (!room.ok) return room;
  }
  for (const [name, entry] of [...tree]) {
    if (name !== from && !name.startsWith(`${from}/`)) continue;
    tree.delete(name);
    tree.set(to + name.slice(from.length), entry);
  }
  return DONE;
}

/** Changes mode or owner; only the owner and root may. */
export function setRights(
  tree: FileTree,
  path: string,
  rights: Partial<Pick<FileEntry, "mode" | "owner" | "group">>,
  user: string,
): FileAnswer<undefined> {
  const found = find(tree, path, user);
  if (!found.ok) return found;
  if (user !== "root" && (found.value.owner !== user || rights.owner !== undefined)) return fault("Operation not permitted");
  tree.set(path, { ...found.value, ...rights });
  return DONE;
}

/** Names in a folder, sorted. */
export function namesIn(tree: FileTree, folder: string): string[] {
  const start = folder === "/" ? "/" : `${folder}/`;
  return [...tree.keys()]
    .filter((path) => path.startsWith(start) && path !== folder && !path.slice(start.length).includes("/"))
    .map((path) => path.slice(start.length))
    .sort();
}
