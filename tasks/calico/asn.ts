/** The largest number that `format: int32` of Calico's CRDs holds. */
const LARGEST_PROVEN_ASN = 2147483647;

/** A warning for AS numbers that Calico's schema calls out of range. */
export function asnWarnings(asn: number): readonly string[] {
  if (asn <= LARGEST_PROVEN_ASN) return [];
  return [`AS ${asn} is larger than the int32 of Calico's CRDs (${LARGEST_PROVEN_ASN}): try it on a test cluster first`];
}
