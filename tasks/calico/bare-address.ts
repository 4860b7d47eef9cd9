import { Address6 } from "ip-address";

/** An address without prefix length, IPv6 in its one correct form (RFC 5952), so that two spellings of an address are equal. */
export function bareAddress(text: string): string {
  const bare = text.split("/")[0] ?? text;
  return Address6.isValid(bare) ? new Address6(bare).correctForm() : bare;
}
