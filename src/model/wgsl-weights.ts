import type {Arena} from "../gpu/arena.js";
import type {Gpu} from "../gpu/gpu.js";
import type {Tensor} from "../gpu/tensor.js";
import {
  emptyWeight,
  type Weight,
  type WeightDtype,
  weightTensors,
  writeRows
} from "../kernels/weight.js";
import {type HostTensor, mapWeights, type Weights} from "./weights.js";

/** Bytes that may be on their way to the device at once: it holds a copy of what it was sent. */
const ON_THE_WAY = 2 ** 22;

export interface Uploaded {
  readonly weights: Weights<Tensor, Weight>;
  readonly arena: Arena;
}

/**
 * Puts weights on a GPU, matrices at the given precision, in few buffers and a few rows at a time where
 * these are had alone: the host never holds more than one tensor.
 */
export async function uploadAll(
  gpu: Pick<Gpu, "largestBinding" | "arena" | "settle">,
  weights: Weights<HostTensor>,
  precision: WeightDtype
): Promise<Uploaded> {
  const sizes: Pick<Tensor, "shape" | "dtype">[] = [];
  mapWeights(weights, {
    vector: ({shape}) => sizes.push({shape, dtype: "f32"}),
    matrix: ({shape: [rows, columns]}) =>
      sizes.push(...weightTensors([rows, columns], precision, gpu.largestBinding))
  });
  const arena = gpu.arena(sizes);
  const waiting: {
    readonly from: HostTensor;
    readonly write: (first: number, rows: Float32Array) => void;
  }[] = [];
  const placed: Weights<Tensor, Weight> = mapWeights(weights, {
    vector: (from) => {
      const tensor = arena.tensor(from.shape);
      waiting.push({from, write: (_, values) => arena.write(tensor, values)});
      return tensor;
    },
    matrix: (from) => {
      const [rows, columns] = from.shape;
      const weight = emptyWeight(arena, [rows, columns], precision);
      waiting.push({from, write: (first, values) => writeRows(arena, weight, first, values)});
      return weight;
    }
  });
  try {
    let onTheWay = 0;
    for (const {from, write} of waiting)
      for (const [first, values] of rowsOf(from)) {
        write(first, values);
        onTheWay += values.byteLength;
        if (onTheWay < ON_THE_WAY) continue;
        await gpu.settle();
        onTheWay = 0;
      }
    await gpu.settle();
  } catch (error) {
    arena.free();
    throw error;
  }
  return {weights: placed, arena};
}

/** A tensor's values, those of a large matrix some rows at a time, each with the first of them. */
function* rowsOf(tensor: HostTensor): Generator<readonly [first: number, values: Float32Array]> {
  const [count, columns = 1] = tensor.shape;
  const most = Math.max(1, Math.floor(ON_THE_WAY / (4 * columns)));
  if (tensor.shape.length !== 2 || count <= most) {
    yield [0, tensor.data];
    return;
  }
  const rows = tensor.rows ?? cutting(tensor.data, columns);
  for (let first = 0; first < count; first += most)
    yield [first, rows(first, Math.min(count, first + most))];
}

const cutting = (data: Float32Array, columns: number) => (first: number, end: number) =>
  data.subarray(first * columns, end * columns);
