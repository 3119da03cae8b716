import {twinAdjoints} from "../autodiff/twin-adjoints.js";
import {forward as crossEntropy} from "../kernels/cross-entropy.cpu.js";
import type {Differentiable} from "./gradient-pass.js";
import {twinOps, type TwinTensor} from "./twin-ops.js";

/** Gradients in float64. */
export const twinDevice: Differentiable<TwinTensor, TwinTensor> = {
  ops: twinOps,
  adjoints: twinAdjoints,
  floats: (shape, data) => ({shape, data: Float64Array.from(data)}),
  integers: (shape, data) => ({shape, data: Float64Array.from(data)}),
  crossEntropy: ({data}, targets) => ({
    shape: targets.shape,
    data: crossEntropy({logits: data, targets: Uint32Array.from(targets.data)})
  }),
  // The garbage collector frees what nothing refers to.
  free: () => {},
  memory: ({data}) => data
};
