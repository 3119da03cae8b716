import {appendFileSync, existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {setImmediate} from "node:timers/promises";
import {writeFileAtomic} from "../site/atomic.js";
import {LmRun, type RunState} from "../training/lm-run.js";
import {safetensorsFile} from "../training/safetensors-file.js";
import {decodeState, encodeState} from "../training/state-file.js";
import {Batches} from "../training/window-order.js";
import type {LogRow, Training} from "./training.js";

const SAVE_EVERY = 120_000; // ms

/**
 * Runs the recipe in jax-js. Its state is saved every two minutes, at the end and before a signal ends
 * it; from there a later call goes on.
 *
 * @param steps Where to stop; without it, when every budget is spent.
 * @returns Whether every budget is spent.
 * @throws {Error} if corpus or state cannot be used, or the loss is no longer finite.
 */
export async function trainInWasm(
  {config, work, data, onRow}: Training,
  steps = Infinity
): Promise<boolean> {
  const statePath = join(work, "state.safetensors");
  const logPath = join(work, "log.jsonl");
  const saved = existsSync(statePath)
    ? decodeState(readFileSync(statePath), config, statePath)
    : undefined;
  const run = await LmRun.open(config, new Batches(readCorpus(data), config), saved);
  const log = existsSync(logPath) ? readFileSync(logPath, "utf8") : "";
  writeFileAtomic(logPath, saved ? rowsUntil(log, saved) : "");

  let asked = false;
  const stop = () => {
    asked = true;
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, stop);
  const save = async () => writeFileAtomic(statePath, encodeState(await run.state()));
  try {
    let savedAt = Date.now();
    while (!run.finished && !asked && run.step < steps) {
      const {kept, ...row} = await run.advance();
      if (row.loss !== undefined) {
        appendFileSync(logPath, `${JSON.stringify(row)}\n`);
        onRow(row);
      }
      if (kept)
        writeFileAtomic(
          join(work, `${kept.name}.safetensors`),
          safetensorsFile(kept.tensors, "F16")
        );
      if (Date.now() - savedAt > SAVE_EVERY) {
        await save();
        savedAt = Date.now();
      }
      // jax-js blocks this thread: signals arrive only between turns.
      await setImmediate();
    }
    await save();
  } finally {
    for (const signal of signals) process.off(signal, stop);
    run.dispose();
  }
  return run.finished;
}

function readCorpus(data: string): Uint16Array {
  const bytes = readFileSync(join(data, "train.bin"));
  if (bytes.length % 2 !== 0)
    throw new Error(
      `${join(data, "train.bin")}: must hold two bytes for each token, got ${bytes.length} bytes`
    );
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
}

/** The rows of a log that were written before a state was saved. */
function rowsUntil(log: string, {config, done, trainer}: RunState): string {
  const before = ({budget, step}: LogRow) => {
    const at = config.budgets.indexOf(budget);
    return at < done || (at === done && step <= trainer.step);
  };
  const lines = log
    .slice(0, log.lastIndexOf("\n") + 1)
    .split("\n")
    .slice(0, -1);
  return lines
    .filter((line) => before(JSON.parse(line) as LogRow))
    .map((line) => `${line}\n`)
    .join("");
}
