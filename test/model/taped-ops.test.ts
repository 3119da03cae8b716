import {expect, it} from "vitest";
import {twinAdjoints} from "../../src/autodiff/twin-adjoints.js";
import {Tape} from "../../src/autodiff/tape.js";
import type {Normalized, Ops} from "../../src/model/ops.js";
import {tapedOps} from "../../src/model/taped-ops.js";
import {twinOps, type TwinTensor} from "../../src/model/twin-ops.js";
import {inner, misses} from "../support/differences.js";
import {seeded} from "../support/numbers.js";

const taped = () => {
  const tape = new Tape<TwinTensor>({
    ...{free: () => {}, memory: ({data}) => data},
    add: (a, b) => twinOps.add(a, b),
    tidy: (body) => twinOps.tidy(body)
  });
  return {tape, ops: tapedOps(twinOps, twinAdjoints, tape)};
};

const random = seeded(2);
const tensor = (...shape: number[]): TwinTensor => ({
  shape,
  data: random(shape.reduce((a, b) => a * b, 1))
});
const [gain, bias] = [tensor(5), tensor(5)];

type TwinOps = Ops<TwinTensor, TwinTensor>;

it.each<[string, (ops: TwinOps, x: TwinTensor) => Normalized<TwinTensor>]>([
  ["layernorm", (ops, x) => ops.layernorm(x, gain, bias, 1e-5)],
  ["rmsnorm", (ops, x) => ops.rmsnorm(x, gain, 1e-5)]
])("takes both gradients of %s back to x: its result's and its divisor's", (_, normalize) => {
  const x = tensor(2, 3, 5);
  const result = (ops: TwinOps, at: TwinTensor) => {
    const {y, scale} = normalize(ops, at);
    return ops.divide(y, scale);
  };
  const {tape, ops} = taped();
  const y = result(ops, x);
  const dy = tensor(2, 3, 5);
  const dx = tape.gradients(y, dy, [x]).get(x)!;
  const loss = (data: Float64Array) => inner(result(twinOps, {...x, data}).data, dy.data);
  expect(misses(dx.data, x.data, loss)).toBeNull();
});

it("takes no cache", () => {
  expect(() => taped().ops.append(tensor(1, 4, 2, 2), tensor(1, 1, 2, 2), 0)).toThrow(
    "append: must not be part of a pass whose gradient is taken, got a cache"
  );
});
