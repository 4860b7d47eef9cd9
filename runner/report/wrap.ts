/**
 * Breaks a line at spaces so that it fits the width; what follows the first break is indented by `hang`. Words longer than the width
 * (DNs, paths) are left whole, so that they can be copied.
 */
export function wrap(line: string, width: number, hang: number): readonly string[] {
  const lines: string[] = [];
  const indent = " ".repeat(hang);
  let rest = line;
  while (rest.length > width) {
    const from = /^\s*/.exec(rest)?.[0].length ?? 0;
    const before = rest.lastIndexOf(" ", width);
    const at = before > from ? before : rest.indexOf(" ", width);
    if (at < 0) break;
    lines.push(rest.slice(0, at).trimEnd());
    rest = indent + rest.slice(at).trimStart();
  }
  return [...lines, rest];
}
