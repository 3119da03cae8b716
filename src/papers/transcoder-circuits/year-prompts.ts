import {digitPairs} from "../../corpus/probes.js";
import {encode} from "../../model/dictionary-pass.js";
import {type Dictionary, mapDictionary} from "../../model/dictionary.js";
import type {Site} from "../../model/sites.js";
import {twinOps, type TwinTensor} from "../../model/twin-ops.js";
import type {HostTensor} from "../../model/weights.js";
import {logSoftmaxRow} from "../measures.js";
import type {House} from "./house.js";
import type {Parts} from "./parts.js";

/** The layer whose MLP a span of years needs most. */
export const LAYER = 1;
const NOUNS = ["war", "peace", "treaty", "project", "school", "service", "work"];
/** Start years that no training text has. */
const YEARS = Array.from({length: 14}, (_, i) => 3 + 7 * i);

/** Spans of years, and what one MLP does at their last token. */
export interface YearPrompts {
  readonly count: number;
  readonly features: Parts;
  readonly neurons: Parts;
  /** `[prompts, width]`: of the mean logit of later years less that of the others. */
  readonly gradients: HostTensor;
  /**
   * The chance of a later year less that of an earlier or the same, mean over prompts.
   *
   * @param written What the MLP writes at the last token, `[prompts, width]`; its own when left out.
   */
  readonly difference: (written?: Float32Array) => Promise<number>;
}

const two = (year: number): string => String(year).padStart(2, "0");

/** @param seed Takes other centuries. */
export async function readYears(
  {backend, tokenizer, transcoders, config, weights}: House,
  seed: number
): Promise<YearPrompts> {
  const century = 17 - (seed % 3);
  const encoded = (text: string) => [...tokenizer.encode(text)];
  const begin = tokenizer.begin === undefined ? [] : [tokenizer.begin];
  const prompts = YEARS.flatMap((year) =>
    NOUNS.map((noun) => ({
      year,
      tokens: [...begin, ...encoded(`The ${noun} lasted from ${century}${two(year)} to ${century}`)]
    }))
  );
  const tokens = prompts.map((prompt) => prompt.tokens);
  const pairs = digitPairs(encoded);
  const written: Site = `blocks.${LAYER}.hook_mlp_out`;
  const hidden: Site = `blocks.${LAYER}.mlp.hook_post`;
  const read: Site = `blocks.${LAYER}.ln2.hook_normalized`;
  const request = {tokens, logits: "last", top: 0, lens: 0} as const;
  const {activations} = await backend.forward({...request, edits: [], sites: [hidden, read]});
  const gradients = new Float32Array(prompts.length * config.width);
  for (const [i, year] of YEARS.entries()) {
    const [from, to] = [i * NOUNS.length, (i + 1) * NOUNS.length];
    const found = await backend.gradient({
      ...{tokens: tokens.slice(from, to), sites: [written], edits: [], oneHot: false},
      of: {
        ...{kind: "logits", pos: tokens[0].length - 1},
        weights: pairs.map((id, y) => [id, y > year ? 1 / (99 - year) : -1 / (year + 1)] as const)
      }
    });
    gradients.set(lastRows(found.gradients.get(written)!).data, from * config.width);
  }
  const {down} = weights.blocks[LAYER];
  const transcoder = transcoders[LAYER];
  const [{decoder, bias}] = transcoder.outputs;
  return {
    count: prompts.length,
    gradients: {shape: [prompts.length, config.width], data: gradients},
    features: {
      ...{values: encodedOnHost(transcoder, lastRows(activations.get(read)!)), vectors: decoder},
      ...(bias && {bias})
    },
    neurons: {
      ...{values: lastRows(activations.get(hidden)!), vectors: transposed(down.weight)},
      ...(down.bias && {bias: down.bias})
    },
    async difference(values) {
      const {logits} = await backend.forward({
        ...{...request, sites: []},
        edits: values ? [{site: written, op: "replace", pos: [-1], value: values}] : []
      });
      let sum = 0;
      for (const [i, {year}] of prompts.entries()) {
        const row = logits!.data.subarray(i * config.vocab, (i + 1) * config.vocab);
        const logs = logSoftmaxRow(row);
        for (const [y, id] of pairs.entries()) sum += (y > year ? 1 : -1) * Math.exp(logs[id]);
      }
      return sum / prompts.length;
    }
  };
}

/** `[batch, pos, width]` at the last position. */
function lastRows({shape: [batch, pos, width], data}: HostTensor): HostTensor {
  const rows = new Float32Array(batch * width);
  for (let b = 0; b < batch; b++) {
    const at = ((b + 1) * pos - 1) * width;
    rows.set(data.subarray(at, at + width), b * width);
  }
  return {shape: [batch, width], data: rows};
}

function encodedOnHost(dictionary: Dictionary, {shape, data}: HostTensor): HostTensor {
  const widened = ({shape, data}: HostTensor): TwinTensor => ({
    shape,
    data: Float64Array.from(data)
  });
  const own = mapDictionary(dictionary, {vector: widened, matrix: widened});
  const {features} = encode(twinOps, own, {shape: [1, ...shape], data: Float64Array.from(data)});
  return {shape: [shape[0], features.shape[2]], data: Float32Array.from(features.data)};
}

function transposed({shape: [rows, columns], data}: HostTensor): HostTensor {
  const turned = new Float32Array(data.length);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) turned[c * rows + r] = data[r * columns + c];
  return {shape: [columns, rows], data: turned};
}
