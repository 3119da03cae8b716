import {create, globals} from "webgpu";
import type {Gpu} from "../../src/gpu/gpu.js";
import {openGpu} from "../../src/gpu/device.js";

Object.assign(globalThis, globals);
const api = create([]);

/** A Gpu at the W3C default limits with no optional feature, through Dawn (Tint). A missing adapter throws. */
export async function openDawn(): Promise<Gpu> {
  return (await openGpu("default", api)).gpu;
}
