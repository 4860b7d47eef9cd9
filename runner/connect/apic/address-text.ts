import { Address4, Address6 } from "ip-address";

/** Quick refusal before the parser is asked: most property values are no addresses. */
const MAYBE_ADDRESS = /^[0-9a-fA-F:.]+(\/\d{1,3})?$/;

/**
 * The one spelling of an address, with its prefix length if it has one, host bits kept: IPv6 lower case and compressed (RFC 5952).
 * Undefined when the text is no address. Releases differ in how they return IPv6 (facts 2.1), so addresses are compared in this form.
 */
export function canonicalAddress(text: string): string | undefined {
  if (!MAYBE_ADDRESS.test(text) || !/[.:]/.test(text)) return undefined;
  const slash = text.indexOf("/");
  const length = slash === -1 ? "" : text.slice(slash);
  if (Address4.isValid(text)) return new Address4(text).correctForm() + length;
  if (Address6.isValid(text)) return new Address6(text).correctForm() + length;
  return undefined;
}
