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

/** Looks for a GPU, without starting anything. An emulated one is slower than WebAssembly and is not used. */
export async function probe(): Promise<DeviceDescription> {
  const cpu = {backend: "wasm", name: "this CPU", slow: true} as const;
  try {
    const {name, software} = describe(await findAdapter());
    return software
      ? {...cpu, software, why: `the only WebGPU adapter here is ${name}, which emulates a GPU`}
      : {backend: "wgsl", name, software, slow: false};
  } catch (error) {
    if (error instanceof GpuUnavailableError) return {...cpu, software: false, why: error.message};
    throw error;
  }
}
