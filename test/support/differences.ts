import {disagreement} from "./numbers.js";

/** `Σ a · b`: with `b` the gradient of a result `a`, a scalar whose gradient `backward` gives. */
export const inner = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, v, i) => sum + v * b[i], 0);

/** What step suits values near 1: a third derivative's error and rounding's are of like size. */
const STEP = 1e-5;

/** The gradient of `loss` at `x` by central differences. */
export const differences = (x: Float64Array, loss: (x: Float64Array) => number): Float64Array =>
  x.map((v, i) => {
    const at = (value: number) => loss(x.with(i, value));
    return (at(v + STEP) - at(v - STEP)) / (2 * STEP);
  });

/** Null if `gradient` is that of `loss` at `x` to 1e-8 of its largest value, else a sentence. */
export const misses = (
  gradient: Float64Array,
  x: Float64Array,
  loss: (x: Float64Array) => number
): string | null =>
  disagreement(gradient, differences(x, loss), x.length, {ofRowMax: 1e-8, ofValue: 0});
