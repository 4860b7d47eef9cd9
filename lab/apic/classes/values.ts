/** Optional texts that most policy objects have (aci-objects 2.2). */
export const OWNED: readonly string[] = ["nameAlias", "descr", "ownerKey", "ownerTag"];

/** DSCP by name; plain numbers are taken where the property is a number. */
export const DSCP: readonly string[] = [
  ...["AF11", "AF12", "AF13", "AF21", "AF22", "AF23", "AF31", "AF32", "AF33", "AF41", "AF42", "AF43"],
  ...["CS0", "CS1", "CS2", "CS3", "CS4", "CS5", "CS6", "CS7", "EF", "VA", "unspecified"],
];

/** DSCP names with their code points. */
export const DSCP_NUMBERS: Readonly<Record<string, string>> = {
  AF11: "10",
  AF12: "12",
  AF13: "14",
  AF21: "18",
  AF22: "20",
  AF23: "22",
  AF31: "26",
  AF32: "28",
  AF33: "30",
  AF41: "34",
  AF42: "36",
  AF43: "38",
  CS0: "0",
  CS1: "8",
  CS2: "16",
  CS3: "24",
  CS4: "32",
  CS5: "40",
  CS6: "48",
  CS7: "56",
  EF: "46",
  VA: "44",
  unspecified: "64",
};

/** QoS levels. */
export const PRIORITY: readonly string[] = ["level1", "level2", "level3", "level4", "level5", "level6", "unspecified"];

/** Contract match types. */
export const MATCH: readonly string[] = ["All", "AtleastOne", "AtmostOne", "None"];

/** On and off, as most classes spell it. */
export const ENABLED: readonly string[] = ["disabled", "enabled"];

/** Whether a contract is meant, or only estimated. */
export const INTENT: readonly string[] = ["estimate_add", "estimate_delete", "install"];

/** Ports read back by name (aci-objects 2.1). */
export const PORTS: Readonly<Record<string, string>> = {
  unspecified: "0",
  ftpData: "20",
  ssh: "22",
  smtp: "25",
  dns: "53",
  http: "80",
  pop3: "110",
  https: "443",
  rtsp: "554",
};

/** IP protocols read back by name (aci-objects 2.1). */
export const PROTOCOLS: Readonly<Record<string, string>> = {
  unspecified: "0",
  icmp: "1",
  igmp: "2",
  tcp: "6",
  egp: "8",
  igp: "9",
  udp: "17",
  icmpv6: "58",
  eigrp: "88",
  ospfigp: "89",
  pim: "103",
  l2tp: "115",
};
