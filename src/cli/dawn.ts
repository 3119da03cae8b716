import {create, globals} from "webgpu";
import {type OpenGpu, openGpu} from "../gpu/device.js";

/**
 * Opens a GPU in Node, through Dawn. `bin/workings.js` has set the environment in which Dawn finds a
 * real adapter or, without one, an emulated one.
 *
 * @throws {GpuUnavailableError} if there is neither.
 */
export async function openDawn(limits: "default" | "adapter" = "adapter"): Promise<OpenGpu> {
  Object.assign(globalThis, globals);
  return openGpu(limits, create([]));
}
