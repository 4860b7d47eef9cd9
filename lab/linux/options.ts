/** A command's options and what remains. */
export interface Options {
  /** Flags that were given, without dashes, and values by option name. */
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
  /** The first option that is not known, as it was written. */
  readonly unknown: string | undefined;
}

/**
 * Splits arguments as getopt_long does: `-abc`, `-o value`, `-ovalue`, `--name`, `--name=value`, `--`. `flags` and `withValue` are the
 * names known to the command. With `stop` the first plain word ends the options (sudo, systemd-run).
 */
export function readOptions(
  args: readonly string[],
  known: { readonly flags: readonly string[]; readonly withValue?: readonly string[]; readonly stop?: boolean },
): Options {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const rest: string[] = [];
  const withValue = new Set(known.withValue ?? []);
  const isFlag = new Set(known.flags);
  let unknown: string | undefined;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (arg === "--") {
      rest.push(...args.slice(at + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      if (known.stop === true) {
        rest.push(...args.slice(at));
        break;
      }
      rest.push(arg);
    } else if (arg.startsWith("--")) {
      const [name = "", value] = splitOnce(arg.slice(2));
      if (withValue.has(name)) values.set(name, value ?? args[++at] ?? "");
      else if (isFlag.has(name)) {
        flags.add(name);
        if (value !== undefined) values.set(name, value);
      } else unknown ??= arg;
    } else {
      for (let letter = 1; letter < arg.length; letter += 1) {
        const name = arg.charAt(letter);
        if (withValue.has(name)) {
          values.set(name, letter + 1 < arg.length ? arg.slice(letter + 1) : (args[++at] ?? ""));
          break;
        }
        if (isFlag.has(name)) flags.add(name);
        else unknown ??= `-${name}`;
      }
    }
  }
  return { flags, values, rest, unknown };
}

function splitOnce(text: string): [string, string | undefined] {
  const cut = text.indexOf("=");
  return cut < 0 ? [text, undefined] : [text.slice(0, cut), text.slice(cut + 1)];
}
