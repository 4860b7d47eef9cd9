/** What may stand under a mapping of a netplan file: a scalar or list, a mapping with known keys, or a mapping by id. */
export type Known = true | { readonly keys: Readonly<Record<string, Known>> } | { readonly each: Known };

const scalars = (...names: string[]): Record<string, Known> => Object.fromEntries(names.map((name) => [name, true]));

const DHCP_OVERRIDES: Known = {
  keys: scalars(
    "use-dns",
    "use-ntp",
    "use-hostname",
    "use-routes",
    "use-domains",
    "send-hostname",
    "hostname",
    "route-metric",
    "use-mtu",
  ),
};

/** Keys of any interface (netplan's YAML reference, "Properties for all device types"). */
const COMMON: Readonly<Record<string, Known>> = {
  ...scalars("renderer", "dhcp4", "dhcp6", "addresses", "gateway4", "gateway6", "routes", "routing-policy", "mtu", "macaddress"),
  ...scalars("optional", "optional-addresses", "accept-ra", "link-local", "critical", "ignore-carrier", "activation-mode"),
  ...scalars("dhcp-identifier", "ipv6-privacy", "ipv6-mtu", "ipv6-address-generation", "ipv6-address-token", "neigh-suppress"),
  "dhcp4-overrides": DHCP_OVERRIDES,
  "dhcp6-overrides": DHCP_OVERRIDES,
  nameservers: { keys: scalars("addresses", "search") },
};

const ETHERNET: Known = {
  keys: {
    ...COMMON,
    ...scalars("set-name", "wakeonlan", "emit-lldp", "receive-checksum-offload", "transmit-checksum-offload"),
    ...scalars("tcp-segmentation-offload", "generic-segmentation-offload", "generic-receive-offload", "large-receive-offload"),
    match: { keys: scalars("name", "macaddress", "driver") },
  },
};

const BOND: Known = {
  keys: {
    ...COMMON,
    interfaces: true,
    parameters: {
      keys: {
        ...scalars("mode", "lacp-rate", "mii-monitor-interval", "min-links", "transmit-hash-policy", "ad-select", "primary"),
        ...scalars(
          "all-members-active",
          "all-slaves-active",
          "arp-interval",
          "arp-ip-targets",
          "arp-validate",
          "arp-all-targets",
        ),
        ...scalars("up-delay", "down-delay", "fail-over-mac-policy", "gratuitous-arp", "packets-per-member", "packets-per-slave"),
        ...scalars("primary-reselect-policy", "resend-igmp", "learn-packet-interval"),
      },
    },
  },
};

/** A whole netplan file, as far as the lab's nodes can do it. */
export const NETPLAN: Known = {
  keys: {
    network: {
      keys: {
        version: true,
        renderer: true,
        ethernets: { each: ETHERNET },
        bonds: { each: BOND },
        vlans: { each: { keys: { ...COMMON, id: true, link: true } } },
      },
    },
  },
};

/** Keys of one entry of `routes`. */
export const ROUTE_KEYS: ReadonlySet<string> = new Set([
  "to",
  "via",
  "from",
  "on-link",
  "metric",
  "type",
  "scope",
  "table",
  "mtu",
  "congestion-window",
  "advertised-receive-window",
]);

/** Bond modes by netplan's names. */
export const BOND_MODES: ReadonlySet<string> = new Set([
  "balance-rr",
  "active-backup",
  "balance-xor",
  "broadcast",
  "802.3ad",
  "balance-tlb",
  "balance-alb",
]);
