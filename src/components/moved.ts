/** A list with one of its entries taken out and put in at `to`, counted in the new list. */
export const moved = <T>(list: readonly T[], from: number, to: number): T[] =>
  list.toSpliced(from, 1).toSpliced(to, 0, list[from]);
