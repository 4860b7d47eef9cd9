import { type Static, Type } from "#typebox";
import { ok } from "../../runner/result.ts";
import { localTask } from "../../runner/task-type.ts";
import { countOf, Registered, reasonsOf, registeredOf } from "./registered.ts";
import { sessionRows } from "./session-rows.ts";

const Check = Type.Object(
  {
    asked: Type.String({ minLength: 1, description: "What was asked, the row's name" }),
    result: Type.Optional(Registered),
    hosts: Type.Optional(
      Type.Array(Type.Record(Type.String(), Type.Unknown()), {
        description: "Of a play on many hosts: `groups.leaves | map('extract', hostvars) | pick('inventory_hostname', KEY)`",
      }),
    ),
    key: Type.Optional(Type.String({ minLength: 1, description: "The name under which these hosts registered it" })),
  },
  {
    additionalProperties: false,
    description: "`result` of one host, or `hosts` with `key`",
    anyOf: [
      { required: ["result"], properties: { result: true } },
      { required: ["hosts", "key"], properties: { hosts: true, key: true } },
    ],
  },
);

/** The end of verify.yaml: what was found against what was expected, in one table. */
export const report = localTask({
  name: "verify.report",
  summary: "A table of what proofs found against what was expected",
  steps: [],
  args: Type.Object(
    {
      checks: Type.Array(Check, { minItems: 1, description: "Registered results of proofs, in the table's order" }),
      sessions: Type.Optional(
        Type.Array(
          Type.Object({
            node: Type.String({ minLength: 1 }),
            leaf: Type.String({ minLength: 1 }),
            local_address: Type.String({ format: "ip", description: "The node's address" }),
          }),
          { description: "underlay.sessions: a row for each node with its leaves" },
        ),
      ),
      leaves: Type.Optional(
        Type.Array(Type.Record(Type.String(), Type.Unknown()), {
          description:
            "The leaves with `inventory_hostname`, `leaf_sessions` (verify.leaf_bgp_sessions) and `leaf_routes` (verify.leaf_routes)",
        }),
      ),
      withdrawn: Type.Array(Type.String(), { default: [], description: "Nodes to be named as withdrawn" }),
      cordoned: Type.Array(Type.String(), { default: [], description: "Nodes to be named as cordoned" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Register each proof with `ignore_errors: true`, so that all of them are made; an assert on the fact `unmet` then fails the run, with the table above it.",
    "A proof that was skipped has no row. One that a host never made counts as not met.",
    "Facts: rows, a list of asked, found, expected; unmet, one line for each reason with the hosts that have it, empty when all is as expected.",
  ],
  example: `- name: Verdict
  verify.report:
    checks:
      - { asked: nodes Ready, result: "{{ ready }}" }
      - asked: BGP sessions on the leaves
        hosts: "{{ groups.leaves | map('extract', hostvars) | pick('inventory_hostname', 'leaf_sessions') }}"
        key: leaf_sessions`,
  observe: async ({ args }) => {
    const asked = args.checks.flatMap((check) => askedOf(check));
    const rows = asked.map(({ asked: name, results }) => ({ asked: name, ...sum(results.map(({ result }) => countOf(result))) }));
    const nodes = sessionRows(args.sessions ?? [], args.leaves ?? []);
    const table = [
      ...aligned([["asked", "found", "expected"], ...rows.map((row) => [row.asked, `${row.found}`, `${row.expected}`])]),
      ...(nodes.length === 0 ? [] : ["", ...aligned([["node", "sessions, and prefixes through the node"], ...nodes])]),
      ...named("withdrawn (label underlay/withdrawn)", args.withdrawn),
      ...named("cordoned", args.cordoned),
    ];
    return ok({ facts: { rows, unmet: asked.flatMap(unmetOf) }, unmet: [], message: table.join("\n") });
  },
});

/** A row's results; `host` undefined for the one of localhost. */
interface Asked {
  readonly asked: string;
  readonly results: readonly { readonly host: string | undefined; readonly result: Static<typeof Registered> | undefined }[];
}

/** A check without what was skipped; nothing when all of it was. */
function askedOf({ asked, result, hosts = [], key = "" }: Static<typeof Check>): readonly Asked[] {
  const all =
    result === undefined
      ? hosts.map((host) => ({ host: String(host.inventory_hostname), result: registeredOf(host[key]) }))
      : [{ host: undefined, result }];
  const results = all.filter((one) => one.result?.skipped !== true);
  return results.length === 0 ? [] : [{ asked, results }];
}

/** One line for each reason, with all hosts that have it. */
function unmetOf({ asked, results }: Asked): readonly string[] {
  const hosts = new Map<string, string[]>();
  for (const { host, result } of results) {
    for (const reason of reasonsOf(result)) {
      hosts.set(reason, [...(hosts.get(reason) ?? []), ...(host === undefined ? [] : [host])]);
    }
  }
  return [...hosts].map(([reason, those]) => `${[asked, ...those].join(", ")}: ${reason}`);
}

function sum(counts: readonly ReturnType<typeof countOf>[]) {
  return counts.reduce((total, one) => ({ found: total.found + one.found, expected: total.expected + one.expected }), {
    found: 0,
    expected: 0,
  });
}

/** Columns of equal width, two blanks between. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function named(what: string, names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`${what}: ${names.join(", ")}`];
}
