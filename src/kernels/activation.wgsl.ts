/**
 * `gelu(x)` in its tanh form, written with a sigmoid: ½(1 + tanh u) = 1 / (1 + e^−2u) keeps its
 * relative accuracy where the tanh form cancels. `silu(x)` = x / (1 + e^−x). The exponent is bounded
 * because WGSL does not promise infinities.
 */
export const activations = /* wgsl */ `
fn gelu(x: f32) -> f32 {
  let u = 0.7978845608 * (x + 0.044715 * x * x * x); // √(2/π)
  return x / (1 + exp(clamp(-2 * u, -80, 80)));
}
fn silu(x: f32) -> f32 {
  return x / (1 + exp(clamp(-x, -80, 80)));
}`;

/** `gelu_slope(x)` and `silu_slope(x)`: the derivatives of `gelu` and `silu`. */
export const slopes = /* wgsl */ `
fn gelu_slope(x: f32) -> f32 {
  let u = 0.7978845608 * (x + 0.044715 * x * x * x);
  let e = exp(clamp(-2 * u, -80, 80));
  let s = 1 / (1 + e); // of slope 2 · e · s² · du/dx
  return s + x * (e * s * s) * 2 * 0.7978845608 * (1 + 3 * 0.044715 * x * x);
}
fn silu_slope(x: f32) -> f32 {
  let e = exp(clamp(-x, -80, 80));
  let s = 1 / (1 + e);
  return s + x * (e * s * s);
}`;
