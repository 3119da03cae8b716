/** The lanes of a workgroup. */
export type Lanes = 64 | 256;

/** As many lanes as are worth their barriers for a row of `width` numbers. */
export const lanesFor = (width: number): Lanes => (width > 1024 ? 256 : 64);

/**
 * `workgroup_sum(x, lane)` and `workgroup_max(x, lane)`: over the lanes of a workgroup, returned to
 * all of them, in a fixed order.
 */
export const reduceOver = (lanes: Lanes): string => /* wgsl */ `
const LANES = ${lanes}u;
var<workgroup> partial: array<f32, LANES>;

fn workgroup_sum(x: f32, lane: u32) -> f32 {
  workgroupBarrier(); // the previous result may still be being read
  partial[lane] = x;
  workgroupBarrier();
  for (var half = LANES / 2; half > 0; half /= 2) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  return partial[0];
}

fn workgroup_max(x: f32, lane: u32) -> f32 {
  workgroupBarrier();
  partial[lane] = x;
  workgroupBarrier();
  for (var half = LANES / 2; half > 0; half /= 2) {
    if (lane < half) { partial[lane] = max(partial[lane], partial[lane + half]); }
    workgroupBarrier();
  }
  return partial[0];
}`;

/** The same over 64 lanes. */
export const reduce = reduceOver(64);
