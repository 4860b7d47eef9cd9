import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Runs every `*.test.js` below a folder, each in a process of its own with a time limit, three at a time: much of their time is waiting. Guards against uvu's
 * traps (design section 13): a file that runs no test fails, a hang fails, and the last line is `N passed, N failed`.
 * Arguments: words that a file's path must contain; none runs everything but the tiers of their own: those under `test/deep/`, `test/behaviour/`,
 * `test/designs/` and `test/day2/`, and the files `*-in-lab.test.ts` of every folder.
 */
/** Against what hangs: on a busy machine a file takes five times as long as on a quiet one. */
const SECONDS_PER_FILE = 300;
/** Ends the names of files that need a lab and the real programs for more than a moment. */
const IN_LAB = "-in-lab.test.js";
/** Tiers of their own, with seconds for each of their files. */
const TIERS: Readonly<Record<string, number>> = {
  ...{ deep: SECONDS_PER_FILE, [IN_LAB]: SECONDS_PER_FILE, behaviour: SECONDS_PER_FILE },
  ...{ designs: 900, day2: 900 },
};
const AT_ONCE = 3;

interface Outcome {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly output: string;
  readonly problem: string | undefined;
  readonly seconds: number;
}

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

async function testFiles(words: readonly string[]): Promise<string[]> {
  const found = await readdir(root, { recursive: true });
  const files = found.filter((name) => name.endsWith(".test.js")).sort();
  if (words.length === 0) return files.filter((name) => !Object.hasOwn(TIERS, tierOf(name)));
  return files.filter((name) => words.some((word) => name.includes(word)));
}

function tierOf(file: string): string {
  return file.endsWith(IN_LAB) ? IN_LAB : (file.split(path.sep)[0] ?? "");
}

function runFile(file: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(root, file)], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1" },
      detached: true,
    });
    const started = performance.now();
    const limit = TIERS[tierOf(file)] ?? SECONDS_PER_FILE;
    let output = "";
    let timedOut = false;
    child.stdout.on("data", (data: Buffer) => (output += data.toString()));
    child.stderr.on("data", (data: Buffer) => (output += data.toString()));
    const timer = setTimeout(() => {
      timedOut = true;
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, limit * 1000);
    child.on("close", (code) => {
      clearTimeout(timer);
      const [total, passed, skipped] = ["Total", "Passed", "Skipped"].map((word) => sum(output, word));
      const failures = (total ?? 0) - (passed ?? 0);
      let problem: string | undefined;
      if (timedOut) problem = `still running after ${limit} s`;
      else if (code !== 0 && failures === 0) problem = `exit code ${code}`;
      else if ((total ?? 0) + (skipped ?? 0) === 0) problem = "ran no test: is test.run() missing?";
      resolve({
        file,
        passed: passed ?? 0,
        failed: failures + (problem === undefined ? 0 : 1),
        skipped: skipped ?? 0,
        output,
        problem,
        seconds: Math.round((performance.now() - started) / 1000),
      });
    });
  });
}

function sum(output: string, word: string): number {
  let total = 0;
  for (const match of output.matchAll(new RegExp(`^ +${word}: +(\\d+)`, "gm"))) total += Number(match[1]);
  return total;
}

const files = await testFiles(process.argv.slice(2));
const queue = [...files];
const outcomes: Outcome[] = [];
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const outcome = await runFile(file);
      outcomes.push(outcome);
      const mark = outcome.failed > 0 ? "FAIL" : "ok  ";
      const skips = outcome.skipped > 0 ? `, ${outcome.skipped} skipped` : "";
      console.log(
        `${mark} ${file}  ${outcome.passed} passed${skips}, ${outcome.seconds} s${outcome.problem ? `  (${outcome.problem})` : ""}`,
      );
      for (const line of outcome.output.split("\n")) if (/^(skipped:|\|)/.test(line)) console.log(`     ${line}`);
      if (outcome.failed > 0) console.log(outcome.output.replace(/^/gm, "     | "));
    }
  }),
);
const passed = outcomes.reduce((count, outcome) => count + outcome.passed, 0);
let failed = outcomes.reduce((count, outcome) => count + outcome.failed, 0);
const skipped = outcomes.reduce((count, outcome) => count + outcome.skipped, 0);
if (passed + failed === 0) {
  console.log("no test ran");
  failed = 1;
}
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed > 0 ? 1 : 0;
