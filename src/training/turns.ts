/** Radians from one position to the next, for each pair of a sine and a cosine that begins a position. */
export function turnsOf(width: number): readonly number[] {
  const pairs = Math.floor(width / 8);
  return Array.from({length: pairs}, (_, i) => 2.5 * 200 ** (-i / (pairs - 1)));
}
