import { stringify } from "yaml";
import type { NodeFile } from "../../runner/connect/node.ts";
import { seal } from "../../runner/connect/seal.ts";
import { addressLink, bondParameters, lowerLink, type WantedNetwork } from "./wanted-network.ts";

/** Our file: its name sorts after an installer's, because netplan lets later files win. */
export const OUR_FILE = "/etc/netplan/90-underlay.yaml";
/** Keeps cloud-init from writing its own network configuration again at the next boot. */
export const CLOUD_INIT_FILE = "/etc/cloud/cloud.cfg.d/99-underlay-network.cfg";

/**
 * The netplan file for a node. `idOf` gives the id under which netplan knows a physical link: normally its name, but an installer may have
 * defined it under another id with a `match`.
 */
export function netplanFile(wanted: WantedNetwork, idOf: (link: string) => string): NodeFile {
  const { members, bond, vlan, mtu } = wanted;
  const layer3 = {
    addresses: wanted.addresses,
    routes: wanted.gateways.map((via) => ({ to: "default", via })),
    ...(wanted.nameservers.length === 0 ? {} : { nameservers: { addresses: wanted.nameservers } }),
  };
  const on = (link: string) => (link === addressLink(wanted) ? layer3 : {});
  const ethernets = Object.fromEntries(
    members.map((link) => [idOf(link), { mtu, dhcp4: false, dhcp6: false, ...(bond === undefined ? on(link) : {}) }]),
  );
  const bonds =
    bond === undefined ? undefined : { [bond]: { interfaces: members.map(idOf), mtu, parameters: bondParameters, ...on(bond) } };
  const parent = bond ?? idOf(lowerLink(wanted));
  const vlans = vlan === undefined ? undefined : { [vlan.name]: { id: vlan.id, link: parent, mtu, ...on(vlan.name) } };
  const network = { version: 2, ethernets, ...(bonds === undefined ? {} : { bonds }), ...(vlans === undefined ? {} : { vlans }) };
  const body = `# node.network wrote this; a change by hand is undone by the next run.\n${stringify({ network })}`;
  return { kind: "file", path: OUR_FILE, content: seal(body), mode: "0600", state: "present" };
}

/** Tells cloud-init to leave the network alone (cloud-init documentation, "Disabling network configuration"). */
export function cloudInitFile(): NodeFile {
  return {
    kind: "file",
    path: CLOUD_INIT_FILE,
    content: seal("# node.network wrote this: netplan's files are kept by underlay.\nnetwork: {config: disabled}\n"),
    mode: "0644",
    state: "present",
  };
}
