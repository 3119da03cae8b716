import {openLanguageModel} from "../../src/cli/model.js";
import {intervals} from "../../src/components/intervals.js";
import {bootstrap} from "../../src/tables/bootstrap.js";
import {yearSpans} from "../data/year-spans.js";
import {storedSvg} from "./stored.js";

const model = await openLanguageModel({model: "house-1m", backend: "wasm"});
const {layers, width} = model.config;
const blocks = Array.from({length: layers}, (_, block) => block);
const pairs = yearSpans(40);

/** The vectors of the last token after each block, one list a prompt. */
const vectors = async (prompt: "clean" | "corrupt") => {
  const rows = await model.runAll(pairs, {
    prompt,
    cache: ["blocks.*.hook_resid_post"],
    of: (run) => ({
      after: blocks.map((block) => [
        ...run.activation(`blocks.${block}.hook_resid_post`).data.slice(-width)
      ])
    })
  });
  return rows.map(({after}) => after);
};
const [clean, corrupt] = [await vectors("clean"), await vectors("corrupt")];
const bands = blocks.map((block) => {
  const moves = clean.map((of, pair) => {
    const distance = Math.hypot(...of[block].map((x, i) => x - corrupt[pair][block][i]));
    return distance / Math.hypot(...of[block]);
  });
  return {x: `block ${block}`, ...bootstrap(moves)};
});
const last = bands[layers - 1];
const finding = `After ${last.x}, the change moves the vector by ${Math.round(100 * last.value)}%`;
const chart = {
  ...intervals,
  caption: "Share of the last token’s vector after each block; lines hold 95 % of the resamples.",
  of: (rows: typeof bands) => intervals.of(rows, finding)
};
process.stdout.write(await storedSvg(chart, bands));
