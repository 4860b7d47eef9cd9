import { execFileSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * Sees to the programs that the deeper tier is made of: OpenSSH's server, sudo and netplan as Debian ships them. As root on Debian or
 * Ubuntu what is missing is installed; anywhere else this says what is missing and exits 1, so that the tier never passes without having run.
 */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "openssh-server": ["sshd"],
  "openssh-client": ["ssh-keygen", "ssh-keyscan", "ssh-agent", "ssh-add"],
  sudo: ["sudo"],
  "netplan.io": ["netplan"],
  passwd: ["useradd", "userdel"],
  openssl: ["openssl"],
};
/** Debian's way to keep a package from starting its service (invoke-rc.d(8)): the answer 101 means "forbidden". */
const POLICY = "/usr/sbin/policy-rc.d";

const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/sbin"];
const isThere = (program: string) => folders.some((folder) => existsSync(path.join(folder, program)));
const missing = Object.entries(PACKAGES).flatMap(([name, programs]) => (programs.every(isThere) ? [] : [name]));

function install(packages: readonly string[]): void {
  const ownPolicy = !existsSync(POLICY);
  if (ownPolicy) writeFileSync(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const run = (...args: string[]) => execFileSync("apt-get", ["-qq", ...args], { env, stdio: ["ignore", "ignore", "inherit"] });
    run("update");
    run("install", "--yes", "--no-install-recommends", ...packages);
  } finally {
    if (ownPolicy) rmSync(POLICY, { force: true });
  }
}

if (process.getuid?.() !== 0) {
  console.log("The deeper tests start real SSH servers and make a user for a moment: run them as root, best in a container.");
  process.exitCode = 1;
} else if (missing.length > 0 && !isThere("apt-get")) {
  console.log(`The deeper tests need programs of ${missing.join(", ")}; they are installed only where there is apt-get.`);
  process.exitCode = 1;
} else if (missing.length > 0) {
  console.log(`installing ${missing.join(", ")}`);
  install(missing);
}
