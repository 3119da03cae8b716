import {readFileSync} from "node:fs";
import type {ModelCard, NgramResult} from "./card.js";

const read = <T>(path: string) => JSON.parse(readFileSync(path, "utf8")) as T;
const card = read<ModelCard>("data/models/house-1m/model.json");
const {rows} = read<{rows: NgramResult[]}>("data/corpora/ngram.json");

const bits = ({natural, generated}: NgramResult | ModelCard["quality"]["heldout"]) => ({
  natural: natural.bits_per_character.toFixed(2),
  generated: generated.bits_per_character.toFixed(2)
});
const mixture = Object.entries(card.data.train);
const tokens = (parts: typeof mixture) => parts.reduce((sum, [, part]) => sum + part.tokens, 0);
const generated = tokens(mixture.filter(([name]) => name.startsWith("generated/")));

process.stdout.write(
  JSON.stringify({
    parameters: `${(card.parameters / 1e6).toFixed(1)} million`,
    tokensSeen: `${(card.training.tokens_seen / 1e6).toFixed(1)} million`,
    generated: `${Math.round((100 * generated) / tokens(mixture))} %`,
    yearSpans: card.data.train["generated/year-span"].documents.toLocaleString("en"),
    sources: card.data.licences.map(({title, licence}) => ({title, licence})),
    licence: card.licence,
    sha256: card.files["model.safetensors"].sha256.slice(0, 12),
    heldout: [
      {reader: card.name, ...bits(card.quality.heldout)},
      ...rows.map((row) => ({reader: `${row.order}-gram`, ...bits(row)}))
    ]
  })
);
