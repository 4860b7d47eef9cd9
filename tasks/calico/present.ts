import { Type } from "#typebox";
import type { ClusterReader } from "../../runner/connect/cluster.ts";
import { failed, ok, type Result } from "../../runner/result.ts";
import { probeTask } from "../../runner/task-type.ts";
import { isBefore, parseVersion } from "../cni/version.ts";
import { type CalicoEvidence, type FoundCalico, foundCalico, isSameLine } from "./found-calico.ts";
import { listKept } from "./list-kept.ts";
import { refuseVersion } from "./version-argument.ts";

/** What of Calico the cluster has already, held against the inventory before anything is changed. */
export const present = probeTask({
  name: "calico.present",
  summary: "The Calico that is there is the one the inventory speaks of",
  steps: [],
  on: "localhost",
  args: Type.Object(
    {
      version: Type.String({ minLength: 1, description: "Version in the inventory (cni.version)" }),
      namespace: Type.String({ minLength: 1, description: "Where calico-node should run, and the password's Secret with it" }),
      install: Type.Enum(["helm", "present"], { default: "helm", description: "present: Calico must be there already" }),
    },
    { additionalProperties: false },
  ),
  notes: [
    "Found out from the Installation's status, else ClusterInformation, else the image of calico-node.",
    "calico-node in another namespace than the inventory says is a failure: it could not read the BGP password, and would peer without one.",
    "Facts: `version`, `namespaces`, null and empty when Calico is not there; `served`, whether kubectl can use projectcalico.org/v3.",
  ],
  example: `- name: Calico as the inventory says
  calico.present:
    version: v3.31.7
    namespace: calico-system
    install: present`,
  refuse: ({ version }) => refuseVersion(version),
  observe: async (reader, { args }) => {
    const evidence = await gather(reader);
    if (!evidence.ok) return evidence;
    const served = await reader.serves("bgppeers.projectcalico.org");
    if (!served.ok) return served;
    const found = foundCalico(evidence.value);
    const wrong = args.install === "present" ? wrongPresent(found, args) : wrongNamespace(found, args);
    if (wrong !== undefined) return wrong;
    return ok({
      facts: { version: found.version ?? null, namespaces: found.namespaces, served: served.value },
      unmet: [],
      warnings: args.install === "helm" ? olderThan(found.version, args.version) : [],
      message: found.namespaces.length === 0 ? "not there yet" : `${found.version ?? "unknown version"} in ${found.namespaces}`,
    });
  },
});

async function gather(reader: ClusterReader): Promise<Result<CalicoEvidence>> {
  const installation = await reader.objects([{ apiVersion: "operator.tigera.io/v1", kind: "Installation", name: "default" }]);
  if (!installation.ok) return installation;
  const information = await listKept(reader, "clusterinformations");
  if (!information.ok) return information;
  const pods = await reader.list("pods", { selector: "k8s-app=calico-node" });
  if (!pods.ok) return pods;
  return ok({
    installation: installation.value[0],
    information: information.value?.find(({ metadata }) => metadata.name === "default"),
    pods: pods.value ?? [],
  });
}

function wrongPresent(found: FoundCalico, args: { readonly version: string; readonly namespace: string }) {
  const doing = "look for Calico";
  if (found.namespaces.length === 0) {
    return failed({
      kind: "failed",
      doing,
      message: "no pod with label k8s-app=calico-node in the cluster",
      meaning: "cni.install is present, but there is no Calico",
      next: "install Calico first, or let helm do it: cni.install: helm",
    });
  }
  const elsewhere = wrongNamespace(found, args);
  if (elsewhere !== undefined) return elsewhere;
  if (found.withoutBgp) {
    return failed({
      kind: "failed",
      doing,
      message: "Installation default has calicoNetwork.bgp Disabled",
      meaning: "calico-node runs without BIRD and cannot peer with the leaves",
      next: "set calicoNetwork.bgp to Enabled in the Installation",
    });
  }
  const [own, other] = [parseVersion(found.version ?? ""), parseVersion(args.version)];
  if (own === undefined || other === undefined || isSameLine(own, other)) return undefined;
  return failed({
    kind: "failed",
    doing,
    message: `the cluster runs Calico ${found.version}, the inventory says ${args.version}`,
    meaning: "what is written depends on the version",
    next: `set cni.version to ${found.version}`,
  });
}

function wrongNamespace({ namespaces }: FoundCalico, { namespace }: { readonly namespace: string }) {
  if (namespaces.length === 0 || namespaces.includes(namespace)) return undefined;
  return failed({
    kind: "failed",
    doing: "look for calico-node",
    message: `it runs in namespace ${namespaces.join(", ")}, the inventory says ${namespace}`,
    meaning:
      "calico-node reads the BGP password only in its own namespace (calico-system with the operator, kube-system without); elsewhere it would peer without a password, and no session come up",
    next: `set cni.namespace to ${namespaces[0]}; if Calico was not installed by its operator, also cni.install to present`,
  });
}

function olderThan(found: string | undefined, wanted: string): readonly string[] {
  const [own, other] = [parseVersion(found ?? ""), parseVersion(wanted)];
  if (own === undefined || other === undefined || found === undefined) return [];
  return isBefore(other, found)
    ? [`the cluster runs Calico ${found}; going back to ${wanted} is not something Calico supports`]
    : [];
}
