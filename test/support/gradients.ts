import {expect} from "vitest";
import type {ModelConfig} from "../../src/model/config.js";
import {weightGradients} from "../../src/model/gradient-pass.js";
import type {GradientResult} from "../../src/model/gradient-request.js";
import {twinDevice} from "../../src/model/twin-device.js";
import {type HostTensor, mapWeights, type Weights} from "../../src/model/weights.js";
import {BATCH, TARGETS} from "./gradient-requests.js";
import {F32} from "./numbers.js";

/**
 * Twice a kernel's tolerance for a way through two layers and back, whose errors add up; of the
 * largest value of a tensor, not of a row, because the rows of a gradient differ by much.
 */
const CHAIN = {ofLargest: 2 * F32.ofRowMax, ofValue: 2 * F32.ofValue};
/** A tensor all of whose gradients cancel is held to this share of the largest of all. */
const CANCELLED = 1e-2;

const largest = (values: ArrayLike<number>) =>
  Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 0);

/** Where tensors of one answer differ by more than that, as sentences. */
export function gradientFaults(
  actual: ReadonlyMap<string, ArrayLike<number>>,
  expected: ReadonlyMap<string, ArrayLike<number>>
): string[] {
  const most = Math.max(...Array.from(expected.values(), largest));
  return Array.from(expected, ([name, values]) => {
    const scale = Math.max(largest(values), CANCELLED * most);
    const {ofLargest, ofValue} = CHAIN;
    const found = actual.get(name);
    if (found?.length !== values.length) return [`${name}: ${found?.length ?? "no"} values`];
    const times = Array.from(
      values,
      (v, i) => Math.abs(found[i] - v) / (ofLargest * scale + ofValue * Math.abs(v) || 1e-30)
    );
    const at = times.findIndex((time) => !(time <= 1));
    if (at < 0) return [];
    return [
      `${name}: value ${at} is ${found[at]}, expected ${values[at]}: ${times[at]} times the tolerance`
    ];
  }).flat();
}

/** Where two answers to a request differ, as sentences. */
export function resultFaults(actual: GradientResult, expected: GradientResult): string[] {
  const shapes = ({activations, gradients, oneHot}: GradientResult) =>
    [...activations, ...gradients, ["one-hot", oneHot] as const].map(
      ([name, tensor]) => `${name} ${tensor?.shape.join("×")}`
    );
  expect(shapes(actual)).toEqual(shapes(expected));
  const values = (of: GradientResult["activations"]) =>
    new Map(Array.from(of, ([name, {data}]) => [name as string, data]));
  const oneHot = (of: GradientResult) =>
    new Map(of.oneHot ? [["one-hot gradient", of.oneHot.data]] : []);
  return [
    ...gradientFaults(new Map([["values", actual.values]]), new Map([["values", expected.values]])),
    ...gradientFaults(values(actual.activations), values(expected.activations)),
    ...gradientFaults(values(actual.gradients), values(expected.gradients)),
    ...gradientFaults(oneHot(actual), oneHot(expected))
  ];
}

/** The gradients, in float64, of the mean loss of `BATCH`, whose next tokens are `TARGETS`. */
export function twinWeightGradients(config: ModelConfig, weights: Weights<HostTensor>) {
  const widen = ({shape, data}: HostTensor) => ({shape, data: Float64Array.from(data)});
  const [tokens, targets] = [BATCH, TARGETS].map((rows) => ({
    shape: [rows.length, rows[0].length],
    data: Float64Array.from(rows.flat())
  }));
  const widened = mapWeights(weights, {vector: widen, matrix: widen});
  const {losses, gradients} = weightGradients(twinDevice, config, widened, {tokens, targets});
  const data = Array.from(gradients, ([name, gradient]) => [name, gradient.data] as const);
  return {losses: losses.data, gradients: new Map(data)};
}
