import type {Jax, JaxArray} from "../src/model/jax.js";
import type {MatmulPeer} from "./matmul-peer.js";

/** Compiled by `jit`; arrays stay on the device. */
export const jaxJs =
  ({jit, numpy, defaultDevice}: Jax): MatmulPeer =>
  async ({rows, columns, outs, x: values, w: weights}) => {
    defaultDevice("webgpu");
    const x = numpy.array(values).reshape([rows, columns]);
    const w = numpy.array(weights).reshape([columns, outs]);
    await Promise.all([x.blockUntilReady(), w.blockUntilReady()]);
    const multiply = jit((a: JaxArray, b: JaxArray) => numpy.matmul(a, b));
    let started: JaxArray[] = [];
    return {
      start() {
        started.push(multiply(x.ref, w.ref));
      },
      async settle() {
        for (const y of started) (await y.blockUntilReady()).dispose();
        started = [];
      },
      output: async () => (await multiply(x.ref, w.ref).data()) as Float32Array,
      close() {
        multiply.dispose();
        x.dispose();
        w.dispose();
      }
    };
  };
