import * as ort from "onnxruntime-web/wasm";
import {expect, it} from "vitest";
import {matmulModel} from "../../bench/onnx.js";

it("is a model that ONNX Runtime loads and runs", async () => {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(matmulModel(2, 3, 200));
  const w = Float32Array.from({length: 600}, (_, i) => i % 7);
  const {y} = await session.run({
    x: new ort.Tensor("float32", Float32Array.of(1, 2, 3, 0, -1, 1), [2, 3]),
    w: new ort.Tensor("float32", w, [3, 200])
  });
  expect(y.dims).toEqual([2, 200]);
  expect(y.data[1]).toBe(w[1] + 2 * w[201] + 3 * w[401]);
  expect(y.data[399]).toBe(w[599] - w[399]);
});
