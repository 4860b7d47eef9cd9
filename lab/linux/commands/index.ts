import type { Command } from "../command.ts";
import { cat } from "./cat.ts";
import { chmod } from "./chmod.ts";
import { chown } from "./chown.ts";
import { cp } from "./cp.ts";
import { echo } from "./echo.ts";
import { ethtool } from "./ethtool.ts";
import { falseCommand } from "./false.ts";
import { find } from "./find.ts";
import { hostname } from "./hostname.ts";
import { id } from "./id.ts";
import { install } from "./install.ts";
import { ip } from "./ip.ts";
import { kubeadm } from "./kubeadm.ts";
import { ls } from "./ls.ts";
import { mkdir } from "./mkdir.ts";
import { mv } from "./mv.ts";
import { netplan } from "./netplan.ts";
import { networkctl } from "./networkctl.ts";
import { ping } from "./ping.ts";
import { printenv } from "./printenv.ts";
import { rebootBy, shutdown } from "./reboot.ts";
import { rm } from "./rm.ts";
import { sh } from "./sh.ts";
import { sleep } from "./sleep.ts";
import { stat } from "./stat.ts";
import { sudo } from "./sudo.ts";
import { systemctl } from "./systemctl.ts";
import { systemdRun } from "./systemd-run.ts";
import { tee } from "./tee.ts";
import { bracket, test } from "./test.ts";
import { trueCommand } from "./true.ts";
import { uname } from "./uname.ts";
import { uptime } from "./uptime.ts";
import { whichOf } from "./which.ts";
import { whoami } from "./whoami.ts";

/** Every program of the lab's nodes, by name: one file each. */
export const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["[", bracket],
  ["bash", sh],
  ["cat", cat],
  ["chmod", chmod],
  ["chown", chown],
  ["cp", cp],
  ["echo", echo],
  ["ethtool", ethtool],
  ["false", falseCommand],
  ["find", find],
  ["hostname", hostname],
  ["id", id],
  ["install", install],
  ["ip", ip],
  ["kubeadm", kubeadm],
  ["ls", ls],
  ["mkdir", mkdir],
  ["mv", mv],
  ["netplan", netplan],
  ["networkctl", networkctl],
  ["ping", ping],
  ["poweroff", rebootBy("poweroff")],
  ["printenv", printenv],
  ["reboot", rebootBy("reboot")],
  ["rm", rm],
  ["sh", sh],
  ["shutdown", shutdown],
  ["sleep", sleep],
  ["stat", stat],
  ["sudo", sudo],
  ["systemctl", systemctl],
  ["systemd-run", systemdRun],
  ["tee", tee],
  ["test", test],
  ["true", trueCommand],
  ["uname", uname],
  ["uptime", uptime],
  ["whoami", whoami],
  ["which", whichOf((name) => commands.has(name))],
]);
