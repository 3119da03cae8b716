import {ShapeError} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";

/** Throws a ShapeError if a tensor that holds indices is not of type u32. */
export function checkIndices(op: string, argument: string, {dtype}: Tensor): void {
  if (dtype !== "u32")
    throw new ShapeError(`${op}: ${argument} must be u32 to be used as indices, got ${dtype}`);
}
