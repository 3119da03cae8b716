import {hash} from "../../src/corpus/random.js";

/** One document in twenty-five is held out, by a hash of its name. */
const HELD_OUT = 25;

/** Tokens in the window whose repetition counts as a leak. */
const WINDOW = 20;

/** The share of positions of a held-out document that may occur in the training text. */
const LEAK = 0.01;

/** A document in tokens. */
export interface Encoded {
  readonly source: string;
  readonly id: string;
  readonly tokens: readonly number[];
}

export interface SplitDocuments {
  readonly train: Encoded[];
  readonly heldout: Encoded[];
  /** Leak of the held-out documents together: positions that open a 20-gram seen in training. */
  readonly overlap: number;
}

/**
 * Splits by document. A held-out document of which more than 1 % of the 20-grams stand in the
 * training text goes to training, and the rest is measured again, until none is left.
 */
export function splitDocuments(documents: readonly Encoded[]): SplitDocuments {
  const train = documents.filter(({id}) => hash(id) % HELD_OUT !== 0);
  let heldout = documents.filter(({id}) => hash(id) % HELD_OUT === 0);
  for (;;) {
    const leaks = leakOf(train, heldout);
    const leaky = heldout.filter((_, i) => leaks[i].seen > LEAK * leaks[i].positions);
    if (leaky.length === 0) {
      const total = (pick: "seen" | "positions"): number =>
        leaks.reduce((sum, leak) => sum + leak[pick], 0);
      return {train, heldout, overlap: total("seen") / Math.max(total("positions"), 1)};
    }
    train.push(...leaky);
    heldout = heldout.filter((document) => !leaky.includes(document));
  }
}

function leakOf(
  train: readonly Encoded[],
  heldout: readonly Encoded[]
): {seen: number; positions: number}[] {
  const wanted = new Set<number>();
  for (const {tokens} of heldout) for (const gram of grams(tokens)) wanted.add(gram);
  const found = new Set<number>();
  for (const {tokens} of train)
    for (const gram of grams(tokens)) if (wanted.has(gram)) found.add(gram);
  return heldout.map(({tokens}) => {
    let seen = 0;
    let positions = 0;
    for (const gram of grams(tokens)) {
      positions++;
      if (found.has(gram)) seen++;
    }
    return {seen, positions};
  });
}

/** A rolling hash of every 20 consecutive tokens; 41 bits, so that no product passes 2⁵³. */
function* grams(tokens: readonly number[]): Generator<number> {
  const [base, modulus] = [2053, 2 ** 41 - 21];
  let first = 1;
  for (let i = 0; i < WINDOW; i++) first = (first * base) % modulus;
  let value = 0;
  for (let i = 0; i < tokens.length; i++) {
    value = (value * base + tokens[i]) % modulus;
    if (i >= WINDOW) {
      value = (value - ((tokens[i - WINDOW] * first) % modulus) + modulus) % modulus;
    }
    if (i >= WINDOW - 1) yield value;
  }
}
