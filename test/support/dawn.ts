import {openDawn as openDevice} from "../../src/cli/dawn.js";
import type {Gpu} from "../../src/gpu/gpu.js";

/** A Gpu at the W3C default limits with no optional feature, through Dawn (Tint). A missing adapter throws. */
export async function openDawn(): Promise<Gpu> {
  return (await openDevice("default")).gpu;
}
