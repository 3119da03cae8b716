import {keyOf, philox} from "../kernels/philox.js";
import type {LmConfig} from "./lm-config.js";

/** The numbers 0 … count - 1 in an order that depends on seed and epoch alone: Philox's words sorted. */
export function windowOrder(count: number, seed: number, epoch: number): Uint32Array {
  const key = keyOf(seed);
  const words = Uint32Array.from({length: count}, (_, i) => philox([i, epoch + 1, 0, 0], key)[0]);
  // Equal words stay in place: a typed array's sort is stable.
  return Uint32Array.from({length: count}, (_, i) => i).sort((a, b) => words[a] - words[b]);
}

/** Cuts a corpus into windows and hands them out in a random order, each once an epoch. */
export class Batches {
  readonly #ids: Uint16Array;
  readonly #config: LmConfig;
  readonly #count: number;
  #epoch = -1;
  #order: Uint32Array = new Uint32Array();

  /**
   * @param ids The corpus, packed.
   * @throws {Error} if it is shorter than one batch.
   */
  constructor(ids: Uint16Array, config: LmConfig) {
    const {batch, context, vocab} = config;
    const windows = Math.floor((ids.length - 1) / context);
    if (windows < batch)
      throw new Error(
        `corpus: must have ${batch * context + 1} tokens or more, for one batch, got ${ids.length}`
      );
    const foreign = ids.findIndex((id) => id >= vocab);
    if (foreign >= 0)
      throw new Error(
        `corpus: token ${foreign} must be below ${vocab}, the vocabulary of the configuration, got ${ids[foreign]}`
      );
    this.#ids = ids;
    this.#config = config;
    this.#count = windows - (windows % batch);
  }

  /** The windows `[batch, context + 1]` of a step, from 0. */
  at(step: number): Uint16Array {
    const {batch, context, seed} = this.#config;
    const epoch = Math.floor((step * batch) / this.#count);
    const from = (step * batch) % this.#count;
    if (epoch !== this.#epoch) {
      this.#order = windowOrder(this.#count, seed, epoch);
      this.#epoch = epoch;
    }
    const rows = new Uint16Array(batch * (context + 1));
    for (let i = 0; i < batch; i++) {
      const start = this.#order[from + i] * context;
      rows.set(this.#ids.subarray(start, start + context + 1), i * (context + 1));
    }
    return rows;
  }
}
