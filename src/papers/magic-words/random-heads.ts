import {normals} from "../../kernels/normals.js";
import type {ControlSize} from "../../model/attention-bound/bound.js";
import type {Head} from "../../model/attention-bound/head.js";

/** A head, a state before it, and the size of the controls that it is bounded for. */
export interface HeadCase {
  readonly head: Head;
  /** Inputs `[width]`, one a token. */
  readonly state: readonly Float64Array[];
  readonly size: ControlSize;
}

/** Channels of an input and of what a head writes: few, so that random controls come near the bound. */
const [WIDTH, HEAD_WIDTH, TOKENS] = [3, 2, 3];

/**
 * Heads of normal weights, with queries of a quarter to four times the size of the others; controls of
 * up to three tokens as long as an input of the state is.
 */
export function randomHeads(count: number, seed: number): HeadCase[] {
  const normal = normals(seed);
  const values = (length: number, spread: number) =>
    Float64Array.from({length}, () => spread * normal());
  return Array.from({length: count}, (_, i) => {
    const scale = 2 ** (-2 + (4 * i) / Math.max(1, count - 1));
    const matrix = (by = 1) => values(HEAD_WIDTH * WIDTH, by / Math.sqrt(WIDTH));
    const head: Head = {
      ...{width: WIDTH, query: matrix(scale), key: matrix(), value: matrix()},
      ...{queryBias: values(HEAD_WIDTH, 0.1), keyBias: values(HEAD_WIDTH, 0.1)},
      valueBias: values(HEAD_WIDTH, 0.1)
    };
    const state = Array.from({length: TOKENS}, () => values(WIDTH, 1));
    return {head, state, size: {k: 1 + (i % 3), norm: Math.sqrt(WIDTH)}};
  });
}

/** So many controls no longer than their size allows: alternately of that length and shorter, of equal tokens and others. */
export function* controlsOf(
  {head: {width}, size: {k, norm}}: HeadCase,
  count: number,
  seed: number
): Generator<Float64Array[], void, void> {
  const normal = normals(seed);
  const drawn = (share: number) => {
    const u = Float64Array.from({length: width}, normal);
    const length = Math.hypot(...u);
    return u.map((v) => (v * norm * share) / length);
  };
  for (let n = 0; n < count; n++) {
    const share = n % 4 < 3 ? 1 : Math.abs(Math.sin(n));
    const first = drawn(share);
    yield Array.from({length: k}, (_, j) => (j === 0 || n % 2 === 0 ? first : drawn(share)));
  }
}
