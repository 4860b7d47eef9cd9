import type { PodOutput, PodProgram } from "../parts.ts";
import { agentsOn } from "./agent-view.ts";
import { birdcl } from "./birdcl.ts";
import { ciliumDbg } from "./cilium-dbg.ts";
import { gobgp } from "./gobgp.ts";
import type { NeighbourSwitches } from "./neighbour-switches.ts";
import type { Routing } from "./routing.ts";
import type { SessionTimes } from "./session-times.ts";

/** What a program in a CNI's pod says or does about BGP, as `kubectl exec` would show it (facts cni.md 1.7, 2.5, 3.4). */
export function podProgram(
  routing: Routing,
  { node, labels, command }: PodProgram,
  times: SessionTimes,
  switches: Pick<NeighbourSwitches, "turn">,
): PodOutput {
  const [path = "", ...words] = command;
  const name = path.split("/").at(-1) ?? "";
  const app = labels["k8s-app"];
  if (app === "kube-router" && name === "gobgp") {
    return gobgp(routing, agentsOn(routing, node, "kube-router")[0], words, times, switches);
  }
  if (app === "cilium" && (name === "cilium-dbg" || name === "cilium")) {
    return ciliumDbg(agentsOn(routing, node, "cilium"), words, times);
  }
  if (app === "calico-node" && (name === "birdcl" || name === "birdcl6")) {
    return birdcl(routing, agentsOn(routing, node, "calico")[0], name === "birdcl6" ? "ipv6" : "ipv4", words, times);
  }
  const stderr = `exec: ${JSON.stringify(path)}: executable file not found in $PATH\n`;
  return { stdout: "", stderr, exitCode: 127 };
}
