import type { Change } from "../../change.ts";
import { failed, ok, type Result } from "../../result.ts";
import type { Secret } from "../../secret.ts";
import type { Planned } from "../connection.ts";
import type { Command, CommandOutput, NodeFile, NodeReader, NodeWriter } from "../node.ts";
import { backUp, createEmpty, exists, fill, moveInPlace, readContent, readMode, remove } from "../node-commands.ts";
import { type FoundFile, fileChange, fileTarget } from "../node-file.ts";
import { isSealed } from "../seal.ts";

/** Files of one host: reading, comparing, writing, and what check mode has planned so far. */
export interface NodeFiles {
  readonly read: NodeReader["file"];
  readonly put: NodeWriter["putFile"];
  plan(resources: readonly NodeFile[]): Promise<Result<Planned<NodeWriter>>>;
}

/** Files over the given ways to run commands. */
export function openFiles(read: NodeReader["run"], write: NodeWriter["run"], secrets: Iterable<Secret>): NodeFiles {
  /** What check mode would have written; undefined: removed. */
  const projection = new Map<string, FoundFile | undefined>();

  const must = async (command: Command, input?: string): Promise<Result<CommandOutput>> => {
    const done = await write(command, input === undefined ? {} : { input });
    if (!done.ok || done.value.exitCode === 0) return done;
    return failed({ kind: "failed", doing: `sudo ${command.join(" ")}`, message: done.value.stderr.trim() });
  };

  /**
   * By the program's English words, or by one more question when the host speaks another language. Only the program's: sshd says of a user
   * whose home is missing the same on the same stream.
   */
  const isMissing = async (path: string, output: CommandOutput): Promise<boolean> => {
    if (/^(cat|stat): .*: No such file or directory$/m.test(output.stderr)) return true;
    const asked = await read(exists(path), { sudo: true });
    return asked.ok && asked.value.exitCode === 1;
  };

  const find = async (path: string): Promise<Result<FoundFile | undefined>> => {
    const [content, mode] = await Promise.all([read(readContent(path), { sudo: true }), read(readMode(path), { sudo: true })]);
    if (!content.ok) return content;
    if (!mode.ok) return mode;
    for (const output of [content.value, mode.value]) {
      if (output.exitCode === 0) continue;
      if (await isMissing(path, output)) return ok(undefined);
      return failed({ kind: "failed", doing: `reading ${path}`, message: output.stderr.trim() });
    }
    return ok({ content: content.value.stdout, mode: mode.value.stdout.trim().padStart(4, "0") });
  };

  const keepOthersWork = async (path: string, found: FoundFile | undefined): Promise<Result<unknown>> =>
    found === undefined || isSealed(found.content) ? ok(undefined) : must(backUp(path));

  const put: NodeFiles["put"] = async ({ path, content, mode }) => {
    const found = await find(path);
    if (!found.ok) return found;
    if (found.value?.content !== content) {
      const kept = await keepOthersWork(path, found.value);
      if (!kept.ok) return kept;
    }
    for (const [command, input] of [
      [createEmpty(path, mode), undefined],
      [fill(path), content],
      [moveInPlace(path), undefined],
    ] as const) {
      const done = await must(command, input);
      if (!done.ok) return done;
    }
    return ok(undefined);
  };

  const take = async (path: string): Promise<Result<void>> => {
    const found = await find(path);
    if (!found.ok) return found;
    const kept = await keepOthersWork(path, found.value);
    if (!kept.ok) return kept;
    const removed = await must(remove(path));
    return removed.ok ? ok(undefined) : removed;
  };

  const lookAt = async (path: string) => (projection.has(path) ? ok(projection.get(path)) : find(path));

  const compare = async (resources: readonly NodeFile[]): Promise<Result<readonly Change[]>> => {
    const found = await Promise.all(resources.map(async (wanted) => ({ wanted, found: await lookAt(wanted.path) })));
    const changes: Change[] = [];
    for (const pair of found) {
      if (!pair.found.ok) return pair.found;
      changes.push(...fileChange(pair.wanted, pair.found.value, secrets));
    }
    return ok(changes);
  };

  return {
    read: lookAt,
    put,
    plan: async (resources) => {
      const compared = await compare(resources);
      if (!compared.ok) return compared;
      const targets = new Set(compared.value.map((change) => change.target));
      const differing = resources.filter((wanted) => targets.has(fileTarget(wanted.path)));
      return ok({
        changes: compared.value,
        unknown: [],
        project: () => {
          for (const { path, state, content, mode } of differing) {
            projection.set(path, state === "absent" ? undefined : { content, mode });
          }
        },
        apply: async (writer) => {
          for (const wanted of differing) {
            const done = wanted.state === "absent" ? await take(wanted.path) : await writer.putFile(wanted);
            if (!done.ok) return done;
          }
          const again = await compare(differing);
          if (!again.ok) return again;
          if (again.value.length === 0) return ok(undefined);
          return failed({
            kind: "failed",
            doing: "reading the files back",
            message: `still different: ${again.value.map((change) => change.target).join(", ")}`,
          });
        },
      });
    },
  };
}
