import {spawn, spawnSync} from "node:child_process";
import {closeSync, existsSync, fstatSync, openSync, readSync, statSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";

const LOOK_EVERY = 500; // ms

/** What a recipe of scripts/ is told. */
export interface TorchRecipe<Row> {
  /** The verb, for errors. */
  readonly name: string;
  /** In scripts/. */
  readonly script: string;
  readonly args: readonly string[];
  /** Where its log goes. */
  readonly work: string;
  readonly onRow: (row: Row) => void;
  /** What is said if there is no PyTorch: who needs it, and what else would do. */
  readonly lacking: {readonly option: string; readonly otherwise?: string};
}

/**
 * Runs a recipe in PyTorch, to its end, and passes the rows of its log on as they come.
 *
 * @returns Whether it came to its end, and was not stopped by a signal.
 * @throws {Error} if there is no PyTorch 2, or the run fails.
 */
export async function trainInTorch<Row>(recipe: TorchRecipe<Row>): Promise<boolean> {
  const {name, script, args, work, onRow, lacking} = recipe;
  const python = process.env.WORKINGS_PYTHON ?? "python3";
  checkTorch(python, lacking);
  const log = join(work, "log.jsonl");
  const rows = follow(log, (line) => onRow(JSON.parse(line) as Row));
  const path = fileURLToPath(new URL(`../../scripts/${script}`, import.meta.url));
  const child = spawn(python, ["-W", "ignore", path, ...args], {
    stdio: ["ignore", process.stderr, "pipe"]
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4096);
  });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, pass);
  const timer = setInterval(rows, LOOK_EVERY);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on("close", (...end) => resolve(end))
  );
  clearInterval(timer);
  for (const each of signals) process.off(each, pass);
  rows();
  if (code === 0) return true;
  if (signal === "SIGINT" || signal === "SIGTERM") return false;
  throw new Error(
    `${name}: scripts/${script} must end well, it says: ${lastLine(said) || `ended by ${signal ?? code}`}`
  );
}

/** @throws {Error} with the remedy, if this interpreter cannot import PyTorch 2 and numpy. */
export function checkTorch(python: string, lacking: TorchRecipe<unknown>["lacking"]): void {
  const code = "import numpy, torch; print(torch.__version__)";
  const {error, status, stdout, stderr} = spawnSync(python, ["-c", code], {encoding: "utf8"});
  const version = stdout?.trim();
  if (!error && status === 0 && Number.parseInt(version) >= 2) return;
  const found = error?.message ?? (status === 0 ? `PyTorch ${version}` : lastLine(stderr));
  const remedies = [
    "pip install torch numpy",
    "name a Python that has them in WORKINGS_PYTHON",
    lacking.otherwise
  ];
  throw new Error(
    `${lacking.option} needs PyTorch 2 and numpy in ${python}, got "${found}": ${remedies.filter(Boolean).join(", ")}`
  );
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1)!;

/** A function that hands out the whole lines which a file, perhaps still to be made, has got since. */
function follow(path: string, onLine: (line: string) => void): () => void {
  let at = existsSync(path) ? statSync(path).size : 0;
  return () => {
    if (!existsSync(path)) return;
    const file = openSync(path, "r");
    const bytes = Buffer.alloc(fstatSync(file).size - at);
    readSync(file, bytes, 0, bytes.length, at);
    closeSync(file);
    const whole = bytes.subarray(0, bytes.lastIndexOf("\n") + 1);
    at += whole.length;
    for (const line of whole.toString().split("\n")) if (line !== "") onLine(line);
  };
}
