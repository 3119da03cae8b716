import {existsSync, readFileSync} from "node:fs";
import {basename, dirname, join} from "node:path";
import type {Command} from "commander";
import {type LmConfig, parseLmConfig} from "../training/lm-config.js";
import {wholeNumber} from "./generate.js";
import type {LogRow, Training} from "./training.js";
import {trainInTorch} from "./train-torch.js";
import {trainInWasm} from "./train-wasm.js";

const BACKENDS = ["torch", "wasm"] as const;

interface TrainFlags {
  readonly config: string;
  readonly work?: string;
  readonly data?: string;
  readonly steps?: number;
  readonly backend: string;
  readonly json?: boolean;
}

export function register(program: Command): void {
  program
    .command("train")
    .description("train a model from its recipe")
    .command("lm")
    .description("train a language model; a run that is stopped goes on when it is asked for again")
    .requiredOption("--config <file>", "its training.json")
    .option("--work <folder>", "for log and weights (default: .cache/train/<name>-<backend>)")
    .option("--data <folder>", "the corpus (default: data/corpora/build/<vocab>)")
    .option("--steps <n>", "stop at this step (wasm only)", wholeNumber)
    .option("--backend <backend>", "torch (PyTorch 2) or wasm (jax-js, for the smallest)", "torch")
    .option("--json", "print the rows of the log, one a line")
    .action(train);
}

async function train(flags: TrainFlags): Promise<void> {
  const {config: file, backend, steps, json = false} = flags;
  if (!BACKENDS.some((name) => name === backend))
    throw new Error(`--backend: must be ${BACKENDS.join(" or ")}, got "${backend}"`);
  if (backend === "torch" && steps !== undefined)
    throw new Error("--steps: goes with --backend wasm only, since PyTorch's run ends by itself");
  const config = readConfig(file);
  if (backend === "torch" && basename(file) !== "training.json")
    throw new Error(
      `--config: must be a file named training.json for --backend torch, got "${file}"`
    );
  const data = flags.data ?? join("data/corpora/build", String(config.vocab));
  checkCorpus(data, config);
  const training: Training = {
    config,
    folder: dirname(file),
    work: flags.work ?? join(".cache/train", `${config.name}-${backend}`),
    data,
    onRow: (row) => console.log(json ? JSON.stringify(row) : inWords(row))
  };
  const finished =
    backend === "torch" ? await trainInTorch(training) : await trainInWasm(training, steps);
  if (!json)
    console.log(
      finished
        ? `${config.name}: every budget is spent; weights and log are in ${training.work}`
        : `${config.name}: stopped; the same command goes on from here`
    );
}

function readConfig(file: string): LmConfig {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`--config: must be a file to read, ${(error as Error).message}`);
  }
  return parseLmConfig(text, file);
}

function checkCorpus(data: string, {vocab}: LmConfig): void {
  for (const file of ["train.bin", "heldout.bin", "heldout.json"])
    if (!existsSync(join(data, file)))
      throw new Error(
        `--data: ${join(data, file)} must be there, it is missing: npx tsx scripts/corpus.ts --vocab ${vocab} --out ${data} builds it`
      );
}

function inWords(row: LogRow): string {
  const where = `step ${row.step} of the ${row.budget.toLocaleString("en")} token budget`;
  if (row.loss !== undefined) return `${where}: loss ${row.loss.toFixed(4)}`;
  const heldout = Object.entries(row.heldout ?? {}).map(([name, nats]) => `${name} ${nats}`);
  return `${where}: held-out ${heldout.join(", ")}`;
}
