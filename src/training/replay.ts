import type {LmConfig} from "./lm-config.js";
import {openTrainer} from "./lm-trainer.js";
import {endsOf, learningRate} from "./schedule.js";

/**
 * The losses of a recipe's first steps, from scratch, in jax-js on WebAssembly.
 *
 * @param windows Token ids `[steps · batch, context + 1]`, as the recipe orders them: u16,
 * little-endian in a `first-batches.bin`.
 * @param onStep Told the steps done and the latest loss.
 * @returns `[steps]`, in nats per token.
 * @throws {Error} if there are fewer windows than the steps need.
 */
export async function replay(
  config: LmConfig,
  windows: Uint16Array,
  steps: number,
  onStep?: (done: number, loss: number) => void
): Promise<number[]> {
  const size = config.batch * (config.context + 1);
  if (windows.length < steps * size)
    throw new Error(
      `replay: windows must hold ${steps * size} tokens, for ${steps} steps, got ${windows.length}`
    );
  const end = endsOf(config)[0];
  const trainer = await openTrainer(config);
  try {
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      const batch = windows.subarray(step * size, (step + 1) * size);
      losses.push(await trainer.advance(batch, learningRate(config, step, end)));
      onStep?.(step + 1, losses[step]);
    }
    return losses;
  } finally {
    trainer.dispose();
  }
}
