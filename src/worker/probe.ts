import {describe, findAdapter, GpuUnavailableError} from "../gpu/adapter.js";

/** Where this page's models run. */
export interface DeviceDescription {
  readonly backend: "wgsl" | "wasm";
  /** The adapter, or "this CPU". */
  readonly name: string;
  /** True when the adapter that was found only emulates a GPU. */
  readonly software: boolean;
  /** True when nothing heavy may start by itself. */
  readonly slow: boolean;
  /** Why a GPU is not used. */
  readonly why?: string;
}

/**
 * Looks for a GPU, without starting anything. An emulated one is slower than WebAssembly and is used
 * only when WebGPU is asked for.
 *
 * @throws {GpuUnavailableError} if WebGPU is asked for and there is none.
 */
export async function probe(asked?: DeviceDescription["backend"]): Promise<DeviceDescription> {
  const cpu = {backend: "wasm", name: "this CPU", software: false, slow: true} as const;
  if (asked === "wasm") return {...cpu, why: "it was asked for"};
  try {
    const {name, software} = describe(await findAdapter());
    return software && asked !== "wgsl"
      ? {...cpu, why: `the only WebGPU adapter here is ${name}, which emulates a GPU`}
      : {backend: "wgsl", name, software, slow: software};
  } catch (error) {
    if (!asked && error instanceof GpuUnavailableError) return {...cpu, why: error.message};
    throw error;
  }
}
