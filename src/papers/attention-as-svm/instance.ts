import {normals} from "../../kernels/normals.js";
import {dot, norm} from "./matrix.js";

export interface InstanceSize {
  readonly samples: number;
  /** Of each sample. */
  readonly tokens: number;
  /** Of a token. */
  readonly width: number;
}

/** What one attention head is trained on. */
export interface Instance extends InstanceSize {
  /** The tokens `x` of each sample, `[samples][tokens][width]`. */
  readonly inputs: readonly (readonly Float64Array[])[];
  /** The query `z` of each sample, `[samples][width]`. */
  readonly queries: readonly Float64Array[];
  /** The fixed value and prediction head `v`, `[width]`. */
  readonly head: Float64Array;
  /** 1 or −1, of each sample. */
  readonly labels: readonly number[];
}

/** Tokens, queries and head uniform on the unit sphere, labels 1 or −1: the paper's random data. */
export function randomInstance(size: InstanceSize, seed: number): Instance {
  const {samples, tokens, width} = size;
  const normal = normals(seed);
  const unit = () => {
    const vector = Float64Array.from({length: width}, normal);
    const length = norm(vector);
    return vector.map((x) => x / length);
  };
  const units = (count: number) => Array.from({length: count}, unit);
  return {
    ...size,
    inputs: Array.from({length: samples}, () => units(tokens)),
    queries: units(samples),
    head: unit(),
    labels: Array.from({length: samples}, () => (normal() < 0 ? -1 : 1))
  };
}

/** What each token is worth: `γ = y vᵀx`, `[samples][tokens]`. A sample's loss falls as its worth rises. */
export const worths = ({inputs, head, labels}: Instance): Float64Array[] =>
  inputs.map((tokens, i) => Float64Array.from(tokens, (x) => labels[i] * dot(x, head)));

/** The index of the largest value, the first of equals. */
export function largest(values: Float64Array): number {
  let best = 0;
  for (let t = 1; t < values.length; t++) if (values[t] > values[best]) best = t;
  return best;
}

/** The token of most worth of each sample. */
export const bestTokens = (instance: Instance): number[] => worths(instance).map(largest);
