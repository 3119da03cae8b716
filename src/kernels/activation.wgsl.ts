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
