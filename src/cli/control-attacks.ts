import {existsSync} from "node:fs";
import {basename, join} from "node:path";
import type {Command} from "commander";
import {openCheckpoint} from "../model/checkpoint.js";
import {contextsOf, tokensOf} from "../papers/activation-attacks/contexts.js";
import {allSeries, seriesRows, settings as usual} from "../papers/activation-attacks/series.js";
import {folderFiles} from "./folder-source.js";
import {wholeNumber} from "./generate.js";
import {heldOut} from "./held-out.js";
import {BACKENDS, checkBackend, MODELS, openBackend} from "./model.js";
import {openTorchAttacker} from "./torch-attacker.js";
import {recordAloud, type Unit} from "./recorded-rows.js";

interface AttacksFlags {
  readonly model: string;
  readonly reps: number;
  readonly steps: number;
  readonly short?: boolean;
  readonly seed: number;
  readonly out?: string;
  readonly backend?: string;
  readonly json?: boolean;
}

export function registerAttacks(control: Command): void {
  control
    .command("attacks")
    .description("change activations so that given tokens follow; a stopped run goes on")
    .requiredOption("--model <model>", "a shipped model, or a folder that has a heldout.json too")
    .option("--reps <n>", "contexts, each with tokens of its own to force", wholeNumber, usual.reps)
    .option("--steps <n>", "of Adam at most", wholeNumber, usual.steps)
    .option("--short", "fewer numbers of activations, layers and channels; no tokens")
    .option("--seed <s>", "shifts every seed by 1000 times itself", wholeNumber, 0)
    .option("--out <file>", "(default: data/tables/attacks/<model>.jsonl)")
    .option("--backend <backend>", `${BACKENDS.join(", ")}, or torch (PyTorch 2)`)
    .option("--json", "print how far it is as JSON, a line for each series")
    .action(attacks);
}

async function attacks(flags: AttacksFlags): Promise<void> {
  const {seed, reps, steps, short = false, json = false} = flags;
  const folder = existsSync(join(MODELS, flags.model)) ? join(MODELS, flags.model) : flags.model;
  const name = basename(folder);
  const path = flags.out ?? join("data/tables/attacks", `${name}.jsonl`);
  const {windows} = await heldOut(folder);
  const [contexts, tokens] = [contextsOf(windows), tokensOf(windows)];
  if (reps < 1 || reps > contexts.length)
    throw new Error(
      `--reps: must be in 1 … ${contexts.length}, the natural texts in heldout.json of ${name}, got ${reps}`
    );
  if (steps < 1) throw new Error(`--steps: must be at least 1, got ${steps}`);
  const {sha256, ...checkpoint} = await openCheckpoint(folderFiles(folder));
  const isTorch = flags.backend === "torch";
  const device = isTorch ? "wasm" : checkBackend(flags.backend);
  const backend = await openBackend(device, checkpoint);
  const torch = isTorch ? openTorchAttacker(folder, checkpoint.config) : undefined;
  const model = {config: checkpoint.config, backend};
  const settings = {...usual, reps, steps};
  const units = allSeries(checkpoint.config, !short).map((series): Unit => ({
    key: keyOf(series),
    async *rows(signal) {
      const how = {...settings, contexts, tokens, seed: 1000 * seed, signal, attacker: torch};
      for await (const row of seriesRows(model, series, how)) yield {model: name, ...row};
    }
  }));
  await recordAloud(
    {name, units: "series", json},
    {
      ...{path, units, table: "attacks", run_id: `${name}-${seed}`, keyOf},
      about: {
        model: name,
        weights: sha256,
        seed,
        ...settings,
        tokens: tokens.length,
        by: isTorch ? "PyTorch" : "Workings"
      }
    }
  );
  torch?.close();
  backend.dispose();
}

/** Attacks that differ in t only are made one after the other. */
const keyOf = ({layer, a, dims}: {layer?: unknown; a?: unknown; dims?: unknown}): string =>
  [layer, a, dims].join(" ");
