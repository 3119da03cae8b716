import {create, globals} from "webgpu";
import {type OpenGpu, openGpu} from "../gpu/device.js";

// To set workgroup memory to zero takes an emulator seconds to compile, and no kernel counts on it.
const OPTIONS = ["enable-dawn-features=disable_workgroup_init"];

/** Kept, because a device does not survive the collection of the object that it came from. */
let api: GPU | undefined;

/**
 * Opens a GPU in Node, through Dawn. `bin/workings.js` has set the environment in which Dawn finds a
 * real adapter or, without one, an emulated one.
 *
 * @throws {GpuUnavailableError} if there is neither.
 */
export async function openDawn(limits: "default" | "adapter" = "adapter"): Promise<OpenGpu> {
  Object.assign(globalThis, globals);
  api ??= create(OPTIONS);
  return openGpu(limits, api);
}
