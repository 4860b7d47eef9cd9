import type { NodeReader } from "../../runner/connect/node.ts";
import { exists } from "../../runner/connect/node-commands.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import type { Elsewhere } from "../../runner/task.ts";
import { KUBELET_CREDENTIALS, kubeadmVersion } from "../node/commands.ts";
import type { ConfigurationVersion, JoiningNode } from "./join-configuration.ts";

/** A machine that can join, and what its kubeadm reads. */
export interface ReadyNode extends JoiningNode {
  readonly version: ConfigurationVersion;
}

/** Looks at all machines at once for what would make kubeadm refuse: no kubeadm, or what an earlier join left. All of them are named. */
export async function readyToJoin(nodes: readonly JoiningNode[], elsewhere: Elsewhere): Promise<Result<readonly ReadyNode[]>> {
  const looked = await Promise.all(
    nodes.map(async (node) => {
      const side = await elsewhere.at("node", node.name);
      return side.ok ? look(side.value.reader, node) : side;
    }),
  );
  const ready: ReadyNode[] = [];
  const problems: string[] = [];
  for (const one of looked) {
    if (!one.ok) return one;
    if (typeof one.value === "string") problems.push(one.value);
    else ready.push(one.value);
  }
  if (problems.length === 0) return ok(ready);
  return failed({
    kind: "failed",
    doing: "looking at the machines that are to join",
    message: problems.join("\n"),
    next: `install what is missing; where ${KUBELET_CREDENTIALS} is left from another cluster: k8s.reset, or kubeadm reset there`,
  });
}

async function look(reader: NodeReader, node: JoiningNode): Promise<Result<ReadyNode | string>> {
  const [credentials, version] = await Promise.all([reader.run(exists(KUBELET_CREDENTIALS)), reader.run(kubeadmVersion)]);
  if (!credentials.ok) return credentials;
  if (!version.ok) return version;
  if (credentials.value.exitCode === 0) return ok(`${node.name} has joined a cluster before: ${KUBELET_CREDENTIALS} is there`);
  const [, minor] = /^v1\.(\d+)\./.exec(version.value.stdout) ?? [];
  if (version.value.exitCode !== 0 || minor === undefined) {
    const said = version.value.stderr.trim() || version.value.stdout.trim();
    return ok(`${node.name} has no kubeadm that answers: ${said}`);
  }
  return ok({ ...node, version: Number(minor) >= 31 ? "v1beta4" : "v1beta3" });
}
