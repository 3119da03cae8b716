import type {OpenGpu} from "../gpu/device.js";
import type {Backend} from "../model/backend.js";
import type {Checkpoint} from "../model/checkpoint.js";

/** Puts a model on a backend, whose code is loaded when the first model asks for it. */
export async function startBackend(
  kind: Backend["kind"],
  {config, weights}: Pick<Checkpoint, "config" | "weights">,
  openGpu: () => Promise<OpenGpu>
): Promise<Backend> {
  switch (kind) {
    case "wgsl": {
      const {openWgsl} = await import("../model/wgsl-backend.js");
      const {gpu, adapter} = await openGpu();
      return openWgsl(gpu, adapter, config, weights);
    }
    case "wasm":
      return (await import("../model/wasm-backend.js")).openWasm(config, weights);
    case "twin":
      return (await import("../model/twin-backend.js")).openTwin(config, weights);
  }
}
