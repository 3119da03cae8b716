/** Longest time that the page waits for a piece of work, in milliseconds. */
const SLICE = 12;

/**
 * Does a piece of work in short slices, so that the page stays alive, and gives what it ends with.
 *
 * @param invalidation Of the cell: when it settles, the rest of the work is left.
 * @throws {Error} where it was left; the runtime drops that.
 */
export async function paced<R>(
  work: Generator<unknown, R, void>,
  invalidation?: Promise<void>
): Promise<R> {
  let left = false;
  void invalidation?.then(() => (left = true));
  for (let since = performance.now(); ;) {
    const {done, value} = work.next();
    if (done) return value;
    if (performance.now() - since < SLICE) continue;
    await new Promise((resolve) => setTimeout(resolve));
    if (left) throw new Error("paced: the work must go on to its end, but its cell started again");
    since = performance.now();
  }
}
