/** Rows of equal width. */
export interface Points {
  /** `[rows, width]` */
  readonly data: Float64Array;
  readonly width: number;
}

const rowOf = ({data, width}: Points, row: number): Float64Array =>
  data.subarray(row * width, (row + 1) * width);

/** The mean of some rows. */
export function meanOf(points: Points, rows: readonly number[]): Float64Array {
  const mean = new Float64Array(points.width);
  for (const row of rows) rowOf(points, row).forEach((v, i) => (mean[i] += v / rows.length));
  return mean;
}

/** The centroids of classes of rows, less the mean of all centroids: `[classes][width]`. */
export function centroids(
  points: Points,
  labels: readonly number[],
  classes: number
): Float64Array[] {
  const means = Array.from({length: classes}, (_, label) =>
    meanOf(
      points,
      labels.flatMap((other, row) => (other === label ? [row] : []))
    )
  );
  const all = means[0].map((_, i) => means.reduce((sum, mean) => sum + mean[i], 0) / classes);
  return means.map((mean) => mean.map((v, i) => v - all[i]));
}

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, v, i) => sum + v * b[i], 0);

/** Cosine of the angle between two vectors. */
export const cosine = (a: Float64Array, b: Float64Array): number =>
  dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

/** The class whose centroid points most as `x` does from `origin`. */
export function nearest(
  x: Float64Array,
  origin: Float64Array,
  of: readonly Float64Array[]
): number {
  const from = x.map((v, i) => v - origin[i]);
  const cosines = of.map((centroid) => cosine(from, centroid));
  return cosines.indexOf(Math.max(...cosines));
}

/**
 * How often the residue of numbers modulo a number is read off their representations by the centroids
 * of residues among the other numbers. One decade at a time is held out, so that no number near in
 * size, whose representation may be near for that alone, speaks for a residue of its own.
 *
 * @param points Those of 0, 1, 2 …
 */
export function residueAccuracy(points: Points, modulus: number): number {
  const count = points.data.length / points.width;
  const numbers = Array.from({length: count}, (_, i) => i);
  let right = 0;
  for (let decade = 0; decade * 10 < count; decade++) {
    const kept = numbers.filter((n) => Math.floor(n / 10) !== decade);
    const own = {
      width: points.width,
      data: Float64Array.from(kept.flatMap((n) => [...rowOf(points, n)]))
    };
    const labels = kept.map((n) => n % modulus);
    const probes = centroids(own, labels, modulus);
    const origin = meanOf(own, [...kept.keys()]);
    for (const n of numbers)
      if (Math.floor(n / 10) === decade)
        right += Number(nearest(rowOf(points, n), origin, probes) === n % modulus);
  }
  return right / count;
}
