/** What a search came to. */
export interface Minimum {
  readonly at: readonly number[];
  readonly value: number;
}

export interface NelderMeadOptions {
  /** Edge of the first simplex. */
  readonly step: number;
  /** Ends when the values of the simplex differ by less. */
  readonly tolerance: number;
  readonly iterations: number;
}

/**
 * A minimum of a function of a few variables, without its gradient (Nelder & Mead 1965, with the
 * usual coefficients 1, 2, 1/2, 1/2). It is a local one: start from several places.
 */
export function nelderMead(
  f: (x: readonly number[]) => number,
  start: readonly number[],
  {step, tolerance, iterations}: NelderMeadOptions
): Minimum {
  const vertex = (at: readonly number[]): Minimum => ({at, value: f(at)});
  let simplex = [
    vertex(start),
    ...start.map((_, i) => vertex(start.map((x, j) => (i === j ? x + step : x))))
  ];
  for (let i = 0; i < iterations; i++) {
    simplex.sort((a, b) => a.value - b.value);
    const [best] = simplex;
    const worst = simplex.at(-1)!;
    if (worst.value - best.value < tolerance) break;
    const others = simplex.slice(0, -1);
    const centre = start.map((_, j) =>
      others.reduce((sum, {at}) => sum + at[j] / others.length, 0)
    );
    const along = (t: number) => vertex(centre.map((c, j) => c + t * (worst.at[j] - c)));
    const reflected = along(-1);
    let better: Minimum | undefined;
    if (reflected.value < best.value) {
      const expanded = along(-2);
      better = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < others.at(-1)!.value) {
      better = reflected;
    } else {
      const outside = reflected.value < worst.value;
      const contracted = along(outside ? -0.5 : 0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) better = contracted;
    }
    simplex = better
      ? [...others, better]
      : [best, ...simplex.slice(1).map(({at}) => vertex(at.map((x, j) => (x + best.at[j]) / 2)))];
  }
  return simplex.reduce((a, b) => (b.value < a.value ? b : a));
}
