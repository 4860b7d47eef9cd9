import { type Command, fail, ok } from "../command.ts";

/** reboot(8) and poweroff(8), `shutdown -r|-h|-P now`, as links to systemctl. Returns at once; the connection goes a moment later. */
export const rebootBy =
  (way: "reboot" | "poweroff"): Command =>
  ({ machine, user }) => {
    if (user !== "root") return fail(1, `Failed to ${way} system via logind: Interactive authentication required.`);
    if (way === "reboot") machine.switch.reboot();
    else machine.switch.powerOff();
    return ok();
  };

/** shutdown(8), at once only. */
export const shutdown: Command = (call) => {
  const words = new Set(call.args);
  if (!words.has("now") && !words.has("+0")) return fail(1, "the lab's nodes know `shutdown -r now` and `shutdown -h now`");
  return rebootBy(words.has("-r") ? "reboot" : "poweroff")(call);
};
