import { errorAt } from "../diagnostic.ts";
import { hintFor } from "../nearest.ts";
import type { Entry, Inventory, Play } from "./model.ts";
import { selectHosts } from "./pattern.ts";
import type { Problems } from "./problems.ts";

/** `--limit`, `--tags`, `--skip-tags`. */
export interface Selection {
  readonly limit: string | undefined;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
}

const SPECIAL = ["all", "tagged", "untagged", "always", "never"];

/** Keeps the hosts and tasks that were asked for. A tag or a limit that nothing has is an error, not an empty run. */
export function selectPlays(plays: readonly Play[], selection: Selection, inventory: Inventory, problems: Problems): Play[] {
  const tags = split(selection.tags);
  const skipTags = split(selection.skipTags);
  const known = new Set(plays.flatMap((play) => tagsOf(play.entries)));
  for (const tag of [...tags, ...skipTags]) {
    if (known.has(tag) || SPECIAL.includes(tag)) continue;
    problems.report(
      errorAt(undefined, "unknown-tag", `no task has the tag ${tag}`, hintFor(tag, known) ?? "see: underlay list tags PLAYBOOK"),
    );
  }
  let limited: ReadonlySet<string> | undefined;
  if (selection.limit !== undefined) {
    const selected = selectHosts(selection.limit, inventory);
    if (selected.ok) limited = new Set(selected.hosts);
    else problems.report(errorAt(undefined, selected.rule, `--limit ${selection.limit}: ${selected.message}`, selected.hint));
  }
  return plays.map((play) => ({
    ...play,
    hosts: play.hosts.filter((host) => limited === undefined || limited.has(host)),
    entries: selectEntries(play.entries, (own) => isSelected(own, tags, skipTags)),
  }));
}

/** Tags of all tasks and flushes. */
function tagsOf(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap((entry) =>
    entry.kind === "block" ? tagsOf([...entry.block, ...entry.rescue, ...entry.always]) : entry.tags,
  );
}

function split(tags: readonly string[]): readonly string[] {
  return tags
    .flatMap((tag) => tag.split(","))
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
}

/** Ansible's rules: `always` runs unless skipped by name, `never` only when one of the task's tags is asked for by name. */
export function isSelected(own: readonly string[], tags: readonly string[], skipTags: readonly string[]): boolean {
  const has = (wanted: readonly string[]): boolean => own.some((tag) => wanted.includes(tag));
  const tagged = own.some((tag) => tag !== "always" && tag !== "never");
  const wanted =
    has(tags) ||
    (tags.includes("untagged") && !tagged) ||
    (!own.includes("never") &&
      (tags.length === 0 || tags.includes("all") || own.includes("always") || (tags.includes("tagged") && tagged)));
  const skipped =
    has(skipTags) ||
    (skipTags.includes("all") && !own.includes("always")) ||
    (skipTags.includes("tagged") && tagged) ||
    (skipTags.includes("untagged") && !tagged);
  return wanted && !skipped;
}

function selectEntries(entries: readonly Entry[], keep: (tags: readonly string[]) => boolean): Entry[] {
  return entries.flatMap((entry): Entry[] => {
    if (entry.kind !== "block") return keep(entry.tags) ? [entry] : [];
    const block = selectEntries(entry.block, keep);
    const rescue = selectEntries(entry.rescue, keep);
    const always = selectEntries(entry.always, keep);
    return block.length + always.length === 0 ? [] : [{ ...entry, block, rescue, always }];
  });
}
