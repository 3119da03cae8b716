import {days, letters, months, numberWords, ordinals} from "../words.js";

/** An ordered list whose successor is asked for. */
export interface Order {
  readonly kind: "day" | "month" | "numeral" | "number-word" | "letter" | "ordinal" | "year";
  readonly items: readonly string[];
  /** Whether the last item is followed by the first. */
  readonly wraps: boolean;
  readonly steps: readonly number[];
}

export const orders: readonly Order[] = [
  {kind: "day", items: days, wraps: true, steps: [1, 1, 1, 2, -1]},
  {kind: "month", items: months, wraps: true, steps: [1, 1, 1, 2, -1]},
  {kind: "numeral", items: range(0, 99), wraps: false, steps: [1, 1, 1, 1, 2, 3, 5, 10, -1]},
  {kind: "number-word", items: numberWords, wraps: false, steps: [1, 1, 1, 2, -1]},
  {kind: "letter", items: letters, wraps: true, steps: [1, 1, 1, 2, -1]},
  {kind: "ordinal", items: ordinals, wraps: false, steps: [1, 1, 1, -1]},
  {kind: "year", items: range(1100, 1999), wraps: false, steps: [1, 1, 1, 5, 10]}
];

function range(low: number, high: number): string[] {
  return Array.from({length: high - low + 1}, (_, i) => String(low + i));
}

/**
 * `count` items from `start` on, `step` apart.
 *
 * @returns null where an order that does not wrap would run out.
 */
export function walk(order: Order, start: number, step: number, count: number): string[] | null {
  const {items, wraps} = order;
  const last = start + step * (count - 1);
  if (!wraps && (last < 0 || last >= items.length)) return null;
  return Array.from(
    {length: count},
    (_, i) => items[(((start + step * i) % items.length) + items.length) % items.length]
  );
}

/** Whether runs that begin here, with this step, are kept out of training. */
export function isHeldOut({items}: Order, start: number, step: number): boolean {
  return (start * 5 + step * 3 + items.length) % 7 === 2;
}
