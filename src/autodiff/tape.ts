/** What a tape does with values of which it knows nothing else. */
export interface Arithmetic<T> {
  add(a: T, b: T): T;
  /** Runs `body` and frees what it made, except what it passed to `keep`. */
  tidy<R>(body: (keep: (x: T) => T) => R): R;
  free(x: T): void;
  /** What a value lies in: the same for a value and a view of it. */
  memory(x: T): unknown;
}

/**
 * Takes the gradients of what a step made to those of what it was made from, null where there is none.
 *
 * @param dy One for each output; at least one is not null.
 * @param needed For each input, whether anyone asks for its gradient.
 */
export type PullBack<T> = (
  dy: readonly (T | null)[],
  needed: readonly boolean[]
) => readonly (T | null)[];

export interface Step<T, W> {
  readonly outputs: readonly T[];
  /** Values, and weights that a gradient may be asked for. */
  readonly inputs: readonly (T | W)[];
  readonly pullBack: PullBack<T>;
}

/**
 * The steps of a computation, in order. That order is topological: walking it backwards is
 * backpropagation. It knows no op; a value is known by its identity.
 */
export class Tape<T extends object, W extends object = T> {
  readonly #arithmetic: Arithmetic<T>;
  #steps: Step<T, W>[] = [];

  constructor(arithmetic: Arithmetic<T>) {
    this.#arithmetic = arithmetic;
  }

  record(step: Step<T, W>): void {
    this.#steps.push(step);
  }

  /**
   * The gradients of `⟨y, dy⟩` with respect to each of `wanted`; none for what `y` does not depend on.
   * Visits only steps between the two. Spends the tape: what a step made is freed when the walk has
   * passed it, but for `kept`, and a gradient, `dy` too, as soon as it is used. The caller owns those
   * returned.
   */
  gradients(y: T, dy: T, wanted: Iterable<T | W>, kept: Iterable<T> = []): ReadonlyMap<T | W, T> {
    const arithmetic = this.#arithmetic;
    const memory = (x: T) => arithmetic.memory(x);
    const steps = this.#steps;
    this.#steps = [];
    const asked = new Set(wanted);
    const leads = leadingFrom(asked, steps);
    const dying = lastUses(steps, memory, new Set(Array.from(kept, memory)));
    const gradients = new Map<T | W, T>();
    if (leads.has(y)) gradients.set(y, dy);
    const made = new Map<unknown, T>([[memory(dy), dy]]);

    for (let at = steps.length - 1; at >= 0; at--) {
      const {outputs, inputs, pullBack} = steps[at];
      const needed = inputs.map((input) => leads.has(input));
      if (needed.includes(true) && outputs.some((output) => gradients.has(output)))
        arithmetic.tidy((keep) => {
          const pulled = pullBack(
            outputs.map((output) => gradients.get(output) ?? null),
            needed
          );
          inputs.forEach((input, i) => {
            const gradient = pulled[i];
            if (!needed[i] || !gradient) return;
            const before = gradients.get(input);
            gradients.set(input, before ? arithmetic.add(before, gradient) : gradient);
          });
          for (const input of inputs) {
            const gradient = gradients.get(input);
            if (gradient) made.set(memory(gradient), keep(gradient));
          }
        });
      for (const output of outputs) if (!asked.has(output)) gradients.delete(output);
      const live = new Set([...gradients.values()].map(memory));
      for (const [place, gradient] of made)
        if (!live.has(place)) {
          made.delete(place);
          arithmetic.free(gradient);
        }
      for (const value of dying[at]) arithmetic.free(value);
    }
    return gradients;
  }
}

/** What is reached from some values by following the steps forward, those values included. */
function leadingFrom<T, W>(from: ReadonlySet<T | W>, steps: readonly Step<T, W>[]): Set<T | W> {
  const reached = new Set(from);
  for (const {outputs, inputs} of steps)
    if (inputs.some((input) => reached.has(input)))
      for (const output of outputs) reached.add(output);
  return reached;
}

/** For each step, the values whose memory no earlier step has made: nothing needs them once it is passed. */
function lastUses<T, W>(
  steps: readonly Step<T, W>[],
  memory: (x: T) => unknown,
  spared: Set<unknown>
): T[][] {
  return steps.map(({outputs}) =>
    outputs.filter((output) => {
      const place = memory(output);
      if (spared.has(place)) return false;
      spared.add(place);
      return true;
    })
  );
}
