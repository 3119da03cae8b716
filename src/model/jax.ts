import type * as jax from "@jax-js/jax";

/** jax-js, and its arrays: everything else of the package reaches it through here. */
export type Jax = typeof jax;
export type JaxArray = jax.numpy.Array;
export type JaxDevice = "wasm" | "webgpu";

/**
 * Loads jax-js and starts one of its devices.
 *
 * @throws if the device cannot be started here.
 */
export async function loadJax(device: JaxDevice): Promise<Jax> {
  // jax-js reads navigator.gpu when it starts, and Node 20 has no navigator.
  const scope = globalThis as {navigator?: unknown};
  scope.navigator ??= {};
  const loaded = await import("@jax-js/jax");
  const devices = await loaded.init(device);
  if (!devices.includes(device))
    throw new Error(
      `jax-js: device must be one of ${devices.join(", ")}, the devices that start here, got ${device}`
    );
  return loaded;
}
