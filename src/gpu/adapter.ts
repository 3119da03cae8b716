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

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

export function describe({info}: GPUAdapter): AdapterDescription {
  const {vendor, architecture, device, description, isFallbackAdapter} = info;
  const parts = [vendor, architecture, description || device].filter((part) => part !== "");
  const name = [...new Set(parts)].join(" ") || "unnamed adapter";
  return {name, software: isFallbackAdapter || SOFTWARE.test(name)};
}

/**
 * The system's preferred adapter.
 *
 * @throws {GpuUnavailableError} with what the reader can do about it.
 */
export async function findAdapter(
  api: GPU | undefined = globalThis.navigator?.gpu
): Promise<GPUAdapter> {
  if (!api)
    throw new GpuUnavailableError(
      "no WebGPU here: use a current Chrome, Edge, Firefox or Safari over https"
    );
  const adapter = await api.requestAdapter({powerPreference: "high-performance"});
  if (!adapter)
    throw new GpuUnavailableError(
      "WebGPU found no adapter: turn on hardware acceleration, then reload"
    );
  return adapter;
}
