import {type Cut, beforeGain, throughNorm} from "./cut.js";
import {dot, type FrozenPass} from "./frozen-pass.js";

/** `W_Oᵀ·direction` of a layer, `[heads · headWidth]`: what counts of each head's z. */
export function throughOutput(
  {model: {config, weights}}: FrozenPass,
  layer: number,
  direction: Float64Array
): Float64Array {
  const columns = config.heads * config.headWidth;
  const {data} = weights.blocks[layer].output.weight;
  const out = new Float64Array(columns);
  for (let c = 0; c < config.width; c++) {
    const by = direction[c];
    if (by === 0) continue;
    for (let j = 0; j < columns; j++) out[j] += by * data[c * columns + j];
  }
  return out;
}

/** The same of the stream that values are read from, for what counts of z `[heads · headWidth]`. */
export function throughValues(
  pass: FrozenPass,
  layer: number,
  counts: Float64Array
): {readonly direction: Float64Array; readonly constant: number} {
  const {config, weights} = pass.model;
  const {heads, kvHeads, headWidth, width} = config;
  const {value, norm1} = weights.blocks[layer];
  const read = new Float64Array(width);
  let constant = 0;
  for (let j = 0; j < heads * headWidth; j++) {
    if (counts[j] === 0) continue;
    const group = Math.floor(Math.floor(j / headWidth) / (heads / kvHeads));
    const row = group * headWidth + (j % headWidth);
    for (let c = 0; c < width; c++) read[c] += counts[j] * value.weight.data[row * width + c];
    constant += counts[j] * (value.bias?.data[row] ?? 0);
  }
  const normed = throughNorm(pass, norm1, beforeGain(pass, norm1, read));
  return {direction: normed.direction, constant: constant + normed.constant};
}

/** How much a query looks at a key. */
export const patternAt = (
  pass: FrozenPass,
  layer: number,
  head: number,
  [query, key]: readonly [number, number]
): number => {
  const {length} = pass.tokens;
  return pass.at(`blocks.${layer}.attn.hook_pattern`)[(head * length + query) * length + key];
};

/** What a head's value at a token comes to, for what counts of z `[heads · headWidth]`. */
export function valueProduct(
  pass: FrozenPass,
  {layer, head, pos}: {readonly layer: number; readonly head: number; readonly pos: number},
  counts: Float64Array
): number {
  const {heads, kvHeads, headWidth} = pass.model.config;
  const group = Math.floor(head / (heads / kvHeads));
  const start = (pos * kvHeads + group) * headWidth;
  return dot(
    pass.at(`blocks.${layer}.attn.hook_v`).subarray(start, start + headWidth),
    counts.subarray(head * headWidth, (head + 1) * headWidth)
  );
}

/** One head's look at one earlier token. */
export interface Look {
  readonly layer: number;
  readonly head: number;
  /** Where it writes. */
  readonly pos: number;
  /** Where it reads. */
  readonly from: number;
}

/** The stream that a head reads, of what a cut counts: its OV matrix and its pattern taken back. */
export function headCut(pass: FrozenPass, cut: Cut, {layer, head, pos, from}: Look): Cut {
  const {headWidth} = pass.model.config;
  const all = throughOutput(pass, layer, cut.direction);
  const by = patternAt(pass, layer, head, [pos, from]) / cut.scale;
  const counts = all.map((v, j) => (Math.floor(j / headWidth) === head ? by * v : 0));
  const {direction, constant} = throughValues(pass, layer, counts);
  return {
    ...{attentions: layer, mlps: layer, pos: from, direction, constant},
    scale: pass.at(`blocks.${layer}.ln1.hook_scale`)[from]
  };
}
