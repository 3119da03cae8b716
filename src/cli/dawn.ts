import {create, globals} from "webgpu";
import {type OpenGpu, openGpu} from "../gpu/device.js";

// To set workgroup memory to zero takes an emulator seconds to compile, and no kernel counts on it.
const OPTIONS = ["enable-dawn-features=disable_workgroup_init"];
// Dawn crashes when its instance is collected as garbage while a device of it lives.
const instances: GPU[] = [];

/**
 * Opens a GPU in Node, through Dawn. `bin/workings.js` has set the environment in which Dawn finds a
 * real adapter or, without one, an emulated one.
 *
 * @throws {GpuUnavailableError} if there is neither.
 */
export async function openDawn(limits: "default" | "adapter" = "adapter"): Promise<OpenGpu> {
  Object.assign(globalThis, globals);
  const instance = create(OPTIONS);
  instances.push(instance);
  return openGpu(limits, instance);
}
