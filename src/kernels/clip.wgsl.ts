import type {Tensor} from "../gpu/tensor.js";

/** The norm of all gradients together is brought down to `limit`. */
export interface Clip {
  /** `[1]`, of global-norm.ts. */
  readonly norm: Tensor;
  /** Above 0, in the units of the gradient. */
  readonly limit: number;
}

/** `clip_factor()`: min(1, limit / norm), of `norm: array<f32>` and `params.limit`, where it is clipped. */
export const clipFactor = (clipped: boolean): string => /* wgsl */ `
fn clip_factor() -> f32 { return ${clipped ? "params.limit / max(norm[0], params.limit)" : "1"}; }`;

/** @throws {RangeError} if the limit is not above 0. */
export function checkClip(op: string, {limit}: Clip): void {
  if (!(limit > 0))
    throw new RangeError(`${op}: clip.limit must be above 0 to leave a gradient, got ${limit}`);
}
