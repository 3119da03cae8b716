import type {Gpu} from "../src/gpu/gpu.js";
import {forward} from "../src/kernels/matmul.js";
import {uploadWeight} from "../src/kernels/weight.js";
import type {MatmulPeer} from "./matmul-peer.js";

export const workings =
  (gpu: Gpu): MatmulPeer =>
  ({rows, columns, outs, x: values, transposed}) => {
    const x = gpu.upload([rows, columns], values);
    const weight = uploadWeight(gpu, [outs, columns], transposed, "f32");
    return Promise.resolve({
      start() {
        gpu.tidy(() => forward(gpu, {x, weight}));
        gpu.submit();
      },
      settle: () => gpu.device.queue.onSubmittedWorkDone(),
      async output() {
        const y = forward(gpu, {x, weight});
        const [values] = await gpu.read(y);
        gpu.free(y);
        return values as Float32Array;
      },
      async close() {
        await gpu.check();
        gpu.free(x);
        gpu.free(weight.values);
        gpu.trim();
      }
    });
  };
