import {afterAll, beforeAll, expect, it} from "vitest";
import type {Gpu} from "../../src/gpu/gpu.js";
import type {Tensor} from "../../src/gpu/tensor.js";
import {backward as embeddingGradient} from "../../src/kernels/embedding.js";
import {forward as globalNorm} from "../../src/kernels/global-norm.js";
import {biasGradient, weightGradient} from "../../src/kernels/matmul.js";
import {openDawn} from "../support/dawn.js";
import {seeded} from "../support/numbers.js";
import {upload} from "../support/upload.js";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openDawn();
});
afterAll(() => gpu.device.destroy());

it("sums over rows give the same bits each time", async () => {
  const random = seeded(1);
  const x = upload(gpu, [600, 36], random(600 * 36));
  const dy = upload(gpu, [600, 20], random(600 * 20));
  const tokens = gpu.upload(
    [600],
    Uint32Array.from(random(600), (v) => 4 + 3 * v),
    "u32"
  );
  const sums = (): Tensor[] => [
    weightGradient(gpu, {dy, x}),
    biasGradient(gpu, {dy}),
    embeddingGradient(gpu, {tokens, dy}, 7),
    globalNorm(gpu, [x, dy])
  ];
  const first = await gpu.read(...sums());
  for (let time = 0; time < 5; time++) expect(await gpu.read(...sums())).toEqual(first);
  // Another order of the same rows rounds otherwise: sums of these numbers do depend on order.
  const [reversed] = await gpu.read(
    biasGradient(gpu, {dy: upload(gpu, [600, 20], (await values(dy)).reverse())})
  );
  expect(reversed.reverse()).not.toEqual(first[1]);
});

async function values(tensor: Tensor): Promise<Float64Array> {
  const [read] = await gpu.read(tensor);
  return Float64Array.from(read);
}
