import type {HostModel} from "../environment.js";
import {centroids, meanOf, nearest} from "./probe.js";
import {readClasses, type TokenClass} from "./scores.js";

/**
 * How often the rank modulo 10 of members of other classes, January the first, is read off their
 * representations by the centroids of the last digits of numbers.
 *
 * @param order Which digit each centroid is taken to speak for; its own where not given.
 */
export function transferAccuracy(
  model: HostModel,
  [numbers, ...others]: readonly TokenClass[],
  order: readonly number[] = Array.from({length: 10}, (_, i) => i)
): number {
  const {width} = model.config;
  const of = (one: TokenClass) => ({data: readClasses(model, [one])[0].x, width});
  const digits = centroids(
    of(numbers),
    numbers.ids.map((_, n) => n % 10),
    10
  );
  let [right, asked] = [0, 0];
  for (const other of others) {
    const points = of(other);
    const rows = other.ids.map((_, row) => row);
    const origin = meanOf(points, rows);
    for (const row of rows) {
      const own = points.data.subarray(row * width, (row + 1) * width);
      right += Number(order[nearest(own, origin, digits)] === (row + 1) % 10);
    }
    asked += rows.length;
  }
  return right / asked;
}
