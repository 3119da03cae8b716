import {readFileSync} from "node:fs";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {writeFileAtomic} from "../src/site/atomic.js";
import {parseLmConfig} from "../src/training/lm-config.js";
import {Batches} from "../src/training/window-order.js";

/**
 * Cuts the windows of a recipe's first steps from its corpus, so that they can be taken again where
 * the corpus is not: u16, little-endian, `[steps · batch, context + 1]`.
 *
 *     npx tsx scripts/first-batches.ts data/models/ladder-25k --data data/corpora/build/512
 */
const STEPS = 40;

const {values, positionals} = parseArgs({
  options: {data: {type: "string"}},
  allowPositionals: true
});
const [folder] = positionals;
const file = join(folder, "training.json");
const config = parseLmConfig(readFileSync(file, "utf8"), file);
const data = values.data ?? join("data/corpora/build", String(config.vocab));
const bytes = readFileSync(join(data, "train.bin"));
const ids = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
const batches = new Batches(ids, config);
const windows = Array.from({length: STEPS}, (_, step) => Buffer.from(batches.at(step).buffer));
const out = join(folder, "first-batches.bin");
writeFileAtomic(out, Buffer.concat(windows));
console.log(`${out}: ${STEPS} steps of ${config.batch} windows, from ${join(data, "train.bin")}`);
