/** A point that a law is fitted to. */
export type Point = readonly [x: number, y: number];

export interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** The share of y's variance about its mean that the line explains; below 0 where the mean does better. */
  readonly r2: number;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The share of variance about the mean that predictions explain. */
export function explained(points: readonly Point[], predict: (x: number) => number): number {
  const middle = mean(points.map(([, y]) => y));
  const left = points.reduce((sum, [x, y]) => sum + (y - predict(x)) ** 2, 0);
  return 1 - left / points.reduce((sum, [, y]) => sum + (y - middle) ** 2, 0);
}

/**
 * The line of least squares.
 *
 * @throws {Error} if the points are not at two places at least.
 */
export function fitLine(points: readonly Point[]): Line {
  const [mx, my] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const spread = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  if (!(spread > 0))
    throw new Error(
      `fitLine: points must be at two places at least for a slope, got ${points.length} points`
    );
  const slope = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / spread;
  const intercept = my - slope * mx;
  return {slope, intercept, r2: explained(points, (x) => intercept + slope * x)};
}

/** The line of least squares through the origin. */
export function fitThroughOrigin(points: readonly Point[]): Line {
  const sum = (of: (point: Point) => number) => points.reduce((all, one) => all + of(one), 0);
  const slope = sum(([x, y]) => x * y) / sum(([x]) => x * x);
  return {slope, intercept: 0, r2: explained(points, (x) => slope * x)};
}

/** y = factor · x^power, by least squares of the logarithms. */
export function fitPower(points: readonly Point[]): {
  readonly factor: number;
  readonly power: number;
} {
  const {slope, intercept} = fitLine(points.map(([x, y]) => [Math.log(x), Math.log(y)]));
  return {factor: Math.exp(intercept), power: slope};
}
