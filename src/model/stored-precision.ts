import {toF16} from "../kernels/half.js";
import {packI4, unpackI4} from "../kernels/int4.js";
import {packI8, type WeightDtype} from "../kernels/weight.js";
import {decodeFloats} from "./float-types.js";
import {lazyTensor} from "./lazy-tensor.js";
import {type HostTensor, mapWeights, type Weights} from "./weights.js";

/**
 * The weights as a GPU would read them back had it stored the matrices at a precision: how backends
 * that compute on the CPU show what rounding costs.
 */
export function atPrecision(
  weights: Weights<HostTensor>,
  precision: WeightDtype
): Weights<HostTensor> {
  if (precision === "f32") return weights;
  const read = THROUGH[precision];
  return mapWeights(weights, {
    vector: (tensor) => tensor,
    matrix: (tensor) => lazyTensor(tensor.shape, () => read(tensor))
  });
}

const THROUGH = {f16: throughF16, i8: throughI8, i4: throughI4};

function throughF16({data}: HostTensor): Float32Array {
  const halves = new Uint16Array(data.length);
  for (let i = 0; i < data.length; i++) halves[i] = toF16(data[i]);
  return decodeFloats(new Uint8Array(halves.buffer), "F16");
}

function throughI8({shape: [, columns], data}: HostTensor): Float32Array {
  const {words, scales} = packI8(data, columns);
  const bytes = new Int8Array(words.buffer);
  const padded = 4 * Math.ceil(columns / 4);
  const out = new Float32Array(data.length);
  for (const [row, scale] of scales.entries())
    for (let column = 0; column < columns; column++)
      out[row * columns + column] = bytes[row * padded + column] * scale;
  return out;
}

function throughI4({shape: [rows, columns], data}: HostTensor): Float32Array {
  return unpackI4(packI4(data, columns), rows, columns);
}
