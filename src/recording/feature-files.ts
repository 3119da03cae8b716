import {packColumns} from "../tables/packed-columns.js";
import {valueAt} from "./by-feature.js";
import type {DictionaryRecord, Ends} from "./dictionary-record.js";
import type {Edge} from "./edges.js";
import {
  BEFORE,
  BEHIND,
  EDGES,
  NONE,
  SEARCHED,
  SHARD_FEATURES,
  TOP_TOKENS
} from "./feature-lengths.js";
import type {Recording} from "./record-tables.js";

/** A dictionary's index, packed: what a list of its features and a search show. */
export function indexFile(
  {fired, facts, matches}: DictionaryRecord,
  {corpus}: Recording
): Uint8Array {
  const tokens = facts.flatMap((_, feature) => {
    const sums = new Map<number, number>();
    for (let i = fired.starts[feature]; i < fired.starts[feature + 1]; i++) {
      const id = corpus.tokens[fired.tokens[i]];
      sums.set(id, (sums.get(id) ?? 0) + fired.values[i]);
    }
    const ids = [...sums].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, TOP_TOKENS);
    return Array.from({length: TOP_TOKENS}, (_, i) => ids[i]?.[0] ?? NONE);
  });
  return packColumns({
    frequency: Uint32Array.from(facts, ({frequency}) => frequency),
    max: coarse(facts.map(({max}) => max)),
    tokens: Uint16Array.from(tokens),
    label: Uint16Array.from(matches, (match) => match?.label ?? NONE),
    f1: percent(matches.map((match) => match?.f1 ?? 0)),
    precision: percent(matches.map((match) => match?.precision ?? 0)),
    recall: percent(matches.map((match) => match?.recall ?? 0))
  });
}

/** Where each feature of a dictionary fires most, packed: `SEARCHED` tokens each, as many zeros as it lacks. */
export const placesFile = ({fired, facts}: DictionaryRecord): Uint8Array =>
  packColumns({
    places: Uint32Array.from(
      facts.flatMap(({top}) =>
        Array.from({length: SEARCHED}, (_, i) => (i < top.length ? fired.tokens[top[i]] : 0))
      )
    )
  });

/** Features `first` … of a dictionary, packed: all that a page shows of them. */
export function featuresFile(recording: Recording, which: number, first: number): Uint8Array {
  const {corpus, records, edges} = recording;
  const {fired, facts, logits, deembedding, nearest} = records[which];
  const shown = facts.slice(first, first + SHARD_FEATURES);
  const contexts = shown.flatMap(({top, spread}, i) =>
    [...top, ...spread].map((entry) => ({feature: first + i, entry}))
  );
  const near = contexts.map(({feature, entry}) => {
    const at = fired.tokens[entry];
    const window = Math.floor(at / corpus.window) * corpus.window;
    const last = Math.min(corpus.tokens.length, window + corpus.window, at + BEHIND + 1);
    const found: {offset: number; share: number}[] = [];
    for (let t = Math.max(window, at - BEFORE); t < last; t++) {
      const value = valueAt(fired, feature, t);
      if (value > 0)
        found.push({offset: t - at + BEFORE, share: Math.ceil((255 * value) / facts[feature].max)});
    }
    return found;
  });
  const strongest = (list: readonly Edge[], feature: number, way: "source" | "target") =>
    list.filter((edge) => edge[way] === feature);
  const mine = (way: "source" | "target", side: "from" | "to") =>
    edges.filter(
      (edge) => edge[side] === which && edge[way] >= first && edge[way] < first + shown.length
    );
  const [into, outOf] = [mine("target", "to"), mine("source", "from")];
  const linked = shown.map((_, i) =>
    [strongest(into, first + i, "target"), strongest(outOf, first + i, "source")].map((list) =>
      [...list].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, EDGES)
    )
  );
  const links = linked.flatMap(([ins, outs]) => [
    ...ins.map(({from, source, weight}) => ({dictionary: from, feature: source, weight})),
    ...outs.map(({to, target, weight}) => ({dictionary: to, feature: target, weight}))
  ]);
  return packColumns({
    topCount: Uint8Array.from(shown, ({top}) => top.length),
    contextCount: Uint8Array.from(shown, ({top, spread}) => top.length + spread.length),
    contextTokens: Uint32Array.from(contexts, ({entry}) => fired.tokens[entry]),
    contextValues: coarse(contexts.map(({entry}) => fired.values[entry])),
    nearCount: Uint8Array.from(near, ({length}) => length),
    nearOffsets: Uint8Array.from(near.flat(), ({offset}) => offset),
    nearShares: Uint8Array.from(near.flat(), ({share}) => share),
    histogram: Uint32Array.from(shown.flatMap(({histogram}) => [...histogram])),
    ...endColumns("logit", logits.slice(first, first + SHARD_FEATURES)),
    ...endColumns("embed", deembedding.slice(first, first + SHARD_FEATURES)),
    nearestIds: Uint16Array.from(
      nearest.slice(first, first + SHARD_FEATURES).flatMap(({ids}) => [...ids])
    ),
    nearestValues: coarse(
      nearest.slice(first, first + SHARD_FEATURES).flatMap(({values}) => [...values])
    ),
    intoCount: Uint8Array.from(linked, ([ins]) => ins.length),
    outCount: Uint8Array.from(linked, ([, outs]) => outs.length),
    linkDictionaries: Uint8Array.from(links, ({dictionary}) => dictionary),
    linkFeatures: Uint16Array.from(links, ({feature}) => feature),
    linkWeights: coarse(links.map(({weight}) => weight))
  });
}

function endColumns(name: string, ends: readonly Ends[]) {
  const all = ends.flatMap(({top, bottom}) => [top, bottom]);
  return {
    [`${name}Ids`]: Uint16Array.from(all.flatMap(({ids}) => [...ids])),
    [`${name}Values`]: coarse(all.flatMap(({values}) => [...values]))
  };
}

const percent = (shares: readonly number[]): Uint8Array =>
  Uint8Array.from(shares, (share) => Math.round(100 * share));

/** Floats with 10 bits behind the leading one, which a compressor makes small. */
function coarse(values: readonly number[]): Float32Array {
  const out = Float32Array.from(values);
  const bits = new Uint32Array(out.buffer);
  bits.forEach((b, i) => (bits[i] = (b + 0x1000) & 0xffffe000));
  return out;
}
