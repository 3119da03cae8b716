import {existsSync, readFileSync} from "node:fs";
import {TOKENS} from "../src/model/attack/attack-rows.js";
import {forced, pick} from "../src/papers/activation-attacks/laws.js";
import {
  readMeasured,
  resistanceOf,
  roundedSlope
} from "../src/papers/activation-attacks/measured.js";
import {settings} from "../src/papers/activation-attacks/series.js";
import {LADDER} from "../src/papers/house-models/shipped.js";
import {writeFileAtomic} from "../src/site/atomic.js";

// Fits laws to the rows of data/tables/attacks and writes data/tables/activation-attacks.json.

const OUT = "data/tables/activation-attacks.json";
const models = LADDER.flatMap((model) => {
  const path = `data/tables/attacks/${model}.jsonl`;
  if (!existsSync(path)) return [];
  const measured = readMeasured(model, readFileSync(path));
  const {rows, width, choices, law} = measured;
  const layers = [...new Set(rows.map(({layer}) => layer))].filter((layer) => layer !== TOKENS);
  const parts = [...new Set(rows.filter(({layer}) => layer === 0).map(({dims}) => dims))];
  console.log(model, rows.length);
  return [
    {
      ...{model, width, choices, rows: rows.length, texts: new Set(rows.map(({rep}) => rep)).size},
      parameters: (
        JSON.parse(readFileSync(`data/models/${model}/model.json`, "utf8")) as {
          non_embedding_parameters: number;
        }
      ).non_embedding_parameters,
      ...{points: law.points, line: law.line, slope: law.slope, power: law.power, r2: law.r2},
      ...{proportional: law.proportional, predicted: law.predicted},
      resistance: resistanceOf(measured, 16),
      bits: settings.bits.map((bits) => ({bits, slope: roundedSlope(measured, bits)})),
      parts: parts.map((dims) => ({dims, points: forced(pick(rows, {dims}))})),
      layers: layers.map((layer) => ({layer, points: forced(pick(rows, {layer, dims: width}))})),
      tokens: rows.some(({layer}) => layer === TOKENS)
        ? forced(rows.filter(({layer}) => layer === TOKENS))
        : []
    }
  ];
});
writeFileAtomic(OUT, `[\n${models.map((one) => `  ${JSON.stringify(one)}`).join(",\n")}\n]\n`);
console.log(`${OUT}: ${models.length} models`);
