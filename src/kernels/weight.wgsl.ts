import type {Tensor} from "../gpu/tensor.js";
import type {Weight, WeightDtype} from "./weight.js";

/** How a kernel reads one weight matrix. */
export interface WeightReader {
  /** `name: type` of each storage variable. */
  readonly storages: readonly string[];
  /**
   * `<name>_quad(row, quad)`: four neighbouring columns, zero past the last one, without the row's
   * scale; `<name>_scale(row)`. Both need `params.columns`, and a row and quad that exist.
   */
  readonly wgsl: string;
}

/** @param aligned Whether the columns are a multiple of four. */
export function weightReader(name: string, dtype: WeightDtype, aligned: boolean): WeightReader {
  const read = (
    expression: string,
    type: string
  ) => /* wgsl */ `fn ${name}_quad(row: u32, quad: u32) -> vec4f {
  let w = ${name}[row * ((params.columns + 3) / 4) + quad];
  return ${expression};
}
fn ${name}_scale(row: u32) -> f32 { return ${type === "i8" ? `${name}Scales[row]` : "1.0"}; }`;
  if (dtype === "f16")
    return {
      storages: [`${name}: array<vec2u>`],
      wgsl: read("vec4f(unpack2x16float(w.x), unpack2x16float(w.y))", dtype)
    };
  if (dtype === "i8")
    return {
      storages: [`${name}: array<u32>`, `${name}Scales: array<f32>`],
      wgsl: read("vec4f(vec4i(vec4u(w) << vec4u(24, 16, 8, 0)) >> vec4u(24))", dtype)
    };
  if (aligned) return {storages: [`${name}: array<vec4f>`], wgsl: read("w", dtype)};
  return {
    storages: [`${name}: array<f32>`],
    wgsl: /* wgsl */ `${unalignedQuad(name)}
fn ${name}_scale(row: u32) -> f32 { return 1.0; }`
  };
}

/** `<name>_quad(row, quad)` for f32 rows whose length, `params.<length>`, is not a multiple of four. */
export const unalignedQuad = (name: string, length = "columns"): string => /* wgsl */ `
fn ${name}_quad(row: u32, quad: u32) -> vec4f {
  let i = row * params.${length} + quad * 4;
  let rest = params.${length} - quad * 4;
  var v = vec4f(${name}[i], 0, 0, 0);
  if (rest > 1) { v.y = ${name}[i + 1]; }
  if (rest > 2) { v.z = ${name}[i + 2]; }
  if (rest > 3) { v.w = ${name}[i + 3]; }
  return v;
}`;

/** The tensors of a weight, by the variables that its reader declares. */
export const weightTensors = (name: string, {values, scales}: Weight): Record<string, Tensor> => ({
  [name]: values,
  ...(scales && {[`${name}Scales`]: scales})
});
