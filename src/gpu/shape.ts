/** Sizes from the outermost axis to the innermost; data is row-major and contiguous. */
export type Shape = readonly number[];

export const size = (shape: Shape): number => shape.reduce((n, d) => n * d, 1);

/** How many rows of the last axis a shape holds: the product of all axes but the last. */
export const rowCount = (shape: Shape): number => size(shape.slice(0, -1));

export const formatShape = (shape: Shape): string => `[${shape.join(", ")}]`;

export class ShapeError extends Error {
  override name = "ShapeError";
}

/** Throws a ShapeError that names the op, the argument, what it needs and why, and what it got. */
export function checkShape(
  op: string,
  argument: string,
  actual: Shape,
  expected: Shape,
  why: string
): void {
  if (actual.length === expected.length && actual.every((d, i) => d === expected[i])) return;
  throw new ShapeError(
    `${op}: ${argument} must be ${formatShape(expected)} ${why}, got ${formatShape(actual)}`
  );
}
