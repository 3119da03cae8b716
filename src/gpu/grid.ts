const MAX_WORKGROUPS_PER_AXIS = 65535;

/** The dispatch size of a kernel launch, one workgroup count per axis. */
export type Grid = readonly [x: number, y?: number, z?: number];

/**
 * A dispatch of at least `workgroups` workgroups, folded over two axes when one cannot hold them.
 * The kernel finds its number with `id.x + id.y * n.x` and must ignore the surplus.
 */
export function fold(workgroups: number): Grid {
  const x = Math.min(workgroups, MAX_WORKGROUPS_PER_AXIS);
  return [x, x === 0 ? 0 : Math.ceil(workgroups / x)];
}
