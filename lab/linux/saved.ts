import { Type } from "#typebox";
import { Check } from "#typebox/value";
import { isObject } from "../../runner/json.ts";
import type { LabNode } from "../spec.ts";
import type { FileEntry } from "./files.ts";
import type { Machine, PowerState } from "./machine.ts";
import type { Link, Route } from "./network.ts";
import type { Timer } from "./units.ts";

const Text = Type.String();
const File = Type.Object({
  kind: Type.Union([Type.Literal("file"), Type.Literal("directory")]),
  content: Text,
  mode: Type.Number(),
  owner: Text,
  group: Text,
  modified: Type.Number(),
});
const Bond = Type.Object({
  mode: Text,
  miimon: Type.Number(),
  lacpRate: Text,
  transmitHashPolicy: Text,
  minLinks: Type.Number(),
});
const SavedLink = Type.Object({
  name: Text,
  index: Type.Number(),
  kind: Type.Union([Type.Literal("ethernet"), Type.Literal("bond"), Type.Literal("vlan"), Type.Literal("loopback")]),
  mac: Text,
  permanentMac: Text,
  admin: Type.Boolean(),
  mtu: Type.Number(),
  mtuBefore: Type.Optional(Type.Number()),
  master: Type.Optional(Text),
  bond: Type.Optional(Bond),
  vlan: Type.Optional(Type.Object({ id: Type.Number(), parent: Text })),
  addresses: Type.Array(Text),
  netplan: Type.Boolean(),
});
const SavedRoute = Type.Object({
  family: Type.Union([Type.Literal(4), Type.Literal(6)]),
  destination: Text,
  gateway: Type.Optional(Text),
  device: Text,
  protocol: Type.Union([Type.Literal("static"), Type.Literal("boot")]),
  metric: Type.Optional(Type.Number()),
});
const SavedNode = Type.Object({
  /** The specification it was installed from, as JSON: another one means another machine. */
  installedFrom: Text,
  files: Type.Array(Type.Tuple([Text, File])),
  links: Type.Array(SavedLink),
  routes: Type.Array(SavedRoute),
  timers: Type.Array(Type.Object({ unit: Text, command: Type.Array(Text), due: Type.Number() })),
  power: Type.Union(
    (["running", "rebooting", "booting", "starting", "powering-off", "off"] as const).map((state) => Type.Literal(state)),
  ),
  bootId: Text,
  bootedAt: Type.Number(),
  kubeletStopped: Type.Boolean(),
});

/** What a node was when the lab stopped. */
export interface Remembered {
  readonly files: readonly (readonly [path: string, entry: FileEntry])[];
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
  readonly timers: readonly Timer[];
  readonly power: PowerState;
  readonly bootId: string;
  readonly bootedAt: number;
  readonly kubeletStopped: boolean;
}

/** All machines as one JSON value for the state file. */
export function save(machines: readonly Machine[]): { readonly nodes: Readonly<Record<string, unknown>> } {
  const nodes = machines.map(({ spec, files, network, units, power, bootId, bootedAt, kubeletStopped }) => {
    const remembered: Remembered = {
      files: [...files],
      links: [...network.links.values()],
      routes: network.routes,
      timers: units.pending(),
      power,
      bootId,
      bootedAt,
      kubeletStopped,
    };
    return [spec.name, { installedFrom: JSON.stringify(spec), ...remembered }];
  });
  return { nodes: Object.fromEntries(nodes) };
}

/**
 * Whether the cluster was made without this machine: the lab has run before and did not know it. The machines of its first start have
 * joined, as the white paper assumes, and so has one that is only described in another way now.
 */
export function isLater(saved: unknown, name: string): boolean {
  return isObject(saved) && isObject(saved.nodes) && !Object.hasOwn(saved.nodes, name);
}

/** What is remembered of a node; undefined when nothing is, or when the inventory describes another machine now. */
export function recall(saved: unknown, spec: LabNode): Remembered | undefined {
  // Only this node's part is checked: it is called for every node, and checking all of them each time would take n² time.
  const node = isObject(saved) && isObject(saved.nodes) ? saved.nodes[spec.name] : undefined;
  if (!Check(SavedNode, node) || node.installedFrom !== JSON.stringify(spec)) return undefined;
  return {
    files: node.files,
    links: node.links.map((link) => ({
      ...link,
      mtuBefore: link.mtuBefore,
      master: link.master,
      bond: link.bond,
      vlan: link.vlan,
    })),
    routes: node.routes.map((route) => ({ ...route, gateway: route.gateway, metric: route.metric })),
    timers: node.timers,
    power: node.power,
    bootId: node.bootId,
    bootedAt: node.bootedAt,
    kubeletStopped: node.kubeletStopped,
  };
}
