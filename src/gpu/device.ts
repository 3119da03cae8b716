import {Gpu} from "./gpu.js";

export class GpuUnavailableError extends Error {
  override name = "GpuUnavailableError";
}

/** What a figure says about the device that drew it. */
export interface AdapterDescription {
  /** Vendor, architecture and description, as far as the browser tells. */
  readonly name: string;
  /** True for an adapter that emulates a GPU on the CPU, such as SwiftShader. */
  readonly software: boolean;
}

export interface OpenGpu {
  readonly gpu: Gpu;
  readonly adapter: AdapterDescription;
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

export function describe(adapter: GPUAdapter): AdapterDescription {
  const {vendor, architecture, device, description} = adapter.info;
  const parts = [vendor, architecture, description || device].filter((part) => part !== "");
  const name = [...new Set(parts)].join(" ") || "unnamed adapter";
  const fallback = (adapter.info as {isFallbackAdapter?: boolean}).isFallbackAdapter ?? false;
  return {name, software: fallback || SOFTWARE.test(name)};
}

/**
 * Opens the system's preferred adapter. Buffer limits are raised to what it offers; no optional
 * feature is asked for.
 *
 * @param limits `"default"` keeps the W3C default limits, as the poorest conforming device would.
 * @throws {GpuUnavailableError} with what the reader can do about it.
 */
export async function openGpu(
  limits: "default" | "adapter" = "adapter",
  api: GPU | undefined = globalThis.navigator?.gpu
): Promise<OpenGpu> {
  if (!api)
    throw new GpuUnavailableError(
      "no WebGPU here: use a current Chrome, Edge, Firefox or Safari over https"
    );
  const adapter = await api.requestAdapter({powerPreference: "high-performance"});
  if (!adapter)
    throw new GpuUnavailableError(
      "WebGPU found no adapter: turn on hardware acceleration, then reload"
    );
  const {maxBufferSize, maxStorageBufferBindingSize} = adapter.limits;
  const device = await adapter.requestDevice(
    limits === "default" ? {} : {requiredLimits: {maxBufferSize, maxStorageBufferBindingSize}}
  );
  return {gpu: new Gpu(device), adapter: describe(adapter)};
}
