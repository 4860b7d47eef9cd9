import { errorAt } from "../diagnostic.ts";
import type { Evaluator } from "../expression/evaluator.ts";
import { hintFor } from "../nearest.ts";
import { type LateNames, scopeBeforeRun, scopeOfPlay } from "./late-names.ts";
import type { Inventory, Play, Value, Variables } from "./model.ts";
import type { Problems } from "./problems.ts";
import { batchesOf, readSerial } from "./serial.ts";
import { KnownVariables } from "./variables.ts";

/** What parting hosts needs. */
export interface BatchInput {
  readonly inventory: Inventory;
  readonly extraVars: Variables;
  readonly evaluator: Evaluator;
  readonly late: LateNames;
  readonly problems: Problems;
  /** False when variables are wrong already: what they would give for `serial` is not reported once more. */
  readonly soundVariables: boolean;
}

/** The plays with their hosts in batches. `serial` must be known before the run: from `-e`, variables of the play and of the group `all`. */
export function withBatches(plays: readonly Play[], input: BatchInput): readonly Play[] {
  return plays.map((play) => {
    const whole = play.hosts.length === 0 ? [] : [play.hosts];
    return { ...play, batches: play.serial === undefined ? whole : (partedBy(play.serial, play, input) ?? whole) };
  });
}

function partedBy(written: Value, play: Play, input: BatchInput): readonly (readonly string[])[] | undefined {
  const { problems, evaluator, soundVariables } = input;
  const rendered = evaluator.render(written, scopeOfPlay(play, input));
  if (rendered.kind !== "value") {
    if (!soundVariables) return undefined;
    const hint = "it may use -e, variables of the play and of the group all; batches are made before anything runs";
    const late = errorAt(written.at, "unknown-serial", "serial cannot be known before the run", hint);
    problems.report(rendered.kind === "error" ? rendered.diagnostic : late);
    return undefined;
  }
  const serial = readSerial(rendered.value);
  if (serial === undefined) {
    const message = "serial is a number of hosts, a percentage, a list of them, {by: VARIABLE} or {across: VARIABLE}";
    problems.report(
      errorAt(
        written.at,
        "wrong-serial",
        message,
        'examples: 2, "30%", [1, 5, "30%"], {by: rack_id}, {across: rack_id, apart: control_plane}',
      ),
    );
    return undefined;
  }
  const value = (host: string, variable: string) => valueOn(host, variable, written, play, input);
  if (serial.kind === "sizes")
    return batchesOf(
      serial,
      play.hosts,
      () => "",
      () => false,
    );
  const apart = serial.kind === "across" ? serial.apart : undefined;
  const stranger = [serial.variable, apart].find((name) => name !== undefined && !isKnown(name, play, input));
  if (stranger !== undefined) {
    const names = [...namesOf(input.inventory), ...Object.keys(KnownVariables.properties)];
    const message = `no host has a variable ${stranger}, so serial cannot part hosts by it`;
    problems.report(errorAt(written.at, "unknown-serial", message, hintFor(stranger, new Set(names))));
    return undefined;
  }
  return batchesOf(
    serial,
    play.hosts,
    (host) => value(host, serial.variable),
    (host) => apart !== undefined && value(host, apart) === "is true",
  );
}

/** A variable that underlay knows may be given nowhere: then all hosts are alike, as in a cluster without racks. */
function isKnown(name: string, play: Play, { inventory, extraVars }: BatchInput): boolean {
  return (
    Object.hasOwn(KnownVariables.properties, name) ||
    [...namesOf(inventory), ...play.vars.keys(), ...extraVars.keys()].includes(name)
  );
}

function namesOf(inventory: Inventory): readonly string[] {
  return [...inventory.hosts.values()].flatMap(({ vars }) => [...vars.keys()]);
}

/** The value on a host as text; hosts without one are alike. */
function valueOn(host: string, name: string, written: Value, play: Play, input: BatchInput): string {
  const given = input.inventory.hosts.get(host)?.vars.has(name) || play.vars.has(name) || input.extraVars.has(name);
  if (!given) return "none";
  const outcome = input.evaluator.variable(name, scopeBeforeRun(play, host, [], input));
  if (outcome.kind === "value" && (typeof outcome.value !== "object" || outcome.value === null)) return `is ${outcome.value}`;
  if (!input.soundVariables) return "none";
  const what = outcome.kind === "unknown" ? "is not known before the run" : "is a list, a map or a secret";
  const wrong = errorAt(written.at, "unknown-serial", `${name} ${what}, so serial cannot part hosts by it`);
  input.problems.reportFor(host, outcome.kind === "error" ? outcome.diagnostic : wrong);
  return "none";
}
