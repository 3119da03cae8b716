/** The norm of several tensors together, in float64: what global-norm.ts is tested against. */
export const forward = (tensors: readonly Float64Array[]): number =>
  Math.sqrt(tensors.reduce((sum, x) => x.reduce((part, v) => part + v * v, sum), 0));
