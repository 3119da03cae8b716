import type {ModelConfig} from "../model/config.js";
import type {Dictionary} from "../model/dictionary.js";
import {type Site, siteLayer} from "../model/sites.js";
import type {HostTensor, Weights} from "../model/weights.js";

/** Rows of one width, in float32. */
export interface Rows {
  readonly count: number;
  readonly width: number;
  readonly data: Float32Array;
}

/** The largest of a row's products, and the smallest. */
export interface Extremes {
  readonly ids: Uint16Array;
  readonly values: Float32Array;
}

const rowsOf = ({shape: [count, width], data}: HostTensor): Rows => ({count, width, data});

/** Whether a dictionary reads the residual stream, as it is or through the norm before the MLP. */
const readsStream = (input: Site): boolean =>
  /\.(hook_resid_\w+|ln2\.hook_normalized)$/.test(input);

/**
 * A dictionary's encoder as it reads the residual stream: the norm's gain and centring folded in, its
 * division left out, which scales all of a token's alike. Null where it reads something else.
 */
export function streamEncoder(
  {input, encoder}: Dictionary,
  {norm}: ModelConfig,
  weights: Weights<HostTensor>
): Rows | null {
  if (!readsStream(input)) return null;
  const rows = rowsOf(encoder.weight);
  if (!input.endsWith("hook_normalized") || norm !== "layernorm") return rows;
  return centred(rows, weights.blocks[siteLayer(input)!].norm2.gain.data);
}

/** Each row times a gain, its mean taken off: what a LayerNorm's centring leaves of it. */
function centred({count, width, data}: Rows, gain: Float32Array): Rows {
  const out = new Float32Array(data.length);
  for (let row = 0; row < count; row++) {
    const at = row * width;
    let sum = 0;
    for (let c = 0; c < width; c++) sum += out[at + c] = data[at + c] * gain[c];
    for (let c = 0; c < width; c++) out[at + c] -= sum / width;
  }
  return {count, width, data: out};
}

/** The unembedding as the residual stream meets it: the final norm's gain and centring folded in, its division left out. */
export function streamUnembedding({norm}: ModelConfig, weights: Weights<HostTensor>): Rows {
  const rows = rowsOf(weights.unembedding);
  const gain = weights.finalNorm.gain.data;
  if (norm === "layernorm") return centred(rows, gain);
  return {...rows, data: rows.data.map((v, i) => v * gain[i % rows.width])};
}

export const embeddingRows = (weights: Weights<HostTensor>): Rows => rowsOf(weights.embedding);
export const decoderRows = ({outputs}: Dictionary): Rows => rowsOf(outputs[0].decoder);

/** Rows divided by their lengths; a row of zeros stays. */
export function unitRows({count, width, data}: Rows): Rows {
  const out = new Float32Array(data.length);
  for (let row = 0; row < count; row++) {
    let sum = 0;
    for (let i = row * width; i < (row + 1) * width; i++) sum += data[i] ** 2;
    const by = sum > 0 ? 1 / Math.sqrt(sum) : 0;
    for (let i = row * width; i < (row + 1) * width; i++) out[i] = data[i] * by;
  }
  return {count, width, data: out};
}

/** Calls back with the products of each row of `a` with all rows of `b`, in one array that is used again. */
export function eachProduct(
  a: Rows,
  b: Rows,
  use: (row: number, products: Float32Array) => void
): void {
  const [x, y, width] = [a.data, b.data, a.width];
  const products = new Float32Array(b.count);
  const whole = b.count - (b.count % 4);
  for (let row = 0; row < a.count; row++) {
    const at = row * width;
    for (let other = 0; other < whole; other += 4) {
      let p = other * width;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let c = at; c < at + width; c++, p++) {
        const v = x[c];
        s0 += v * y[p];
        s1 += v * y[p + width];
        s2 += v * y[p + 2 * width];
        s3 += v * y[p + 3 * width];
      }
      products[other] = s0;
      products[other + 1] = s1;
      products[other + 2] = s2;
      products[other + 3] = s3;
    }
    for (let other = whole; other < b.count; other++) {
      let sum = 0;
      for (let c = 0; c < width; c++) sum += x[at + c] * y[other * width + c];
      products[other] = sum;
    }
    use(row, products);
  }
}

/** The `k` largest, the largest first; of equal ones the first. With `sign` −1 the smallest. */
export function extremes(values: Float32Array, k: number, sign: 1 | -1 = 1): Extremes {
  const ids: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const v = sign * values[i];
    if (ids.length === k && v <= sign * values[ids[k - 1]]) continue;
    let at = ids.length;
    while (at > 0 && sign * values[ids[at - 1]] < v) at--;
    ids.splice(at, 0, i);
    if (ids.length > k) ids.pop();
  }
  return {ids: Uint16Array.from(ids), values: Float32Array.from(ids, (i) => values[i])};
}
