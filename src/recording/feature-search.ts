import type {FeatureIndex} from "./feature-index.js";
import {BEFORE, BEHIND, NONE, SEARCHED, TOP_TOKENS} from "./feature-lengths.js";
import type {LoadedDictionary} from "./feature-reader.js";

export interface FoundFeature {
  readonly dictionary: string;
  readonly feature: number;
  readonly frequency: number;
  readonly max: number;
  readonly label: string | null;
  readonly f1: number;
  /** The texts of the tokens that it fires at most. */
  readonly tokens: readonly string[];
}

export interface FeatureQuery {
  /** What `text` is looked for in; `text` also looks through the recorded contexts. */
  readonly by: "token" | "label" | "text";
  /** Empty for all. */
  readonly text: string;
  /** Shares of tokens at which a feature may fire. */
  readonly least: number;
  readonly most: number;
  readonly sort: "f1" | "frequency" | "max";
}

/** What a search by text looks through. */
export interface SearchedText {
  readonly tokens: Uint16Array;
  /** Of each dictionary, in their order. */
  readonly places: readonly Uint32Array[];
}

/** Features that match, the first of the order that is asked for first, with how many there are in all. */
export function searchFeatures(
  index: FeatureIndex,
  dictionaries: readonly LoadedDictionary[],
  {by, text, least, most, sort}: FeatureQuery,
  searched: SearchedText | null,
  limit = 50
): {readonly found: readonly FoundFeature[]; readonly count: number} {
  const wanted = text.trim().toLowerCase();
  const tokens = matching(index.vocabulary, (token) => token.trim().toLowerCase() === wanted);
  const labels = matching(
    index.labels.map(({name}) => name),
    (name) => name.toLowerCase().includes(wanted)
  );
  const hits = by === "text" && searched && wanted ? hitsOf(index, searched.tokens, wanted) : null;
  const found: {
    readonly dictionary: LoadedDictionary;
    readonly feature: number;
    readonly by: number;
  }[] = [];
  dictionaries.forEach((dictionary, d) => {
    const {frequency, max, label, f1, tokens: top} = dictionary.columns;
    const fits = (feature: number): boolean => {
      if (wanted === "") return true;
      if (by === "label") return label[feature] !== NONE && labels[label[feature]] === 1;
      const isNear = (n: number) => {
        const place = searched!.places[d][feature * SEARCHED + n];
        const from = Math.max(0, place - BEFORE);
        return hits![Math.min(hits!.length - 1, place + BEHIND)] > (from > 0 ? hits![from - 1] : 0);
      };
      if (by === "text") {
        if (!hits) return false;
        for (let n = 0; n < Math.min(SEARCHED, frequency[feature]); n++) if (isNear(n)) return true;
        return false;
      }
      for (let n = 0; n < TOP_TOKENS; n++) {
        const id = top[feature * TOP_TOKENS + n];
        if (id !== NONE && tokens[id] === 1) return true;
      }
      return false;
    };
    for (let feature = 0; feature < dictionary.features; feature++) {
      const share = frequency[feature] / index.tokens;
      if (share < least || share > most || !fits(feature)) continue;
      const key = sort === "f1" ? f1[feature] : sort === "max" ? max[feature] : frequency[feature];
      found.push({dictionary, feature, by: key});
    }
  });
  found.sort((a, b) => b.by - a.by);
  return {
    count: found.length,
    found: found
      .slice(0, limit)
      .map(({dictionary, feature}) => foundFeature(index, dictionary, feature))
  };
}

export function foundFeature(
  {vocabulary, labels}: FeatureIndex,
  {name, columns}: LoadedDictionary,
  feature: number
): FoundFeature {
  const {frequency, max, label, f1, tokens} = columns;
  return {
    ...{dictionary: name, feature},
    frequency: frequency[feature],
    max: max[feature],
    label: label[feature] === NONE ? null : labels[label[feature]].name,
    f1: f1[feature] / 100,
    tokens: Array.from(tokens.subarray(feature * TOP_TOKENS, (feature + 1) * TOP_TOKENS))
      .filter((id) => id !== NONE)
      .map((id) => vocabulary[id])
  };
}

const matching = (texts: readonly string[], fits: (text: string) => boolean): Uint8Array =>
  Uint8Array.from(texts, (text) => Number(fits(text)));

/** For each token, how many times the text has begun in the corpus up to there. */
function hitsOf({vocabulary}: FeatureIndex, tokens: Uint16Array, wanted: string): Uint32Array {
  const lower = vocabulary.map((text) => text.toLowerCase());
  const pieces = Array.from(tokens, (id) => lower[id]);
  const text = pieces.join("");
  const hits = new Uint32Array(tokens.length);
  let token = 0;
  let end = pieces[0]?.length ?? 0;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    while (end <= at) end += pieces[++token].length;
    hits[token]++;
  }
  for (let t = 1; t < hits.length; t++) hits[t] += hits[t - 1];
  return hits;
}
