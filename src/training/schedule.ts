import type {LmConfig} from "./lm-config.js";

/** The number of steps after which each token budget is spent. */
export const endsOf = ({budgets, batch, context}: LmConfig): number[] =>
  budgets.map((tokens) => Math.ceil(tokens / (batch * context)));

/**
 * The learning rate of a step on the way to `end`: it rises over the warm-up, stays, and falls
 * linearly to zero over the last part ("warmup-stable-decay", Hu et al., "MiniCPM", 2024).
 *
 * @param step From 0.
 */
export const learningRate = ({rate, warmup, decay}: LmConfig, step: number, end: number): number =>
  rate * Math.min((step + 1) / warmup, 1, (end - step) / (decay * end));

/** The step at which the rate begins to fall: from here on a run belongs to its budget alone. */
export const fallStart = ({decay}: LmConfig, end: number): number => Math.floor(end * (1 - decay));

/** Steps whose weights are kept: from 16 to the last fall, evenly spaced in their logarithm. */
export function keptSteps(config: LmConfig): ReadonlySet<number> {
  const {checkpoints = 0} = config;
  const last = fallStart(config, endsOf(config).at(-1)!);
  return new Set(
    Array.from({length: checkpoints}, (_, i) =>
      Math.round(16 * (last / 16) ** (i / (checkpoints - 1)))
    )
  );
}
