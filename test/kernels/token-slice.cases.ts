import {size} from "../../src/gpu/shape.js";
import {backward, forward} from "../../src/kernels/token-slice.js";
import * as cpu from "../../src/kernels/token-slice.cpu.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";
import {upload} from "../support/upload.js";

const sliceCase = (shape: readonly [number, number, number], token: number): KernelCase => ({
  name: `${token} of [${shape.join(", ")}]`,
  async run(gpu) {
    const [, tokens, width] = shape;
    const x = float32(seeded(size(shape) + 1)(size(shape)));
    const [actual] = await gpu.read(forward(gpu, {x: upload(gpu, shape, x)}, {token}));
    const expected = cpu.forward({x}, {tokens, width, token});
    return [{output: "y", actual, expected, rowLength: width}];
  }
});

const gradient = (shape: readonly [number, number, number], token: number): KernelCase => ({
  name: `gradient of ${token} of [${shape.join(", ")}]`,
  async run(gpu) {
    const [batch, tokens, width] = shape;
    const dy = float32(seeded(size(shape) + 1)(batch * width));
    const dx = backward(gpu, {dy: upload(gpu, [batch, 1, width], dy)}, {tokens, token});
    const [actual] = await gpu.read(dx);
    const expected = cpu.backward({dy}, {tokens, width, token});
    return [{output: "dx", actual, expected, rowLength: width}];
  }
});

export const suite: KernelSuite = {
  op: "token-slice",
  cases: [
    sliceCase([0, 3, 8], 1),
    sliceCase([1, 1, 1], 0),
    sliceCase([3, 5, 7], 4),
    sliceCase([2, 3, 65], 0),
    sliceCase([3, 4, 64], 2),
    sliceCase([1, 5, 768], 3),
    gradient([0, 3, 8], 1),
    gradient([1, 1, 1], 0),
    gradient([3, 5, 7], 4),
    gradient([2, 3, 65], 0),
    gradient([3, 4, 64], 2)
  ],
  mutants: [
    {find: "+ params.token)", replace: ")"},
    {find: "i / width * params.tokens", replace: "i / width"},
    {find: "i >= params.batch * width", replace: "i + 1 >= params.batch * width"},
    {find: "row % params.tokens == params.token", replace: "true"},
    {find: "dy[row / params.tokens * width", replace: "dy[row * width"},
    {find: "i >= params.count / PACK", replace: "i + 1 >= params.count / PACK"}
  ]
};
