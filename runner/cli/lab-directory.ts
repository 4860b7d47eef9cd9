import path from "node:path";

/** Where the lab of an inventory keeps its state: `.underlay/lab/<name of the first inventory>` below the working directory. */
export function labDirectory(inventories: readonly string[]): string {
  const [first] = inventories;
  const name = first === undefined ? "lab" : path.basename(first).replace(/\.ya?ml$/, "");
  return path.join(".underlay", "lab", name);
}
