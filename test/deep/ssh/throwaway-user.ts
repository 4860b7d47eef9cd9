import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";

/** A user of this machine for the time of one test. */
export interface ThrowawayUser {
  readonly name: string;
  remove(): void;
}

/** Whether and how the user may use sudo. */
export type SudoRight = "with password" | "without password" | "not at all";

/** Makes a user with a password, /bin/sh and no home. Root only. */
export function throwawayUser(password: string, sudo: SudoRight): ThrowawayUser {
  const name = `underlay-${process.pid}`;
  const rights = `/etc/sudoers.d/${name}`;
  const hash = execFileSync("openssl", ["passwd", "-6", "-stdin"], { input: password, encoding: "utf8" }).trim();
  execFileSync("useradd", ["--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/sh", "--password", hash, name]);
  if (sudo !== "not at all") {
    const tag = sudo === "with password" ? "" : "NOPASSWD: ";
    writeFileSync(rights, `${name} ALL=(ALL) ${tag}ALL\n`, { mode: 0o440 });
  }
  return {
    name,
    remove: () => {
      rmSync(rights, { force: true });
      execFileSync("userdel", [name], { stdio: "pipe" });
    },
  };
}
