import {beforeAll, describe, expect, it} from "vitest";
import type {FrozenPass} from "../../../src/model/circuit/frozen-pass.js";
import {sourcesOf, total} from "../../../src/model/circuit/sources.js";
import {cutOf} from "../../../src/model/circuit/cut.js";
import {trace, targetOf, type Traced, type TraceOptions} from "../../../src/model/circuit/trace.js";
import {overlaps, virtualWeights} from "../../../src/model/circuit/virtual-weights.js";
import {letters} from "../../support/letters.js";
import {smallCircuit} from "../../support/small-circuit.js";
import {SMALL_MODELS} from "../../support/small-models.js";

describe.each(SMALL_MODELS)("a trace in a %s", (_, config) => {
  let pass: FrozenPass;
  beforeAll(async () => {
    pass = await smallCircuit(config);
  });
  const traced = (of: TraceOptions["of"]): Traced =>
    trace(
      pass,
      targetOf(pass, of, letters),
      {prompt: "p", model: "small", convention: "folded", tokenizer: letters},
      {keep: 5, depth: 2}
    );

  it("is of a logit difference at the last token, or of a feature at any", () => {
    const difference = traced({answer: "q", wrong: "t"});
    expect(difference.graph.metadata.convention).toBe("folded");
    expect(difference.target).toMatchObject({kind: "logits", pos: 5});
    expect(total(difference.written)).toBeCloseTo(difference.value, 4);
    const feature = traced("mlp2tc[4]@-2");
    expect(feature.target).toEqual({kind: "feature", layer: 2, feature: 4, pos: 4});
    expect(total(feature.written)).toBeCloseTo(feature.value, 4);
  });

  it("says what cannot be traced", () => {
    expect(() => traced("mlp9tc[4]")).toThrow("must be of a transcoder of this model, mlp0tc");
    expect(() => traced("mlp2tc[33]")).toThrow("feature must be in 0 … 32, got 33");
    expect(() => traced("mlp2tc[4]@6")).toThrow("token must be in 0 … 5");
    expect(() => traced({answer: "qq", wrong: "t"})).toThrow("answer must be one token");
  });

  it("ranks weights without the prompt: a firing feature's is its source's weight", () => {
    const target = targetOf(pass, "mlp2tc[4]@3", letters);
    const all = virtualWeights(pass, target, 1000);
    expect(all).toHaveLength(33);
    expect(Math.abs(all[0].weight)).toBeGreaterThanOrEqual(Math.abs(all[1].weight));
    const fired = sourcesOf(pass, cutOf(pass, target)).filter(({node}) => node.kind === "feature");
    expect(fired.length).toBeGreaterThan(0);
    for (const {node, weight} of fired)
      expect(
        all.find(
          ({layer, feature}) =>
            node.kind === "feature" && layer === node.layer && feature === node.feature
        )?.weight
      ).toBe(weight);
    const [{shared}, every] = overlaps(pass, target, [1, 33]);
    expect([0, 1]).toContain(shared);
    expect(every.shared).toBeCloseTo(fired.length / 33, 12);
  });
});
