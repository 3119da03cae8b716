import type {Gpu} from "../gpu/gpu.js";
import type {Tensor} from "../gpu/tensor.js";
import {maskOf, type Placement} from "./layout.js";
import type {Placed} from "./transformer.js";

/** Where tokens stand and what they see, on a GPU. */
export function placedTensors(
  gpu: Gpu,
  placement: Placement | undefined
): Placed<Tensor> | undefined {
  if (!placement) return undefined;
  const {positions, sees} = placement;
  const length = Math.sqrt(sees?.[0].length ?? 0);
  return {
    ...(positions && {
      positions: gpu.upload(
        [positions.length, positions[0].length],
        Uint32Array.from(positions.flat()),
        "u32"
      )
    }),
    ...(sees && {
      mask: gpu.upload(
        [sees.length, length, length],
        Float32Array.from(maskOf(sees, length, length))
      )
    })
  };
}
