import { createHash } from "node:crypto";
import { stringify } from "yaml";
import type { LabNode } from "../spec.ts";
import type { FileEntry, FileTree } from "./files.ts";
import type { Link, Network } from "./network.ts";

/** When every lab node was installed, so that two labs start equal. */
const INSTALLED = Date.UTC(2026, 0, 1);

const OS_RELEASE = `PRETTY_NAME="Ubuntu 24.04.3 LTS"
NAME="Ubuntu"
VERSION_ID="24.04"
VERSION="24.04.3 LTS (Noble Numbat)"
VERSION_CODENAME=noble
ID=ubuntu
ID_LIKE=debian
HOME_URL="https://www.ubuntu.com/"
SUPPORT_URL="https://help.ubuntu.com/"
BUG_REPORT_URL="https://bugs.launchpad.net/ubuntu/"
PRIVACY_POLICY_URL="https://www.ubuntu.com/legal/terms-and-policies/privacy-policy"
UBUNTU_CODENAME=noble
LOGO=ubuntu-logo
`;

const FOLDERS: readonly (readonly [path: string, mode: number])[] = [
  ["/", 0o755],
  ["/etc", 0o755],
  ["/etc/netplan", 0o755],
  ["/etc/systemd", 0o755],
  ["/etc/systemd/network", 0o755],
  ["/etc/systemd/system", 0o755],
  ["/etc/cloud", 0o755],
  ["/etc/cloud/cloud.cfg.d", 0o755],
  ["/etc/kubernetes", 0o755],
  ["/etc/kubernetes/manifests", 0o755],
  ["/home", 0o755],
  ["/opt", 0o755],
  ["/root", 0o700],
  ["/run", 0o755],
  ["/run/netplan", 0o755],
  ["/tmp", 0o1777],
  ["/usr", 0o755],
  ["/usr/bin", 0o755],
  ["/usr/lib", 0o755],
  ["/usr/lib/netplan", 0o755],
  ["/usr/local", 0o755],
  ["/usr/local/sbin", 0o755],
  ["/usr/sbin", 0o755],
  ["/var", 0o755],
  ["/var/backups", 0o755],
  ["/var/lib", 0o755],
  ["/var/lib/kubelet", 0o700],
  ["/var/log", 0o755],
  ["/var/tmp", 0o1777],
];

/** Whether the installed system has this folder. */
export function installedFolder(path: string): boolean {
  return FOLDERS.some(([folder]) => folder === path);
}

/** Where netplan's configuration of the installer lies. */
export const INSTALLED_NETPLAN = "/etc/netplan/50-cloud-init.yaml";

/** A MAC address that is always the same for a node's link: locally administered. */
export function macOf(node: string, link: string): string {
  const digest = createHash("sha256").update(`${node}/${link}`).digest();
  const bytes = [...digest.subarray(0, 6)];
  bytes[0] = ((bytes[0] ?? 0) & 0xfc) | 0x02;
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}

/** A node's files as its installer left them. */
export function installedFiles(node: LabNode): FileTree {
  const tree: FileTree = new Map();
  const entry = (kind: FileEntry["kind"], content: string, mode: number, owner = "root"): FileEntry => ({
    kind,
    content,
    mode,
    owner,
    group: owner,
    modified: INSTALLED,
  });
  for (const [path, mode] of FOLDERS) tree.set(path, entry("directory", "", mode));
  if (node.user !== "root") tree.set(`/home/${node.user}`, entry("directory", "", 0o750, node.user));
  tree.set("/etc/hostname", entry("file", `${node.name}\n`, 0o644));
  tree.set("/etc/hosts", entry("file", `127.0.0.1 localhost\n127.0.1.1 ${node.name}\n`, 0o644));
  tree.set("/etc/os-release", entry("file", OS_RELEASE, 0o644));
  tree.set("/usr/sbin/netplan", entry("file", "#!/usr/bin/python3\n", 0o755));
  tree.set(INSTALLED_NETPLAN, entry("file", stringify(installedNetplan(node)), 0o600));
  return tree;
}

/** Address and default route on the first link, tagged when the leaf's port is a trunk. */
function installedNetplan(node: LabNode): unknown {
  const [first = "eno1"] = node.interfaces;
  const settings = { addresses: node.addresses, routes: node.gateways.map((via) => ({ to: "default", via })) };
  if (node.vlan === undefined) return { network: { version: 2, ethernets: { [first]: settings } } };
  return {
    network: {
      version: 2,
      ethernets: { [first]: {} },
      vlans: { [`${first}.${node.vlan}`]: { id: node.vlan, link: first, ...settings } },
    },
  };
}

/** A node's links before netplan configures them: loopback and cabled links, down. */
export function bareNetwork(node: LabNode): Network {
  const links = new Map<string, Link>();
  const add = (name: string, kind: "loopback" | "ethernet", mac: string, mtu: number) =>
    links.set(name, {
      name,
      index: links.size + 1,
      kind,
      mac,
      permanentMac: mac,
      admin: kind === "loopback",
      mtu,
      mtuBefore: undefined,
      master: undefined,
      bond: undefined,
      vlan: undefined,
      addresses: kind === "loopback" ? ["127.0.0.1/8"] : [],
      netplan: false,
    });
  add("lo", "loopback", "00:00:00:00:00:00", 65536);
  for (const name of node.interfaces) add(name, "ethernet", macOf(node.name, name), 1500);
  return { links, routes: [] };
}
