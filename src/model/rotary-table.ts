import type {ModelConfig} from "./config.js";
import type {RotaryTable} from "./wasm-ops.js";
import type {HostTensor} from "./weights.js";

/** Cosines and sines of every position's angles; none of a model with learned positions. */
export function rotaryTables(config: ModelConfig): RotaryTable<HostTensor>[] {
  const {positions, context, headWidth, ropeBase} = config;
  if (positions === "learned") return [];
  const half = headWidth / 2;
  const table = (f: (angle: number) => number): HostTensor => ({
    shape: [context, half],
    data: Float32Array.from({length: context * half}, (_, i) =>
      f(Math.floor(i / half) * ropeBase ** (-(i % half) / half))
    )
  });
  return [{cos: table(Math.cos), sin: table(Math.sin)}];
}
