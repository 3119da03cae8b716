/** Appending to a cache in plain loops: what kv-append.ts is tested against. */
export interface Inputs {
  /** `[batch, keys, width]` */
  readonly cache: Float64Array;
  /** `[batch, tokens, width]` */
  readonly x: Float64Array;
}

export interface Options {
  readonly batch: number;
  readonly keys: number;
  readonly tokens: number;
  readonly start: number;
}

/** Writes into `cache`. */
export function forward({cache, x}: Inputs, {batch, keys, tokens, start}: Options): void {
  const width = x.length / (batch * tokens);
  for (let b = 0; b < batch; b++)
    for (let token = 0; token < tokens; token++)
      for (let c = 0; c < width; c++)
        cache[(b * keys + start + token) * width + c] = x[(b * tokens + token) * width + c];
}
