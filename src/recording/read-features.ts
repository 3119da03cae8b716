import type {FeatureActivation} from "../kernels/feature-activation.js";
import type {ActiveFeatures} from "../model/active-features.js";
import type {Backend} from "../model/backend.js";
import type {Dictionary} from "../model/dictionary.js";
import type {HostTensor} from "../model/weights.js";

/** What fires at some tokens, token by token. */
export interface Fired {
  /** Token t has the entries `starts[t]` … `starts[t + 1] − 1`. */
  readonly starts: Uint32Array;
  /** Ascending within a token. */
  readonly features: Uint16Array;
  readonly values: Float32Array;
}

/**
 * What fires in windows of one length, by dictionary. The k largest are chosen here: a sort of every
 * token's features is what takes longest in WebAssembly (190 tokens/s against 780 on one core of house-3m).
 */
export async function readFeatures(
  backend: Backend,
  dictionaries: readonly Dictionary[],
  windows: readonly (readonly number[])[]
): Promise<Map<string, Fired>> {
  const {features} = await backend.forward({
    ...{tokens: windows, sites: [], edits: [], logits: "none", top: 0, lens: 0},
    dictionaries: {dictionaries: unranked(dictionaries), splice: new Map(), edits: []}
  });
  return new Map(
    dictionaries.map(({name, encoder: {activation}}) => {
      const all = features!.get(name)!;
      return [name, isRectified(activation) ? largest(all, activation.k) : whole(all)];
    })
  );
}

type TopK = Extract<FeatureActivation<HostTensor>, {kind: "top-k"}>;

const isRectified = (activation: FeatureActivation<HostTensor>): activation is TopK =>
  activation.kind === "top-k" && activation.rectified;

const unrankedOf = new WeakMap<Dictionary, Dictionary>();

/** With ReLU in place of top-k of what is above 0; the same objects each time, so that a backend keeps them. */
function unranked(dictionaries: readonly Dictionary[]): Dictionary[] {
  return dictionaries.map((dictionary) => {
    const {activation} = dictionary.encoder;
    if (!isRectified(activation)) return dictionary;
    const known = unrankedOf.get(dictionary);
    if (known) return known;
    const made: Dictionary = {
      ...dictionary,
      encoder: {...dictionary.encoder, activation: {kind: "relu"}}
    };
    unrankedOf.set(dictionary, made);
    return made;
  });
}

const whole = ({starts, indices, values}: ActiveFeatures): Fired => ({
  starts,
  features: Uint16Array.from(indices),
  values
});

/** The k largest of each token; of equal values the first. */
export function largest({starts, indices, values}: ActiveFeatures, k: number): Fired {
  const tokens = starts.length - 1;
  const kept = new Uint32Array(tokens + 1);
  for (let t = 0; t < tokens; t++) kept[t + 1] = kept[t] + Math.min(k, starts[t + 1] - starts[t]);
  const features = new Uint16Array(kept[tokens]);
  const chosen = new Float32Array(kept[tokens]);
  for (let t = 0; t < tokens; t++) {
    const row = values.subarray(starts[t], starts[t + 1]);
    const least = row.length > k ? Float32Array.from(row).sort()[row.length - k] : 0;
    let room = k - row.reduce((n, v) => n + Number(v > least), 0);
    let at = kept[t];
    row.forEach((v, i) => {
      if (v > least || (v === least && room-- > 0)) {
        features[at] = indices[starts[t] + i];
        chosen[at++] = v;
      }
    });
  }
  return {starts: kept, features, values: chosen};
}
