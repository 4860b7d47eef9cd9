import type { AddressPlan, FamilyPlan, NodePlan } from "../address-plan/plan.ts";
import type { LoadedInventory } from "../load/load.ts";
import { hostVariables } from "../load/overlay.ts";

/** The cells of one line. */
type Row = readonly string[];

const WORDS: Readonly<Record<FamilyPlan["family"], string>> = { ipv4: "IPv4", ipv6: "IPv6" };

/** Marks what was derived; what is given has no mark. */
const COMPUTED = "*";

/** The plan for people: family by family, first the fabric's addresses, then the nodes'. A table too wide for the terminal becomes a list. */
export function addressTable(loaded: LoadedInventory, columns: number): string {
  const { plan } = loaded;
  const marks = createMarks(loaded);
  const sections = plan.families.map((family, index) => {
    const head = `${WORDS[family.family]}: ${plan.svi} SVI, node subnet ${family.node_subnet}, interface profile ${family.interface_profile}`;
    const parts = plan.svi === "floating" ? floating(plan, family, index, marks) : standard(plan, family, index, marks);
    return [head, ...parts.map((rows) => table(rows, columns))].join("\n\n");
  });
  const legend = sections.some((section) => section.includes(COMPUTED))
    ? `${COMPUTED} computed, everything else is given; --output yaml keeps what was computed`
    : "everything is given";
  return [...sections, legend].join("\n\n");
}

/** Which values of the plan were computed. */
interface Marks {
  readonly host: (name: string, key: "address" | "address6" | "vlan", text: string) => string;
  readonly gateway: (index: number, key: "floating_address" | "secondary_address", text: string) => string;
}

function createMarks(loaded: LoadedInventory): Marks {
  const everywhere = hostVariables(loaded, "localhost");
  const known = everywhere.kind === "value" ? everywhere.value : {};
  const mark = (computed: boolean, text: string): string => (computed ? text + COMPUTED : text);
  return {
    host: (name, key, text) => {
      const variable = loaded.extraVars.get(key) ?? loaded.inventory.hosts.get(name)?.vars.get(key);
      return mark(variable?.origin === "computed", text);
    },
    gateway: (index, key, text) => mark((index === 0 ? known.l3out : known.ipv6)?.[key] === undefined, text),
  };
}

const ownKey = (index: number): "address" | "address6" => (index === 0 ? "address" : "address6");

function floating(plan: AddressPlan, family: FamilyPlan, index: number, marks: Marks): Row[][] {
  const gateway = (key: "floating_address" | "secondary_address", use: string): Row => [
    key.replace("_", " "),
    marks.gateway(index, key, family[key] ?? ""),
    use,
  ];
  const leaves = plan.leaves.map(({ name, node_id, rack_id }): Row => {
    const address = family.anchors.find((anchor) => anchor.node_id === node_id)?.address ?? "";
    return [name, marks.host(name, ownKey(index), address), rack_id === null ? "" : `rack ${rack_id}`];
  });
  const nodes = plan.nodes.map((node): Row => [...nodeCells(node, index, marks, plan.svi), node.leaves.join(", ")]);
  return [
    [
      ["FABRIC", "ADDRESS", "USE"],
      gateway("secondary_address", "the nodes' gateway"),
      gateway("floating_address", "of leaves that are no anchors"),
    ],
    [["ANCHOR LEAF", "ADDRESS", "RACK"], ...leaves],
    [["NODE", "ADDRESS", "GATEWAY", "VLAN", "LEAVES"], ...nodes],
  ];
}

function standard(plan: AddressPlan, family: FamilyPlan, index: number, marks: Marks): Row[][] {
  const names = new Map(plan.leaves.map((leaf) => [leaf.node_id, leaf.name]));
  const nodes = plan.nodes.map((node): Row => {
    const path = family.paths.find((one) => one.node === node.name);
    const leaves = path?.leaves.map((id, side) => `${names.get(id)} ${path.addresses[side]}${COMPUTED}`) ?? [];
    return [
      ...nodeCells(node, index, marks, plan.svi),
      leaves.join(", "),
      path === undefined ? "" : `${path.type} ${path.interface}`,
    ];
  });
  return [[["NODE", "ADDRESS", "GATEWAY", "VLAN", "LEAVES", "PATH"], ...nodes]];
}

function nodeCells({ name, addresses, gateways, vlan }: NodePlan, index: number, marks: Marks, svi: AddressPlan["svi"]): Row {
  const gateway = gateways[index] ?? "";
  const tag = vlan === null ? "-" : marks.host(name, "vlan", String(vlan));
  return [
    name,
    marks.host(name, ownKey(index), addresses[index] ?? ""),
    svi === "standard" ? gateway + COMPUTED : marks.gateway(index, "secondary_address", gateway),
    tag,
  ];
}

/** Columns side by side; on a narrow terminal a block for each row, its cells named. */
function table(rows: readonly Row[], columns: number): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const total = widths.reduce((sum, width) => sum + width + 2, 0);
  if (total <= columns + 2) {
    return rows
      .map((row) =>
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd(),
      )
      .join("\n");
  }
  const [head = [], ...body] = rows;
  return body
    .map(([name, ...cells]) => {
      const lines = cells.map(
        (cell, column) => `  ${(head[column + 1] ?? "").toLowerCase().padEnd(9)}${cell.split(", ").join(`\n${" ".repeat(11)}`)}`,
      );
      return [name, ...lines].join("\n");
    })
    .join("\n");
}
