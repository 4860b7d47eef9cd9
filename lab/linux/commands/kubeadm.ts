import { isObject } from "../../../runner/json.ts";
import { type Call, type Command, fail, homeOf, type Output, ok } from "../command.ts";
import { absolute, readFile } from "../files.ts";
import { readInit } from "../kubeadm/configuration.ts";
import { ADMIN_CREDENTIALS, resetFiles } from "../kubeadm/files.ts";
import { join } from "../kubeadm/join.ts";
import { readOptions } from "../options.ts";

/**
 * kubeadm: `join --config FILE`, `reset -f`, `init phase upload-certs --upload-certs` with `--config FILE` or `--certificate-key KEY`,
 * `version -o short`. Tokens are made by whoever administers the cluster.
 */
export const kubeadm: Command = (call) => {
  const { machine, user, args } = call;
  const options = readOptions(args, {
    flags: ["f", "force", "upload-certs", "skip-certificate-key-print"],
    withValue: ["config", "certificate-key", "o", "output", "v"],
  });
  if (options.unknown !== undefined) return fail(1, `unknown flag: ${options.unknown}`);
  const verb = options.rest.join(" ");
  if (verb === "version") return ok(`${versionOf(call)}\n`);
  if (!["join", "reset", "init phase upload-certs"].includes(verb))
    return fail(
      1,
      `unknown command "${verb}" for "kubeadm": the lab's nodes know join, reset, init phase upload-certs and version`,
    );
  if (user !== "root") return fail(1, "[ERROR IsPrivilegedUser]: user is not running as root");
  const config = options.values.get("config");
  if (verb === "join") return config === undefined ? fail(1, "the lab's nodes join with --config FILE") : join(call, config);
  if (verb === "init phase upload-certs") {
    return uploadCertificates(call, { flags: options.flags, config, key: options.values.get("certificate-key") });
  }
  if (!options.flags.has("f") && !options.flags.has("force")) {
    return fail(
      1,
      "error execution phase preflight: couldn't read user input: aborted reset operation",
      "Are you sure you want to proceed? [y/N]: ",
    );
  }
  resetFiles(machine.files);
  machine.kubeletStopped = true;
  machine.changed();
  return ok(
    "[reset] Stopping the kubelet service\n[reset] Deleting contents of directories: [/etc/kubernetes/manifests /var/lib/kubelet /etc/kubernetes/pki]\n" +
      "The reset process does not perform cleanup of CNI plugin configuration,\nnetwork filtering rules and kubeconfig files.\n",
  );
};

function uploadCertificates(
  { machine, user }: Call,
  given: { readonly flags: ReadonlySet<string>; readonly config: string | undefined; readonly key: string | undefined },
): Output {
  if (!given.flags.has("upload-certs")) return ok("[upload-certs] Skipping phase. Please see --upload-certs\n");
  if (!machine.files.has(ADMIN_CREDENTIALS)) {
    return fail(
      1,
      `error execution phase upload-certs: failed to load admin kubeconfig: open ${ADMIN_CREDENTIALS}: no such file or directory`,
    );
  }
  let { key } = given;
  if (given.config !== undefined) {
    const text = readFile(machine.files, absolute(given.config, homeOf(user)), user);
    if (!text.ok) return fail(1, `unable to read config from "${given.config}": ${text.fault}`);
    const read = readInit(text.value);
    if (!read.ok) return fail(1, read.error);
    key = read.value.certificateKey;
  }
  if (key === undefined || !/^[0-9a-f]{64}$/.test(key))
    return fail(1, "error decoding certificate key: it must be 32 bytes, hex encoded");
  const cluster = machine.cluster();
  if (cluster === undefined) return fail(1, "error execution phase upload-certs: there is no cluster");
  cluster.uploadCertificates(key);
  const shown = given.flags.has("skip-certificate-key-print") ? "" : `[upload-certs] Using certificate key:\n${key}\n`;
  return ok(`[upload-certs] Storing the certificates in Secret "kubeadm-certs" in the "kube-system" Namespace\n${shown}`);
}

/** Packages of kubeadm and kubelet have one version: that of the cluster's nodes. */
function versionOf({ machine }: Call): string {
  for (const { status } of machine.cluster()?.list("Node") ?? []) {
    const info = isObject(status) ? status.nodeInfo : undefined;
    if (isObject(info) && typeof info.kubeletVersion === "string") return info.kubeletVersion;
  }
  return "v1.35.2";
}
