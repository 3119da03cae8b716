import {spawn, spawnSync} from "node:child_process";
import {closeSync, existsSync, fstatSync, openSync, readSync, statSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import type {LogRow, Training} from "./training.js";

const SCRIPT = fileURLToPath(new URL("../../scripts/train_lm.py", import.meta.url));
const LOOK_EVERY = 500; // ms

/**
 * Runs the recipe in PyTorch, to its end, and passes the rows of its log on as they come.
 *
 * @throws {Error} if there is no PyTorch 2, or the run fails.
 */
export async function trainInTorch({folder, work, data, onRow}: Training): Promise<boolean> {
  const python = process.env.WORKINGS_PYTHON ?? "python3";
  checkTorch(python);
  const log = join(work, "log.jsonl");
  const rows = follow(log, (line) => onRow(JSON.parse(line) as LogRow));
  const args = ["-W", "ignore", SCRIPT, "train", folder, "--work", work, "--data", data];
  const child = spawn(python, args, {stdio: ["ignore", process.stderr, "pipe"]});
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
  for (const name of signals) process.off(name, pass);
  rows();
  if (code === 0) return true;
  if (signal === "SIGINT" || signal === "SIGTERM") return false;
  throw new Error(
    `train lm: scripts/train_lm.py must end well, it says: ${lastLine(said) || `ended by ${signal ?? code}`}`
  );
}

/** @throws {Error} with the remedy, if this interpreter cannot import PyTorch 2 and numpy. */
function checkTorch(python: string): void {
  const code = "import numpy, torch; print(torch.__version__)";
  const {error, status, stdout, stderr} = spawnSync(python, ["-c", code], {encoding: "utf8"});
  const version = stdout?.trim();
  if (!error && status === 0 && Number.parseInt(version) >= 2) return;
  const found = error?.message ?? (status === 0 ? `PyTorch ${version}` : lastLine(stderr));
  throw new Error(
    `--backend: torch needs PyTorch 2 and numpy in ${python}, got "${found}": pip install torch numpy, name a Python that has them in WORKINGS_PYTHON, or take --backend wasm`
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
