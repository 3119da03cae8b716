// webgpu-utils reads Float16Array when it is imported; Node 20 and older browsers have none.
(globalThis as {Float16Array?: unknown}).Float16Array ??= class Float16Array extends Uint16Array {};
