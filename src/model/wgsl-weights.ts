import type {Gpu} from "../gpu/gpu.js";
import type {Tensor} from "../gpu/tensor.js";
import {partsOf, uploadWeight, type Weight, type WeightDtype} from "../kernels/weight.js";
import {type HostTensor, mapWeights, type Weights} from "./weights.js";

/** Bytes that may be on their way to the device at once: it holds a copy of what it was sent. */
const ON_THE_WAY = 2 ** 23;

export interface Uploaded {
  readonly weights: Weights<Tensor, Weight>;
  readonly tensors: readonly Tensor[];
}

/** Puts weights on a GPU, one after the other, matrices at the given precision. */
export async function uploadAll(
  gpu: Gpu,
  weights: Weights<HostTensor>,
  precision: WeightDtype
): Promise<Uploaded> {
  const waiting = new Map<string, () => number>();
  const vectors = new Map<string, Tensor>();
  const matrices = new Map<string, Weight>();
  const tensors: Tensor[] = [];
  const names = mapWeights(weights, {
    vector: (tensor, name) => {
      waiting.set(name, () => {
        const {shape, data} = tensor;
        const vector = gpu.upload(shape, data);
        vectors.set(name, vector);
        tensors.push(vector);
        return data.byteLength;
      });
      return name;
    },
    matrix: (tensor, name) => {
      waiting.set(name, () => {
        const {shape, data} = tensor;
        const matrix = uploadWeight(gpu, [shape[0], shape[1]], data, precision);
        matrices.set(name, matrix);
        for (const {part} of partsOf(matrix))
          tensors.push(part.values, ...(part.scales ? [part.scales] : []));
        return data.byteLength;
      });
      return name;
    }
  });
  try {
    let onTheWay = 0;
    for (const upload of waiting.values()) {
      onTheWay += upload();
      if (onTheWay < ON_THE_WAY) continue;
      await gpu.settle();
      onTheWay = 0;
    }
    await gpu.settle();
  } catch (error) {
    for (const tensor of tensors) gpu.free(tensor);
    gpu.trim();
    throw error;
  }
  const placed = mapWeights(names, {
    vector: (name) => vectors.get(name)!,
    matrix: (name) => matrices.get(name)!
  });
  return {weights: placed, tensors};
}
