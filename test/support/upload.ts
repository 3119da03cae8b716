import type {Gpu} from "../../src/gpu/gpu.js";
import type {Shape} from "../../src/gpu/shape.js";
import type {Tensor} from "../../src/gpu/tensor.js";

/** Float64 values that are float32 values already, as an f32 tensor. */
export const upload = (gpu: Gpu, shape: Shape, values: Float64Array): Tensor =>
  gpu.upload(shape, Float32Array.from(values));

/** A Gpu of which nothing may be asked: shapes are checked before it is used. */
export const noGpu = new Proxy({} as Gpu, {
  get(_, name) {
    throw new Error(`the device was asked for ${String(name)}`);
  }
});

/** A tensor of which only the shape is looked at. */
export const shaped = (...shape: Shape): Tensor => ({shape, dtype: "f32", buffer: {} as GPUBuffer});
