import {describe, expect, it} from "vitest";
import {openTwin} from "../../src/model/twin-backend.js";
import {strongEdges} from "../../src/recording/edges.js";
import {extremes, eachProduct} from "../../src/recording/weight-products.js";
import {randomDictionary} from "../support/small-dictionaries.js";
import {SMALL_MODELS, randomWeights} from "../support/small-models.js";

describe("strongEdges(dictionaries, config, weights, threshold)", () => {
  it.each(SMALL_MODELS.filter(([, {parallel}]) => !parallel))(
    "is what a feature written into the stream changes of a later one, times what the norm divides by (%s)",
    async (_, config) => {
      const weights = randomWeights(config, 1);
      const [early, late] = [0, 1].map((layer) =>
        randomDictionary(config, 3 + layer, {
          ...{name: `mlp${layer}tc`, kind: "transcoder", activation: "relu"},
          input: `blocks.${layer}.ln2.hook_normalized`,
          outputs: [`blocks.${layer}.hook_mlp_out`]
        })
      );
      const edges = strongEdges([early, late], config, weights, 0.3);
      expect(edges.length).toBeGreaterThan(10);
      const backend = await openTwin(config, weights);
      const scaleSite = "blocks.1.ln2.hook_scale";
      const read = "blocks.1.ln2.hook_normalized";
      const tokens = [[3, 1, 4]];
      const quiet = {tokens, logits: "none", top: 0, lens: 0} as const;
      const {activations: before} = await backend.forward({
        ...quiet,
        sites: [scaleSite, read],
        edits: []
      });
      const scale = before.get(scaleSite)!.data.at(-1)!;
      const width = config.width;
      for (const {source, target, weight} of edges.slice(0, 5)) {
        const written = early.outputs[0].decoder.data.slice(source * width, (source + 1) * width);
        const {activations: after} = await backend.forward({
          ...quiet,
          sites: [read],
          edits: [
            {site: "blocks.1.hook_resid_mid", op: "add", pos: [-1], value: written},
            {site: scaleSite, op: "replace", pos: [-1], value: scale}
          ]
        });
        const row = late.encoder.weight.data.subarray(target * width, (target + 1) * width);
        const change = row.reduce((sum, w, c) => {
          const at = 2 * width + c;
          return sum + w * (after.get(read)!.data[at] - before.get(read)!.data[at]);
        }, 0);
        expect(change * scale).toBeCloseTo(weight, 4);
      }
    }
  );

  it("stands on products and their extremes", () => {
    const rows = {count: 5, width: 3, data: Float32Array.from({length: 15}, (_, i) => i - 7)};
    const found: number[][] = [];
    eachProduct(rows, rows, (_, products) => found.push([...products]));
    expect(found[1][4]).toBe(-4 * 5 + -3 * 6 + -2 * 7);
    expect(found[4][1]).toBe(found[1][4]);
    expect([...extremes(Float32Array.of(1, 5, -2, 5), 2).ids]).toEqual([1, 3]);
    expect([...extremes(Float32Array.of(1, 5, -2, 5), 2, -1).ids]).toEqual([2, 0]);
  });
});
