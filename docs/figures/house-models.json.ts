import {readFileSync} from "node:fs";
import {cards, houseModels, ladder, ngrams} from "./cards.js";
import type {Amount} from "./card.js";

interface Source {
  readonly source: string;
  readonly title: string;
  readonly licence: string;
  readonly religious: boolean;
}

const {data} = cards()[0];
const sources = JSON.parse(readFileSync("data/corpora/sources.json", "utf8")) as Source[];
const amounts = (names: readonly string[]) => names.flatMap((name) => data.train[name] ?? []);
const tokens = (parts: readonly Amount[]) => parts.reduce((sum, part) => sum + part.tokens, 0);
const generated = Object.keys(data.train).filter((name) => name.startsWith("generated/"));
const people = sources.filter(({source}) => source in data.train);
const natural = tokens(amounts(people.map(({source}) => source)));

process.stdout.write(
  JSON.stringify({
    models: houseModels(),
    ngrams: ngrams().map(({order, natural, generated, tasks}) => ({
      name: `${order}-gram`,
      natural: natural.bits_per_character,
      generated: generated.bits_per_character,
      tasks
    })),
    corpus: {
      sources: people.map(({source, title, licence}) => ({
        source,
        title,
        licence,
        ...data.train[source],
        heldout: data.heldout[source]?.tokens ?? 0
      })),
      families: Object.fromEntries(
        generated.map((name) => [name.replace("generated/", ""), data.train[name].tokens])
      ),
      natural,
      generated: tokens(amounts(generated)),
      religious:
        tokens(amounts(people.filter((one) => one.religious).map(({source}) => source))) / natural,
      overlap: data.heldout_overlap
    },
    ladder: ladder()
  })
);
