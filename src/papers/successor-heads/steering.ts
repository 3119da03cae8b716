import {normals} from "../../kernels/normals.js";
import type {HostModel} from "../environment.js";
import {logitsOf, representations, written} from "./circuit.js";
import {centroids} from "./probe.js";
import type {TokenClass} from "./scores.js";

/** A number told, in its representation, that it ends in another digit. */
export interface Steered {
  readonly source: number;
  /** The digit it is told it ends in. */
  readonly digit: number;
  /** The member that the heads then call for. */
  readonly out: string;
  /** Whether that is the successor of the number of the same ten with that last digit. */
  readonly ok: boolean;
}

export interface SteeringOptions {
  readonly layer: number;
  readonly heads: readonly number[];
  /** How many times the difference of two residues' centroids is added. */
  readonly scale: number;
  /** Where given, directions of the same norms are drawn by this seed instead. */
  readonly random?: number;
}

/**
 * Adds to the representation of every number, for every other last digit, the difference of the two
 * digits' centroids, and reads what heads of a layer then call for. The last number, which has no
 * successor, is no target.
 *
 * @param numbers The class of 0, 1, 2 …
 */
export function steer(
  model: HostModel,
  numbers: TokenClass,
  {layer, heads, scale, random}: SteeringOptions
): Steered[] {
  const {width} = model.config;
  const count = numbers.ids.length;
  const data = representations(model, numbers.ids, "MLP0");
  const labels = numbers.ids.map((_, n) => n % 10);
  const digits = centroids({data, width}, labels, 10);
  const draw = random === undefined ? undefined : normals(random);
  const cases = labels.flatMap((own, source) =>
    digits.flatMap((_, digit) => {
      const target = source - own + digit + 1;
      return digit === own || target >= count ? [] : [{source, own, digit, target}];
    })
  );
  const x = new Float64Array(cases.length * width);
  cases.forEach(({source, own, digit}, row) => {
    const difference = digits[digit].map((v, i) => v - digits[own][i]);
    const added = draw ? ofNorm(difference.map(draw), norm(difference)) : difference;
    for (let i = 0; i < width; i++)
      x[row * width + i] = data[source * width + i] + scale * added[i];
  });
  const logits = logitsOf(model, written(model, layer, heads, x), numbers.ids);
  return cases.map(({source, digit, target}, row) => {
    const own = logits.subarray(row * count, (row + 1) * count);
    const top = own.indexOf(Math.max(...own));
    return {source, digit, out: numbers.members[top], ok: top === target};
  });
}

const norm = (x: Float64Array): number => Math.hypot(...x);
const ofNorm = (x: Float64Array, length: number): Float64Array => {
  const by = length / norm(x);
  return x.map((v) => v * by);
};

/** The share of cases that hit. */
export const hits = (cases: readonly Steered[]): number =>
  cases.filter(({ok}) => ok).length / cases.length;
