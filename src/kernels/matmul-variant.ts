/** A part of the output that one workgroup computes, `perLane` × 4 values a lane. */
export interface Tile {
  readonly rows: number;
  readonly outs: number;
  /** Rows a lane computes. */
  readonly perLane: number;
}

/** `vector` sums one output over `lanes` lanes; `tiled` shares rows of x and of the weights. */
export type Variant =
  | {readonly kind: "vector"; readonly lanes: 16 | 32 | 64}
  | {readonly kind: "tiled"; readonly tile: Tile};

export interface Problem {
  readonly rows: number;
  readonly outs: number;
  readonly columns: number;
  /** Matrices multiplied at once: two when gated. */
  readonly matrices: 1 | 2;
  readonly limits: Pick<
    GPUSupportedLimits,
    "maxComputeInvocationsPerWorkgroup" | "maxComputeWorkgroupStorageSize"
  >;
}

/** Most rows that the vector kernel takes. */
export const VECTOR_ROWS = 4;
/** Quads of columns that a tile holds of each row, and what a row takes with its padding. */
export const QUADS_PER_STEP = 4;
export const TILE_STRIDE = 5;
const QUAD_BYTES = 16;

// The first reads workgroup memory least often per product, the last fits every device.
const TILES: readonly Tile[] = [
  {rows: 128, outs: 64, perLane: 8},
  {rows: 64, outs: 64, perLane: 4},
  {rows: 32, outs: 32, perLane: 4}
];
const ENOUGH_WORKGROUPS = 64;
const MOST_WORK = 1.5;

export const tileLanes = ({rows, outs, perLane}: Tile): number => (rows / perLane) * (outs / 4);

/** The kernel for a shape and a device: which reads memory least and still fills the device. */
export function variant({rows, outs, columns, matrices, limits}: Problem): Variant {
  if (rows <= VECTOR_ROWS)
    return {kind: "vector", lanes: columns >= 2048 ? 64 : columns >= 512 ? 32 : 16};
  const tile = TILES.find((candidate) => {
    const workgroups = Math.ceil(rows / candidate.rows) * Math.ceil(outs / candidate.outs);
    const work = workgroups * candidate.rows * candidate.outs;
    const bytes = (candidate.rows + matrices * candidate.outs) * TILE_STRIDE * QUAD_BYTES;
    return (
      workgroups >= ENOUGH_WORKGROUPS &&
      work <= MOST_WORK * rows * outs &&
      tileLanes(candidate) <= limits.maxComputeInvocationsPerWorkgroup &&
      bytes <= limits.maxComputeWorkgroupStorageSize
    );
  });
  return {kind: "tiled", tile: tile ?? TILES.at(-1)!};
}

/** Numbers along the inner axis that a gradient's tile holds at once. */
export const INNER_STEP = 16;
const LEAST_PER_SLICE = 128;

export interface GradientVariant {
  readonly tile: Tile;
  /** Parts of the inner axis, each summed by workgroups of its own. */
  readonly slices: number;
  /** Numbers of the inner axis in a part, a multiple of the step; the last may have fewer. */
  readonly sliceLength: number;
}

/** The tile for a gradient of `rows` × `columns` sums over `inner`: a long sum over few tiles is cut. */
export function gradientVariant({
  rows,
  columns,
  inner,
  limits
}: Pick<Problem, "rows" | "columns" | "limits"> & {readonly inner: number}): GradientVariant {
  const cut = (candidate: Tile): {workgroups: number; slices: number; work: number} => {
    const tiles = Math.ceil(rows / candidate.rows) * Math.ceil(columns / candidate.outs);
    const most = Math.max(1, Math.floor(inner / LEAST_PER_SLICE));
    const slices = Math.min(most, Math.ceil(ENOUGH_WORKGROUPS / tiles));
    return {workgroups: tiles * slices, slices, work: tiles * candidate.rows * candidate.outs};
  };
  const tile = TILES.find((candidate) => {
    const {workgroups, work} = cut(candidate);
    const quads = candidate.rows * TILE_STRIDE + candidate.outs * QUADS_PER_STEP;
    return (
      workgroups >= ENOUGH_WORKGROUPS &&
      work <= MOST_WORK * rows * columns &&
      tileLanes(candidate) <= limits.maxComputeInvocationsPerWorkgroup &&
      quads * QUAD_BYTES <= limits.maxComputeWorkgroupStorageSize
    );
  });
  const chosen = tile ?? TILES.at(-1)!;
  const steps = Math.max(1, Math.ceil(inner / cut(chosen).slices / INNER_STEP));
  const sliceLength = steps * INNER_STEP;
  return {tile: chosen, slices: Math.max(1, Math.ceil(inner / sliceLength)), sliceLength};
}
