/**
 * Where `index` is in a row of `length` things: negative counts from the end, and what lies beyond an
 * end, or is no whole number, is that end's last thing, so that a stale address still shows something.
 */
export function within(length: number, index: number): number {
  if (!Number.isInteger(index)) return length - 1;
  return Math.max(0, Math.min(length - 1, index < 0 ? length + index : index));
}
