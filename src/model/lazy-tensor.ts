import type {Shape} from "../gpu/shape.js";
import {type HostTensor, mapWeights, type Weights} from "./weights.js";

/** A tensor whose values are made anew each time `data` is read, and kept nowhere: read it once. */
export const lazyTensor = (
  shape: Shape,
  make: () => Float32Array,
  rows?: (first: number, end: number) => Float32Array
): HostTensor => ({
  shape,
  ...(rows && {rows}),
  get data() {
    return make();
  }
});

/** A tensor that others are cut from: its values are made for the first and dropped with the last. */
export function sharedBy(readers: number, tensor: HostTensor): HostTensor {
  let values: Float32Array | undefined;
  let left = readers;
  return lazyTensor(tensor.shape, () => {
    const data = values ?? tensor.data;
    left -= 1;
    values = left > 0 ? data : undefined;
    if (left === 0) left = readers;
    return data;
  });
}

/** The weights with all values made, to be read as often as one likes. */
export function inMemory(weights: Weights<HostTensor>): Weights<HostTensor> {
  const make = ({shape, data}: HostTensor): HostTensor => ({shape, data});
  return mapWeights(weights, {vector: make, matrix: make});
}
