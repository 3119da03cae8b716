import {Run} from "../../src/model/run.js";
import type {Site} from "../../src/model/sites.js";

const tensor = (shape: number[], from = 0) => ({
  shape,
  data: Float32Array.from({length: shape.reduce((a, b) => a * b)}, (_, i) => from + i)
});

/** A run over three tokens, two layers, two heads and width 4, whose activations count from `from`. */
export function fixtureRun(from = 0): Run {
  const texts = ["The", " war", " of"];
  const ranked = (pos: number, layer: number) =>
    [0.5, 0.25].map((p, i) => ({id: 10 * layer + i, text: ` t${i}`, p: p / (pos + 1)}));
  return new Run({
    prompt: "The war of",
    tokens: texts.map((text, id) => ({id, text})),
    predictions: texts.map((_, pos) => ranked(pos, 2)),
    lens: [0, 1, 2].map((layer) => texts.map((_, pos) => ranked(pos, layer))),
    activations: new Map<Site, ReturnType<typeof tensor>>([
      ["hook_embed", tensor([1, 3, 4], from)],
      ["blocks.1.attn.hook_z", tensor([1, 3, 2, 2], from)],
      ["blocks.1.attn.hook_pattern", tensor([1, 2, 3, 3], from)]
    ]),
    milliseconds: 1
  });
}
