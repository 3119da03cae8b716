import type {Weight} from "../../src/kernels/weight.js";
import {shaped} from "../support/upload.js";

/** A weight of which only the shape is looked at. */
export const shapedWeight = (out: number, columns: number): Weight => ({
  shape: [out, columns],
  values: shaped(out, columns)
});
