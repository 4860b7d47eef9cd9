import type { Hop } from "./client-config.ts";
import type { Dialled } from "./link.ts";

/**
 * Connections to jump hosts, each shared by all the hosts behind it: sshd drops connections when more than ten are logging in
 * (sshd_config(5), MaxStartups), but any number of hosts can be reached through one.
 */
export interface JumpHosts {
  /** The open link to the last of these hops; hosts that ask at the same time share one attempt. */
  reach(hops: readonly Hop[], dial: () => Promise<Dialled>): Promise<Dialled>;
  close(): Promise<void>;
}

/** No jump host is connected yet. */
export function jumpHosts(): JumpHosts {
  const links = new Map<string, Promise<Dialled>>();
  return {
    reach: async (hops, dial) => {
      const name = JSON.stringify(hops);
      const asked = links.get(name);
      const known = await asked;
      const usable = known?.ok === true && known.link.isOpen();
      const newer = links.get(name);
      if (usable || (newer !== undefined && newer !== asked)) return newer ?? dial();
      const dialling = dial();
      links.set(name, dialling);
      return dialling;
    },
    close: async () => {
      for (const dialled of await Promise.all(links.values())) if (dialled.ok) dialled.link.close();
      links.clear();
    },
  };
}
