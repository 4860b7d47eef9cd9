import type { Command } from "../../runner/connect/node.ts";

/**
 * Every command that task types for nodes run, beside those that read and write files (runner/connect/node-commands.ts). All are argument
 * lists without a shell; those under "with sudo" are all that needs root.
 */

/** Folder on the node for the rollback: copies of the files before the change, and two scripts. Gone after a reboot, like the timer. */
export const GUARD_FOLDER = "/run/underlay";
/** What the node runs when nobody confirms the change. */
export const ROLLBACK_SCRIPT = `${GUARD_FOLDER}/rollback`;
/** What carries the change out, detached from our connection. */
export const APPLY_SCRIPT = `${GUARD_FOLDER}/apply`;

const ROLLBACK = "underlay-rollback";
const APPLY = "underlay-apply";

/** Units of an unfinished change, in the order `systemctl is-active` answers. */
const UNITS = [`${ROLLBACK}.timer`, `${ROLLBACK}.service`, `${APPLY}.service`];

/** Where the configuration of the network can live; what does not exist is left out of the answer. */
export const CONFIGURATION_PLACES = [
  "/usr/sbin/netplan",
  "/etc/netplan",
  "/run/netplan",
  "/usr/lib/netplan",
  "/etc/cloud/cloud.cfg.d",
  "/etc/NetworkManager/system-connections",
  "/etc/network/interfaces",
  "/etc/sysconfig/network-scripts",
];

// Without sudo.

/** Links with their kind, addresses and members, as JSON (iproute2). */
export const showLinks: Command = ["ip", "-j", "-d", "addr"];
/** Default routes of one family, as JSON. */
export const showDefaultRoutes = (family: 4 | 6): Command => ["ip", "-j", `-${family}`, "route", "show", "default"];
/** Which of the places exist, with the files directly in them; exit 1 when one is missing. */
export const listConfiguration: Command = ["find", ...CONFIGURATION_PLACES, "-maxdepth", "1"];
/** One state a line, for rollback timer, rollback and apply; exit 3 when none is active. */
export const showGuard: Command = ["systemctl", "is-active", ...UNITS];
/** Both ends of this connection as the node sees them: client address, port, server address, port (sshd's SSH_CONNECTION, ssh(1)). */
export const showOwnEnd: Command = ["printenv", "SSH_CONNECTION"];
/** One echo request, one second. */
export const ping = (address: string): Command => ["ping", "-n", "-c", "1", "-W", "1", address];
/** The same with so many bytes of data, which nobody on the way may take apart (iputils' ping sets Don't Fragment; IPv6 routers never fragment). */
export const pingWhole = (address: string, data: number): Command => [
  ...(["ping", "-n", "-c", "1", "-W", "1"] as const),
  "-M",
  "do",
  "-s",
  String(data),
  address,
];
/** Another text after every start of the machine. */
export const showBootId: Command = ["cat", "/proc/sys/kernel/random/boot_id"];
/** `running`, `degraded` (a unit has failed), `starting` …; exit 0 only for the first. */
export const showSystemState: Command = ["systemctl", "is-system-running"];
/** `active`, `activating`, `inactive` … */
export const showKubelet: Command = ["systemctl", "is-active", "kubelet.service"];
/** Whether a start of the machine starts it; exit 1 when not, or when there is none. */
export const kubeletStarts: Command = ["systemctl", "is-enabled", "--quiet", "kubelet.service"];
/** `v1.35.2` */
export const kubeadmVersion: Command = ["kubeadm", "version", "-o", "short"];

/** The kubelet's credentials for a cluster: kubeadm join makes the file, kubeadm reset removes it. */
export const KUBELET_CREDENTIALS = "/etc/kubernetes/kubelet.conf";
/** Configuration with a token or a key in it, in memory (tmpfs), for as long as kubeadm runs. */
export const KUBEADM_FILE = "/run/underlay-kubeadm.yaml";

// With sudo.

/** Makes the folder for the rollback, for root only. */
export const makeGuardFolder: Command = ["install", "-d", "-m", "0700", "--", GUARD_FOLDER];
/** Copies a file with its permissions. */
export const copyFile = (from: string, to: string): Command => ["cp", "-p", "--", from, to];
/** Lets the node run the rollback by itself after so many seconds. systemd's timers are a minute late unless told otherwise. */
export const armRollback = (seconds: number): Command => [
  "systemd-run",
  "--quiet",
  "--collect",
  `--unit=${ROLLBACK}`,
  `--on-active=${seconds}s`,
  "--timer-property=AccuracySec=100ms",
  "--",
  "/bin/sh",
  ROLLBACK_SCRIPT,
];
/** Checks the files in /etc/netplan and writes the backend's files; applies nothing. */
export const netplanGenerate: Command = ["netplan", "generate"];
/** Carries the change out as a service of its own, which outlives our connection. */
export const startApply: Command = ["systemd-run", "--quiet", "--collect", `--unit=${APPLY}`, "--", "/bin/sh", APPLY_SCRIPT];
/** Runs the rollback now. */
export const startRollback: Command = ["systemctl", "start", `${ROLLBACK}.service`];
/** Confirms the change, or cleans up after a rollback; exit 5 when the timer is gone already. */
export const disarmRollback: Command = ["systemctl", "stop", `${ROLLBACK}.timer`];
/** Removes the folder for the rollback. */
export const removeGuardFolder: Command = ["rm", "-r", "-f", "--", GUARD_FOLDER];

/** Restarts the machine; the connection goes with it. */
export const restartMachine: Command = ["systemctl", "reboot"];
/** Makes an empty file for kubeadm's configuration that only root can read. */
export const makeKubeadmFile: Command = ["install", "-m", "0600", "--", "/dev/null", KUBEADM_FILE];
/** Writes standard input into it. */
export const fillKubeadmFile: Command = ["tee", "--", KUBEADM_FILE];
/** Removes it. */
export const removeKubeadmFile: Command = ["rm", "-f", "--", KUBEADM_FILE];
/** Joins the cluster that the file names. */
export const kubeadmJoin: Command = ["kubeadm", "join", "--config", KUBEADM_FILE];
/** Keeps the control plane's certificates in the cluster for two hours, under the key in the file. */
export const kubeadmUpload: Command = [
  ...(["kubeadm", "init", "phase", "upload-certs", "--upload-certs", "--skip-certificate-key-print"] as const),
  "--config",
  KUBEADM_FILE,
];
/** Undoes a join, without asking. */
export const kubeadmReset: Command = ["kubeadm", "reset", "-f"];

// In the scripts, so as root too.

/** Makes the network what /etc/netplan says. */
export const netplanApply: Command = ["netplan", "apply"];
/** Removes a bond or a VLAN link. */
export const deleteLink = (name: string): Command => ["ip", "link", "delete", "dev", name];
