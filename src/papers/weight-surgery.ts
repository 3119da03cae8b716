import type {Random} from "../corpus/random.js";
import {type HostTensor, mapWeights, type Weights} from "../model/weights.js";

type Model = Weights<HostTensor>;

/** The model with every matrix, and every vector, put through a function of its values and name. */
function mapValues(
  weights: Model,
  matrix: (tensor: HostTensor, name: string) => Float32Array,
  vector: (tensor: HostTensor, name: string) => Float32Array = ({data}) => data
): Model {
  return mapWeights(weights, {
    matrix: (tensor, name) => ({...tensor, data: matrix(tensor, name)}),
    vector: (tensor, name) => ({...tensor, data: vector(tensor, name)})
  });
}

/** One matrix, by name, multiplied by a factor. */
export const perturbed = (weights: Model, name: string, factor: number): Model =>
  mapValues(weights, ({data}, at) => (at === name ? data.map((v) => v * factor) : data));

/** Two blocks in each other's place. */
export function swapped(weights: Model, a: number, b: number): Model {
  const blocks = [...weights.blocks];
  [blocks[a], blocks[b]] = [blocks[b], blocks[a]];
  return {...weights, blocks};
}

/** Random weights of the same sizes: what a model knows before it is trained. */
export function untrained(weights: Model, normal: () => number): Model {
  const draw = ({data}: HostTensor) => data.map(() => 0.02 * normal());
  return mapValues(weights, draw, (tensor, name) =>
    name.endsWith("gain")
      ? tensor.data.map(() => 1)
      : name.endsWith("bias")
        ? tensor.data.map(() => 0)
        : draw(tensor)
  );
}

/** Matrices rounded to `2·levels + 1` steps per row, symmetric about 0: int8 has 127 levels. */
export const rounded = (weights: Model, levels: number): Model =>
  mapValues(weights, ({shape: [rows, columns], data}) => {
    const out = new Float32Array(data.length);
    for (let row = 0; row < rows; row++) {
      const line = data.subarray(row * columns, (row + 1) * columns);
      const step = line.reduce((max, v) => Math.max(max, Math.abs(v)), 0) / levels;
      if (step > 0)
        out.set(
          line.map((v) => Math.round(v / step) * step),
          row * columns
        );
    }
    return out;
  });

/** The position table with its rows in random order: what a model reads without word order. */
export function shuffledPositions(weights: Model, random: Random): Model {
  const {positions} = weights;
  if (!positions) throw new RangeError("shuffledPositions: weights must have learned positions");
  const [rows, width] = positions.shape;
  const order = random.sample(
    Array.from({length: rows}, (_, row) => row),
    rows
  );
  const data = new Float32Array(positions.data.length);
  order.forEach((row, i) =>
    data.set(positions.data.subarray(row * width, (row + 1) * width), i * width)
  );
  return {...weights, positions: {...positions, data}};
}
