/** `90s`, `1m30s`, `2h` as seconds; undefined for text that is no such duration. */
export function durationSeconds(text: string | undefined): number | undefined {
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text ?? "");
  if (text === undefined || text === "" || match === null) return undefined;
  return Number(match[1] ?? 0) * 3600 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
}
