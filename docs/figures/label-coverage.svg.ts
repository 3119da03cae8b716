import {readFileSync} from "node:fs";
import {join} from "node:path";
import {labelCoverageChart} from "../../src/components/label-coverage.js";
import type {FeatureIndex} from "../../src/recording/feature-index.js";
import {FeatureReader} from "../../src/recording/feature-reader.js";
import {labelCoverage} from "../../src/recording/label-coverage.js";
import {storedSvg} from "./stored.js";

const folder = "data/features/house-3m";
const index = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as FeatureIndex;
const reader = new FeatureReader(index, (file) =>
  Promise.resolve(new Uint8Array(readFileSync(join(folder, file))))
);
const dictionaries = await Promise.all(index.dictionaries.map(({name}) => reader.dictionary(name)));
process.stdout.write(await storedSvg(labelCoverageChart, labelCoverage(index, dictionaries)));
