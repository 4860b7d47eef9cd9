import { readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Workplace } from "../support/command.ts";
import { type Started, start } from "../support/started.ts";

/** Three plays for two hosts; n2 waits in its batch of the second, unless `-e wait=no`. Nothing has to be there for them. */
export const PLAYS = `
- name: First
  hosts: nodes
  tasks:
    - name: Learn
      set_fact: { colour: "{{ shade | default('light') }} blue" }
    - name: Once
      debug: { msg: first }
- name: Second
  hosts: nodes
  serial: 1
  tasks:
    - name: Wait for the last
      pause: { seconds: "{{ 600 if inventory_hostname == 'n2' and wait | default('yes') == 'yes' else 0 }}" }
    - name: Show
      debug: { msg: "{{ inventory_hostname }} is {{ hostvars.n1.colour }}" }
- name: Third
  hosts: nodes
  tasks:
    - name: Last
      debug: { msg: third }
`;

/** Runs of these plays in a workplace, and what becomes of them. */
export interface WaitingRuns {
  /** Begins anew with these plays and no earlier runs. */
  begin(plays: string): void;
  /** Changes the plays. */
  plays(text: string): void;
  /** Starts a run, with more flags or another verb, and waits until the batch of n2 waits. */
  waiting(more?: readonly string[], verb?: readonly string[]): Promise<Started>;
  /** The same, then kills it; gives the run's id. */
  killed(more?: readonly string[], verb?: readonly string[]): Promise<string>;
  /** Id of the newest run. */
  newest(): string;
}

/** The plain run. */
export const RUN: readonly string[] = ["run", "site.yaml", "-i", "hosts.yaml", "--yes"];

export function waitingRuns({ directory }: Workplace): WaitingRuns {
  const write = (name: string, text: string) => writeFileSync(path.join(directory, name), text);
  write("hosts.yaml", "all:\n  children:\n    nodes:\n      hosts:\n        n1:\n        n2:\n");
  const plays = (text: string) => write("site.yaml", text);
  const newest = () =>
    readdirSync(path.join(directory, ".underlay", "runs"))
      .sort()
      .at(-1) ?? "";
  const waiting = async (more: readonly string[] = [], verb: readonly string[] = RUN) => {
    const run = start([...verb, ...more], directory);
    await run.says("batch 2 of 2");
    await run.says("task Wait for the last");
    return run;
  };
  return {
    begin: (text) => {
      rmSync(path.join(directory, ".underlay"), { recursive: true, force: true });
      plays(text);
    },
    plays,
    waiting,
    killed: async (more, verb) => {
      const run = await waiting(more, verb);
      run.signal("SIGKILL");
      await run.ended();
      return newest();
    },
    newest,
  };
}
