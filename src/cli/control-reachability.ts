import {existsSync} from "node:fs";
import {basename, join} from "node:path";
import type {Command} from "commander";
import {openCheckpoint} from "../model/checkpoint.js";
import type {ControlledModel} from "../model/search/control.js";
import {statesOf} from "../papers/magic-words/pairs.js";
import {reachabilityOf, settings} from "../papers/magic-words/reachability.js";
import {folderFiles} from "./folder-source.js";
import {wholeNumber} from "./generate.js";
import {heldOut} from "./held-out.js";
import {BACKENDS, checkBackend, MODELS, openBackend} from "./model.js";
import {recordAloud, type Unit} from "./recorded-rows.js";

interface ReachabilityFlags {
  readonly model: string;
  readonly states: number;
  readonly seed: number;
  readonly out?: string;
  readonly backend?: string;
  readonly json?: boolean;
}

export function registerReachability(control: Command): void {
  control
    .command("reachability")
    .description("look for prompts that make a model say given tokens; a stopped run goes on")
    .requiredOption("--model <model>", "a shipped model, or a folder that has a heldout.json too")
    .option(
      "--states <n>",
      "states of text, a third of them of each length; 90 at most",
      wholeNumber,
      90
    )
    .option("--seed <s>", "shifts every seed by 1000 times itself", wholeNumber, 0)
    .option("--out <file>", "(default: data/tables/reachability/<model>.jsonl)")
    .option("--backend <backend>", `${BACKENDS.join(", ")}; a real GPU if there is one, else wasm`)
    .option("--json", "print how far it is as JSON, a line for each state")
    .action(reachability);
}

async function reachability(flags: ReachabilityFlags): Promise<void> {
  const {seed, json = false} = flags;
  const folder = existsSync(join(MODELS, flags.model)) ? join(MODELS, flags.model) : flags.model;
  const name = basename(folder);
  const path = flags.out ?? join("data/tables/reachability", `${name}.jsonl`);
  const states = statesOf(await heldOut(folder));
  if (flags.states < 1 || flags.states > states.length)
    throw new Error(
      `--states: must be in 1 … ${states.length}, which heldout.json of ${name} has, got ${flags.states}`
    );
  const {sha256, ...checkpoint} = await openCheckpoint(folderFiles(folder));
  const backend = await openBackend(checkBackend(flags.backend), checkpoint);
  const model: ControlledModel = {...checkpoint, backend};
  const units = states.slice(0, flags.states).map((state): Unit => ({
    key: state.id,
    rows: (signal) =>
      reachabilityOf(model, state, settings, {
        ...{signal, seed: 1000 * seed + 100_000 * state.place}
      })
  }));
  await recordAloud(
    {name, units: "states", json},
    {
      ...{path, units, table: "reachability", run_id: `${name}-${seed}`},
      about: {model: name, weights: sha256, seed, tokens: "printable", ...settings},
      keyOf: ({state_id}) => String(state_id)
    }
  );
  backend.dispose();
}
