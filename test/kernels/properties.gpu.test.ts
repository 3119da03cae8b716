import {afterAll, beforeAll, expect, it} from "vitest";
import type {Gpu} from "../../src/gpu/gpu.js";
import {forward as mix} from "../../src/kernels/attention-mix.js";
import {forward as scores} from "../../src/kernels/attention-scores.js";
import {forward as attention} from "../../src/kernels/attention.js";
import {forward as append} from "../../src/kernels/kv-append.js";
import {forward as softmax} from "../../src/kernels/softmax.js";
import {openDawn} from "../support/dawn.js";
import {disagreement, seeded} from "../support/numbers.js";
import {upload} from "../support/upload.js";
import {attentionInputs, axes, kvShape, qShape} from "./attention-inputs.js";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openDawn();
});
afterAll(() => gpu.device.destroy());

it.each([axes([2, 35, 4, 16], [90, 2], 33), axes([1, 1, 2, 16], [90, 1], 70)])(
  "attention is its scores, softmax and mix: %o",
  async (of) => {
    const inputs = attentionInputs(of);
    const q = upload(gpu, qShape(of), inputs.q);
    const k = upload(gpu, kvShape(of), inputs.k);
    const v = upload(gpu, kvShape(of), inputs.v);
    const composed = mix(gpu, {pattern: softmax(gpu, {x: scores(gpu, {q, k}, of)}), v});
    const [actual, expected] = await gpu.read(composed, attention(gpu, {q, k, v}, of));
    expect(disagreement(actual, expected, of.headWidth)).toBeNull();
  }
);

it("gives the same z token by token, over a cache, as at once", async () => {
  const of = axes([1, 6, 2, 16], [70, 1], 62);
  const {q, k, v} = attentionInputs(of);
  const shape = kvShape(of);
  const at = (x: Float64Array, length: number, position: number) =>
    x.slice(position * length, (position + 1) * length);
  const cache = {
    k: upload(
      gpu,
      shape,
      k.map((value, i) => (i < 62 * 16 ? value : -7))
    ),
    v: upload(
      gpu,
      shape,
      v.map((value, i) => (i < 62 * 16 ? value : -7))
    )
  };
  const steps = Array.from({length: of.tokens}, (_, i) => {
    const start = of.start + i;
    append(gpu, {cache: cache.k, x: upload(gpu, [1, 1, 1, 16], at(k, 16, start))}, {start});
    append(gpu, {cache: cache.v, x: upload(gpu, [1, 1, 1, 16], at(v, 16, start))}, {start});
    return attention(gpu, {q: upload(gpu, [1, 1, 2, 16], at(q, 32, i)), ...cache}, {start});
  });
  const whole = {
    q: upload(gpu, qShape(of), q),
    k: upload(gpu, shape, k),
    v: upload(gpu, shape, v)
  };
  const [expected, ...actual] = await gpu.read(attention(gpu, whole, of), ...steps);
  expect(
    disagreement(
      actual.flatMap((z) => [...z]),
      expected,
      16
    )
  ).toBeNull();
});

it("never lets a later key change an earlier query, to the bit", async () => {
  const of = axes([1, 40, 1, 16], [40, 1], 0);
  const {q, k, v} = attentionInputs(of);
  const other = seeded(9)(k.length);
  const changed = (x: Float64Array) =>
    upload(
      gpu,
      kvShape(of),
      x.map((value, i) => (i < 25 * 16 ? value : 50 * other[i]))
    );
  const queries = upload(gpu, qShape(of), q);
  const [before, after] = await gpu.read(
    attention(
      gpu,
      {q: queries, k: upload(gpu, kvShape(of), k), v: upload(gpu, kvShape(of), v)},
      of
    ),
    attention(gpu, {q: queries, k: changed(k), v: changed(v)}, of)
  );
  expect(after.slice(0, 25 * 16)).toEqual(before.slice(0, 25 * 16));
  expect(after.slice(25 * 16)).not.toEqual(before.slice(25 * 16));
});
