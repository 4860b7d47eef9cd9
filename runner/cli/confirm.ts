import { createInterface } from "node:readline/promises";

/** Asks on the terminal; only `y` or `yes` is a yes. */
export async function confirm(question: string): Promise<"yes" | "no" | "interrupted"> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const stop = new AbortController();
  terminal.on("SIGINT", () => stop.abort());
  terminal.on("close", () => stop.abort());
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal: stop.signal });
    return /^y(es)?$/i.test(answer.trim()) ? "yes" : "no";
  } catch (error) {
    if (stop.signal.aborted) return "interrupted";
    throw error;
  } finally {
    terminal.close();
  }
}
