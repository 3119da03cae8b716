import {size} from "../gpu/shape.js";
import type {ModelConfig} from "./config.js";
import type {Shape} from "../gpu/shape.js";
import type {Jax, JaxArray, JaxDevice} from "./jax.js";
import {maskOf, type Placement} from "./layout.js";
import {crop} from "./padding.js";
import type {ProgramInputs} from "./wasm-program.js";
import type {HostTensor} from "./weights.js";

/** Puts host values on a device of jax-js. */
export interface Arrays {
  floats(shape: Shape, data: Float32Array): JaxArray;
  integers(shape: Shape, data: readonly number[]): JaxArray;
}

export const arraysOn = ({numpy}: Jax, device: JaxDevice): Arrays => ({
  floats: (shape, data) => numpy.array(data, {shape: [...shape], device}),
  integers: (shape, data) => numpy.array(Int32Array.from(data), {shape: [...shape], device})
});

/** A placement for `rows` tokens, the last of them padding, which sees nothing and is not seen. */
export function placedArrays(
  arrays: Arrays,
  {positions, sees}: Placement = {},
  {rows, keys}: {readonly rows: number; readonly keys: number}
): ProgramInputs["placed"] {
  const padded = (of: readonly number[]) => [...of, ...Array<number>(rows - of.length).fill(0)];
  return {
    ...(positions && {
      positions: arrays.integers([positions.length, rows], positions.flatMap(padded))
    }),
    ...(sees && {
      mask: arrays.floats([sees.length, rows, keys], Float32Array.from(maskOf(sees, rows, keys)))
    })
  };
}

/** The corner of a padded array, in host memory. Takes the array. */
export async function read(array: JaxArray, shape: Shape): Promise<HostTensor> {
  const padded = array.shape;
  return {shape, data: crop((await array.data()) as Float32Array, padded, shape)};
}

export const counting = (length: number, start = 0): number[] =>
  Array.from({length}, (_, i) => start + i);

/** Room for the keys and values of a context, by layer. */
export function emptyCache(arrays: Arrays, config: ModelConfig, batch: number) {
  const {layers, context, kvHeads, headWidth} = config;
  const shape = [batch, context, kvHeads, headWidth];
  const make = () =>
    Array.from({length: layers}, () => arrays.floats(shape, new Float32Array(size(shape))));
  return {keys: make(), values: make()};
}
