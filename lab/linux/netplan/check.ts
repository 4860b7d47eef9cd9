import { Address4, Address6 } from "ip-address";
import { BOND_MODES } from "./keys.ts";

const isIp = (text: string) => Address4.isValid(text) || Address6.isValid(text);
const isInteger = (value: unknown) => /^\d+$/.test(String(value));
const isBoolean = (value: unknown) => typeof value === "boolean" || ["yes", "no", "on", "off", "y", "n"].includes(String(value));

/** What netplan says about a value it does not take; undefined: it takes it. `path` ends with the key. */
export function checkValue(path: readonly string[], value: unknown): string | undefined {
  const text = String(value);
  const within = path.at(-2);
  switch (path.at(-1)) {
    case "version":
      return text === "2" ? undefined : "Only version 2 is supported";
    case "renderer":
      return text === "networkd" ? undefined : `unknown renderer '${text}'`;
    case "mtu":
      return isInteger(value) ? undefined : `invalid unsigned int value '${text}'`;
    case "id":
      return isInteger(value) && Number(value) <= 4094 ? undefined : `invalid unsigned int value '${text}'`;
    case "addresses":
      if (within === "nameservers")
        return isIp(text) ? undefined : `malformed address '${text}', must be X.X.X.X or X:X:X:X:X:X:X:X`;
      if (!text.includes("/")) return `address '${text}' is missing /prefixlength`;
      return isIp(text) ? undefined : `malformed address '${text}', must be X.X.X.X/NN or X:X:X:X:X:X:X:X/NN`;
    case "gateway4":
      return Address4.isValid(text) ? undefined : `invalid IPv4 address '${text}'`;
    case "to":
      return ["default", "0.0.0.0/0", "::/0"].includes(text) || isIp(text) ? undefined : `unrecognized address '${text}'`;
    case "via":
      return isIp(text) && !text.includes("/") ? undefined : `unrecognized address '${text}'`;
    case "mode":
      return within !== "parameters" || BOND_MODES.has(text) ? undefined : `unknown bond mode '${text}'`;
    case "lacp-rate":
      return ["slow", "fast"].includes(text) ? undefined : `unknown lacp-rate value '${text}'`;
    case "dhcp4":
    case "dhcp6":
    case "optional":
      return isBoolean(value) ? undefined : `invalid boolean value '${text}'`;
    default:
      return undefined;
  }
}
