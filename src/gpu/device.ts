import {type AdapterDescription, describe, findAdapter} from "./adapter.js";
import {Gpu} from "./gpu.js";

export interface OpenGpu {
  readonly gpu: Gpu;
  readonly adapter: AdapterDescription;
}

/**
 * Opens a device of the system's preferred adapter. Buffer limits are raised to what it offers; no
 * optional feature is asked for.
 *
 * @param limits `"default"` keeps the W3C default limits, as the poorest conforming device would.
 * @throws {GpuUnavailableError} with what the reader can do about it.
 */
export async function openGpu(
  limits: "default" | "adapter" = "adapter",
  api?: GPU
): Promise<OpenGpu> {
  const adapter = await findAdapter(api);
  const {maxBufferSize, maxStorageBufferBindingSize} = adapter.limits;
  const device = await adapter.requestDevice(
    limits === "default" ? {} : {requiredLimits: {maxBufferSize, maxStorageBufferBindingSize}}
  );
  return {gpu: new Gpu(device), adapter: describe(adapter)};
}
