import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../runner/cli/main.js", import.meta.url));
const SCRIPT = "/usr/bin/script";

/** Whether there is script(1) of util-linux, which gives a program a terminal. */
export const hasTerminal: boolean = existsSync(SCRIPT);

/** An `underlay` at a terminal of its own. */
export interface AtTerminal {
  /** Everything that was written to the screen, with its control sequences. */
  screen(): string;
  /** Waits until a text was written. Fails when the program ends without. */
  shows(text: string): Promise<void>;
  /** Presses a key: `\u0003` is Ctrl-C, which the terminal makes a SIGINT to its foreground process group. */
  press(key: string): void;
  /** Waits for its end: the exit code. */
  ended(): Promise<number | null>;
  /** Takes the terminal away. */
  close(): void;
}

/** Starts `underlay` at a terminal of 24 lines and so many columns; 0: a terminal that nobody gave a size. */
export function atTerminal(args: readonly string[], directory: string, columns: number): AtTerminal {
  const command = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(" ");
  const child: ChildProcess = spawn(SCRIPT, ["-qec", `stty cols ${columns} rows 24; exec ${command}`, "/dev/null"], {
    cwd: directory,
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, TERM: "xterm", NO_COLOR: "1" },
  });
  let screen = "";
  child.stdout?.on("data", (data: Buffer) => (screen += data.toString()));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  return {
    screen: () => screen,
    shows: async (text) => {
      while (!screen.includes(text)) {
        if (child.exitCode !== null)
          throw new Error(`it ended (${child.exitCode}) without showing ${text}:\n${screen.slice(-3000)}`);
        await sleep(20);
      }
    },
    press: (key) => child.stdin?.write(key),
    ended: () => ended,
    close: () => child.kill("SIGHUP"),
  };
}
