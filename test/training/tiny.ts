import type {LmConfig} from "../../src/training/lm-config.js";

/** A recipe whose two budgets end after 6 and 12 steps and fall from the 4th and the 8th on. */
export const TINY: LmConfig = {
  name: "tiny",
  width: 16,
  depth: 2,
  heads: 2,
  vocab: 11,
  context: 6,
  budgets: [70, 140],
  batch: 2,
  rate: 0.03,
  warmup: 3,
  decay: 0.3,
  beta2: 0.99,
  weightDecay: 0.1,
  clip: 1,
  seed: 1,
  checkpoints: 2
};

/** A corpus of 25 windows: counting in threes, modulo 11. */
export const COUNTING = Uint16Array.from({length: 151}, (_, i) => (3 * i) % 11);
