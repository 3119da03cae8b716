import {orders} from "../../corpus/generator/sequence.js";
import type {Backend} from "../../model/backend.js";
import type {Tokenizer} from "../../model/tokenizer.js";
import type {Head} from "./circuit.js";
import {rowsOf, type TokenClass} from "./scores.js";

/** The model of text in which the same is looked for. */
export const HOUSE = "house-3m";
/** The fewest members of a class. */
const FEWEST = 5;
/** Members shown before one is asked for. */
const SHOWN = 4;

const names: Readonly<Record<string, string>> = {
  day: "days",
  month: "months",
  numeral: "numerals",
  "number-word": "number words",
  letter: "letters",
  ordinal: "ordinals"
};

/** Of each ordered class, the longest run of members that are one token each, with a space before. */
export function houseClasses(tokenizer: Tokenizer): TokenClass[] {
  return orders
    .filter(({kind}) => kind in names)
    .flatMap(({kind, items, wraps}): TokenClass[] => {
      const single = items
        .map((item) => tokenizer.encode(` ${item}`))
        .map((ids) => (ids.length === 1 ? ids[0] : null));
      let [start, length] = [0, 0];
      for (let at = 0, from = 0; at <= single.length; at++)
        if (single[at] == null) {
          if (at - from > length) [start, length] = [from, at - from];
          from = at + 1;
        }
      if (length < FEWEST) return [];
      return [
        {
          name: names[kind],
          members: items.slice(start, start + length),
          ids: single.slice(start, start + length) as number[],
          cyclic: wraps && length === items.length
        }
      ];
    });
}

/**
 * The share of lists, four members with a comma behind each, whose next member is the likeliest of all
 * tokens. Every start that leaves a next member is asked.
 */
export async function houseListAccuracy(
  backend: Backend,
  tokenizer: Tokenizer,
  classes: readonly TokenClass[],
  without?: Head
): Promise<number> {
  const {begin} = tokenizer;
  const [comma] = tokenizer.encode(",");
  const lists = classes.flatMap((of) =>
    of.ids.slice(0, of.cyclic ? undefined : rowsOf(of) - SHOWN + 1).map((_, start) => {
      const member = (i: number) => of.ids[(start + i) % of.ids.length];
      const shown = Array.from({length: SHOWN}, (_, i) => [member(i), comma]).flat();
      return {tokens: begin === undefined ? shown : [begin, ...shown], next: member(SHOWN)};
    })
  );
  const {logits} = await backend.forward({
    tokens: lists.map(({tokens}) => tokens),
    sites: [],
    edits: without
      ? [
          {
            site: `blocks.${without.layer}.attn.hook_z`,
            op: "replace",
            value: 0,
            head: [without.head]
          }
        ]
      : [],
    logits: "last",
    top: 0,
    lens: 0
  });
  const vocab = logits!.shape[2];
  const right = lists.filter(({next}, row) => {
    const own = logits!.data.subarray(row * vocab, (row + 1) * vocab);
    return own.every((value) => value <= own[next]);
  });
  return right.length / lists.length;
}
