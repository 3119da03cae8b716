import type {Backend} from "../../model/backend.js";
import type {Edit} from "../../model/edits.js";
import {drawText, type Facts, type ListText} from "./lists.js";

/** Texts that no model was trained on: their seed is another. */
export const heldOut = (seed: number, count: number, facts: Facts): ListText[] =>
  Array.from({length: count}, (_, i) => drawText(1000 * seed + 777, i, facts));

/** The removal of a head of the layer of attention: what it writes is zero. */
export const withoutHead = (head: number): Edit => ({
  site: "blocks.1.attn.hook_z",
  op: "replace",
  value: 0,
  head: [head]
});

/** The share of successors in lists that are the likeliest of all tokens. */
export async function listAccuracy(
  backend: Backend,
  texts: readonly ListText[],
  edits: readonly Edit[] = []
): Promise<number> {
  const {top} = await backend.forward({
    tokens: texts.map(({ids}) => ids.slice(0, -1)),
    sites: [],
    edits,
    logits: "none",
    top: 1,
    lens: 0
  });
  let [right, asked] = [0, 0];
  texts.forEach(({ids, asks}, row) => {
    asked += asks.length;
    for (const at of asks) right += Number(top!.ids[row * (ids.length - 1) + at] === ids[at + 1]);
  });
  return right / asked;
}
