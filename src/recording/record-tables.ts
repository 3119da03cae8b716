import {siteLayer} from "../model/sites.js";
import type {ColumnValues} from "../tables/arrow.js";
import type {RecordTable} from "../tables/schema.js";
import {isEvaluated, type RecordedCorpus} from "./corpus.js";
import type {DictionaryRecord, Ends} from "./dictionary-record.js";
import type {Edge} from "./edges.js";

export interface Recording {
  readonly corpus: RecordedCorpus;
  readonly records: readonly DictionaryRecord[];
  readonly edges: readonly Edge[];
  /** The text of a token of the vocabulary. */
  readonly text: (id: number) => string;
}

/** The columns of each table of a recording, in the order of `recordSchema`, its rows by their keys. */
export const recordColumns: Readonly<
  Record<RecordTable, (recording: Recording) => ColumnValues[]>
> = {
  features: ({corpus, records}) =>
    columnsOf(
      records.flatMap(({dictionary, facts, matches}) =>
        facts.map(({frequency, max}, feature) => {
          const match = matches[feature];
          return [
            ...[dictionary.name, siteLayer(dictionary.outputs[0].site), feature],
            ...[frequency, frequency / corpus.tokens.length, max, frequency === 0],
            ...(match ? [labelName(corpus, match.label), match.threshold] : [null, null]),
            ...(match ? [match.precision, match.recall, match.f1] : [null, null, null])
          ];
        })
      )
    ),
  contexts: ({records}) =>
    columnsOf(
      records.flatMap(({dictionary, facts, fired}) =>
        facts.flatMap(({top, spread}, feature) =>
          (["top", "quantile"] as const).flatMap((kind) =>
            (kind === "top" ? top : spread).map((entry, i) => [
              ...[dictionary.name, feature, kind, i + 1],
              ...[fired.tokens[entry], short(fired.values[entry])]
            ])
          )
        )
      )
    ),
  corpus: ({corpus: {tokens, window, documents, sources, parts}, text}) =>
    columnsOf(
      Array.from(tokens, (id, token) => [
        ...[token, token % window, id, text(id), documents[token]],
        ...[sources[documents[token]], parts[documents[token]]],
        isEvaluated(Math.floor(token / window))
      ])
    ),
  labels: ({corpus}) =>
    columnsOf(
      Array.from(corpus.tokens, (_, token) =>
        Array.from(
          corpus.labelIds.subarray(corpus.labelStarts[token], corpus.labelStarts[token + 1]),
          (label) => [token, corpus.labels[label].kind, corpus.labels[label].name]
        )
      ).flat()
    ),
  activations: ({corpus, records}) => {
    const rows = records.flatMap(({dictionary, fired: {starts, tokens, values}}) =>
      Array.from({length: starts.length - 1}, (_, feature) => {
        const found: [number, number, string, number, number][] = [];
        for (let i = starts[feature]; i < starts[feature + 1]; i++) {
          const token = tokens[i];
          if (isEvaluated(Math.floor(token / corpus.window)))
            found.push([token, token % corpus.window, dictionary.name, feature, short(values[i])]);
        }
        return found;
      }).flat()
    );
    return columnsOf(rows);
  },
  logits: ({records, text}) =>
    columnsOf(records.flatMap(({dictionary, logits}) => endRows(dictionary.name, logits, text))),
  deembedding: ({records, text}) =>
    columnsOf(
      records.flatMap(({dictionary, deembedding}) => endRows(dictionary.name, deembedding, text))
    ),
  edges: ({records, edges}) =>
    columnsOf(
      edges.map(({from, to, source, target, weight}) => [
        ...[records[from].dictionary.name, source],
        ...[records[to].dictionary.name, target, short(weight)]
      ])
    )
};

export const labelName = ({labels}: RecordedCorpus, label: number): string => labels[label].name;

function endRows(dictionary: string, ends: readonly Ends[], text: (id: number) => string): Row[] {
  return ends.flatMap(({top, bottom}, feature) =>
    [top, bottom].flatMap(({ids, values}, end) =>
      Array.from(ids, (id, i): Row => {
        const rank = end === 0 ? i + 1 : -i - 1;
        return [dictionary, feature, rank, id, text(id), short(values[i])];
      })
    )
  );
}

type Value = string | number | boolean | null;
type Row = readonly Value[];

function columnsOf(rows: readonly Row[]): ColumnValues[] {
  const width = rows[0]?.length ?? 0;
  return Array.from({length: width}, (_, c) => rows.map((row) => row[c]));
}

/** Four digits: what DuckDB packs into few bits. */
const short = (v: number): number => Math.round(v * 1000) / 1000;
