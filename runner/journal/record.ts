import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Static, Type } from "#typebox";
import { Check } from "#typebox/value";
import { KeptPlay } from "./kept-plays.ts";
import { KeptVariable } from "./kept-variables.ts";

const Texts = Type.Array(Type.String());

/** The input of a run as it was given, so that it can be loaded again from the same folder. No secret is in it. */
export const KeptInput = Type.Object({
  playbook: Type.String(),
  inventory: Type.Optional(Texts),
  limit: Type.Optional(Type.String()),
  tags: Type.Optional(Texts),
  skipTags: Type.Optional(Texts),
  extraVars: Type.Array(KeptVariable),
  vaultPasswordFile: Type.Optional(Type.String()),
  lab: Type.Boolean(),
});
export type KeptInput = Static<typeof KeptInput>;

/** `run.json`: what a run is, written before it starts. */
export const RunRecord = Type.Object({
  id: Type.String(),
  /** Version of underlay that wrote it. */
  version: Type.String(),
  /** ISO 8601. */
  started: Type.String(),
  process: Type.Object({ pid: Type.Integer(), since: Type.Optional(Type.String()) }),
  input: KeptInput,
  /** Whether it ran in the lab, by `--lab` or by its inventory. */
  inLab: Type.Boolean(),
  flags: Type.Object({ forks: Type.Integer(), diff: Type.Optional(Type.Boolean()), verbose: Type.Optional(Type.Boolean()) }),
  plays: Type.Array(KeptPlay),
  /** The earlier run that it goes on with: all of it (`resume`), or only the handlers that were left (`rerun`). */
  after: Type.Optional(Type.Object({ id: Type.String(), how: Type.Enum(["resume", "rerun"]) })),
});
export type RunRecord = Static<typeof RunRecord>;

const FILE = "run.json";

/** Writes the record of a run into its folder, for its owner only. */
export function writeRecord(folder: string, record: RunRecord): void {
  writeFileSync(path.join(folder, FILE), `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
}

/** The record in a folder; undefined when there is none that can be read. */
export function readRecord(folder: string): RunRecord | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(path.join(folder, FILE), "utf8"));
    return Check(RunRecord, record) ? record : undefined;
  } catch {
    return undefined;
  }
}
