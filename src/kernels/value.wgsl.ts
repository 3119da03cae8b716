/** How many numbers a kernel reads at once. */
export type Pack = 1 | 4;

/** Four where rows of `width` hold whole vectors. */
export const packOf = (width: number): Pack => (width % 4 === 0 ? 4 : 1);

/**
 * `Value`, a `vec4f` or an `f32`; `PACK`, the numbers in it; `total(v)`, their sum; `largest(v)`,
 * their maximum.
 */
export const value = (pack: Pack): string =>
  pack === 4
    ? /* wgsl */ `
const PACK = 4u;
alias Value = vec4f;
fn total(v: Value) -> f32 { return (v.x + v.y) + (v.z + v.w); }
fn largest(v: Value) -> f32 { return max(max(v.x, v.y), max(v.z, v.w)); }`
    : /* wgsl */ `
const PACK = 1u;
alias Value = f32;
fn total(v: Value) -> f32 { return v; }
fn largest(v: Value) -> f32 { return v; }`;
