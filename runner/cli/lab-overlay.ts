import type { LabEndpoints } from "../../lab/lab.ts";
import type { JsonObject } from "../json.ts";
import type { Overlay } from "../load/overlay.ts";
import type { KnownVariables } from "../load/variables.ts";

/**
 * Where the lab's parts listen, as variables laid over the inventory's. Names, addresses and everything else stay the user's, and so do the
 * programs when the inventory names them. calicoctl alone is always the lab's: it works with a cluster of its own version only.
 */
export function overlayOf(endpoints: LabEndpoints, cluster: KnownVariables["cluster"]): Overlay {
  const hosts: Record<string, JsonObject> = {};
  for (const [name, port] of Object.entries(endpoints.apics))
    hosts[name] = { ansible_host: endpoints.address, ansible_port: port };
  for (const [name, port] of Object.entries(endpoints.nodes)) {
    hosts[name] = {
      ansible_host: endpoints.address,
      ansible_port: port,
      ansible_ssh_private_key_file: endpoints.sshKeyFile,
      ansible_ssh_known_hosts_file: endpoints.knownHostsFile,
      ansible_ssh_config_file: "/dev/null",
    };
  }
  return {
    all: {
      fabric: { ca_file: endpoints.caFile, validate_certs: true },
      cluster: {
        kubeconfig: endpoints.kubeconfig,
        context: endpoints.context,
        kubectl: cluster?.kubectl ?? endpoints.kubectl,
        helm: cluster?.helm ?? endpoints.helm,
      },
      cni: { repository: endpoints.chartRepository, calicoctl: endpoints.calicoctl },
    },
    hosts,
  };
}
