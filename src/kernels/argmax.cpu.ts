/** The place of each row's largest value: what argmax.ts is tested against. */
export interface Inputs {
  readonly x: ArrayLike<number>; // [rows, columns]
  readonly columns: number;
}

/** Of equal values the first. */
export function forward({x, columns}: Inputs): Uint32Array {
  const places = new Uint32Array(x.length / columns);
  for (let row = 0; row < places.length; row++)
    for (let c = 1; c < columns; c++)
      if (x[row * columns + c] > x[row * columns + places[row]]) places[row] = c;
  return places;
}
