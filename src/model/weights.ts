import type {Shape} from "../gpu/shape.js";
import type {ModelConfig} from "./config.js";

/** Values in host memory, row-major. */
export interface HostTensor {
  readonly shape: Shape;
  readonly data: Float32Array;
  /** The same for rows `first` … `end − 1` of the first axis alone, where they are had without the others. */
  readonly rows?: (first: number, end: number) => Float32Array;
}

/** `y = x·weightᵀ + bias`: weight `[out, in]`, bias `[out]`. */
export interface Linear<V, M = V> {
  readonly weight: M;
  readonly bias?: V;
}

/** `gain` and `bias` `[width]`; RMSNorm has no bias. */
export interface Norm<V> {
  readonly gain: V;
  readonly bias?: V;
}

export interface Block<V, M = V> {
  readonly norm1: Norm<V>;
  /** `[heads · headWidth, width]`. */
  readonly query: Linear<V, M>;
  /** `[kvHeads · headWidth, width]`. */
  readonly key: Linear<V, M>;
  readonly value: Linear<V, M>;
  /** Of a model that normalizes each head's queries and keys: a gain `[headWidth]`, the same for all heads. */
  readonly queryNorm?: Norm<V>;
  readonly keyNorm?: Norm<V>;
  /** `[width, heads · headWidth]`. */
  readonly output: Linear<V, M>;
  readonly norm2: Norm<V>;
  /** Of a gated MLP only: `[hidden, width]`. */
  readonly gate?: Linear<V, M>;
  /** `[hidden, width]`. */
  readonly up: Linear<V, M>;
  /** `[width, hidden]`. */
  readonly down: Linear<V, M>;
}

/** The weights of a transformer: vectors and position tables as `V`, matrices as `M`. */
export interface Weights<V, M = V> {
  /** `[vocab, width]`. */
  readonly embedding: M;
  /** `[context, width]`, of a model with learned positions. */
  readonly positions?: V;
  readonly blocks: readonly Block<V, M>[];
  readonly finalNorm: Norm<V>;
  /** `[vocab, width]`; the very `embedding` when they are tied. */
  readonly unembedding: M;
  /** `[vocab]`, where logits have one. */
  readonly unembeddingBias?: V;
}

export interface WeightMap<A, V, M> {
  vector(value: A, name: string): V;
  matrix(value: A, name: string): M;
}

/** Visits every weight by name, a tied one once, and rebuilds the tree from what `map` returns. */
export function mapWeights<A, V, M>(weights: Weights<A>, map: WeightMap<A, V, M>): Weights<V, M> {
  const linear = (name: string, {weight, bias}: Linear<A>): Linear<V, M> => ({
    weight: map.matrix(weight, `${name}.weight`),
    ...(bias !== undefined && {bias: map.vector(bias, `${name}.bias`)})
  });
  const norm = (name: string, {gain, bias}: Norm<A>): Norm<V> => ({
    gain: map.vector(gain, `${name}.gain`),
    ...(bias !== undefined && {bias: map.vector(bias, `${name}.bias`)})
  });
  const embedding = map.matrix(weights.embedding, "embedding");
  return {
    embedding,
    ...(weights.positions !== undefined && {
      positions: map.vector(weights.positions, "positions")
    }),
    blocks: weights.blocks.map((block, i) => ({
      norm1: norm(`blocks.${i}.norm1`, block.norm1),
      query: linear(`blocks.${i}.query`, block.query),
      key: linear(`blocks.${i}.key`, block.key),
      value: linear(`blocks.${i}.value`, block.value),
      ...(block.queryNorm && {queryNorm: norm(`blocks.${i}.queryNorm`, block.queryNorm)}),
      ...(block.keyNorm && {keyNorm: norm(`blocks.${i}.keyNorm`, block.keyNorm)}),
      output: linear(`blocks.${i}.output`, block.output),
      norm2: norm(`blocks.${i}.norm2`, block.norm2),
      ...(block.gate && {gate: linear(`blocks.${i}.gate`, block.gate)}),
      up: linear(`blocks.${i}.up`, block.up),
      down: linear(`blocks.${i}.down`, block.down)
    })),
    finalNorm: norm("finalNorm", weights.finalNorm),
    unembedding:
      weights.unembedding === weights.embedding
        ? embedding
        : map.matrix(weights.unembedding, "unembedding"),
    ...(weights.unembeddingBias !== undefined && {
      unembeddingBias: map.vector(weights.unembeddingBias, "unembeddingBias")
    })
  };
}

/** The shape that a config asks of every weight, by the names `mapWeights` gives them. */
export function expectedShapes(config: ModelConfig): ReadonlyMap<string, Shape> {
  const {layers, width, heads, kvHeads, headWidth, hidden, vocab, context} = config;
  const shapes = new Map<string, Shape>([
    ["embedding", [vocab, width]],
    ["positions", [context, width]],
    ["unembedding", [vocab, width]],
    ["unembeddingBias", [vocab]],
    ["finalNorm.gain", [width]],
    ["finalNorm.bias", [width]]
  ]);
  const linears: Readonly<Record<string, Shape>> = {
    query: [heads * headWidth, width],
    key: [kvHeads * headWidth, width],
    value: [kvHeads * headWidth, width],
    output: [width, heads * headWidth],
    gate: [hidden, width],
    up: [hidden, width],
    down: [width, hidden]
  };
  for (let i = 0; i < layers; i++) {
    for (const [name, shape] of Object.entries(linears)) {
      shapes.set(`blocks.${i}.${name}.weight`, shape);
      shapes.set(`blocks.${i}.${name}.bias`, [shape[0]]);
    }
    for (const name of ["queryNorm", "keyNorm"])
      shapes.set(`blocks.${i}.${name}.gain`, [headWidth]);
    for (const name of ["norm1", "norm2"])
      for (const part of ["gain", "bias"]) shapes.set(`blocks.${i}.${name}.${part}`, [width]);
  }
  return shapes;
}
