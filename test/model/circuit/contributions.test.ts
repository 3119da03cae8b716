import {isDeepStrictEqual} from "node:util";
import {beforeAll, describe, expect, it} from "vitest";
import {featureAt} from "../../../src/model/active-features.js";
import {changeNodes} from "../../../src/model/circuit/change-nodes.js";
import {cutOf, featureCut, type Target, valueOf} from "../../../src/model/circuit/cut.js";
import type {FrozenPass} from "../../../src/model/circuit/frozen-pass.js";
import {headCut} from "../../../src/model/circuit/heads.js";
import {pullBack} from "../../../src/model/circuit/pull-back.js";
import {
  type CircuitNode,
  type Source,
  sourcesOf,
  total
} from "../../../src/model/circuit/sources.js";
import {smallCircuit} from "../../support/small-circuit.js";
import {SMALL_MODELS} from "../../support/small-models.js";

describe.each(SMALL_MODELS)("circuits of a %s", (_, config) => {
  let pass: FrozenPass;
  beforeAll(async () => {
    pass = await smallCircuit(config);
  });
  const feature = (): number => pass.features.get("mlp2tc")!.indices[3 * 5];
  const targets = (): Target[] => [
    {kind: "feature", layer: 2, feature: feature(), pos: 3},
    {kind: "feature", layer: 2, feature: (feature() + 1) % 33, pos: 5},
    {
      ...{kind: "logits", pos: 4},
      weights: [
        [2, 1],
        [7, -1]
      ]
    }
  ];

  it("gives a feature that fires its own value", () => {
    const value = featureAt(pass.features.get("mlp2tc")!, feature(), 3);
    expect(value).toBeGreaterThan(0);
    expect(valueOf(pass, targets()[0])).toBeCloseTo(value, 5);
  });

  it("splits what is read into what was written to the token, exactly", () => {
    for (const target of targets())
      expect(total(sourcesOf(pass, cutOf(pass, target)))).toBeCloseTo(valueOf(pass, target), 4);
  });

  it("splits it into what was written to any token, through attention", () => {
    for (const target of targets())
      expect(total(pullBack(pass, cutOf(pass, target)).sources)).toBeCloseTo(
        valueOf(pass, target),
        4
      );
  });

  it("splits what a head brings into what was written where it looks", () => {
    for (const target of targets()) {
      const cut = cutOf(pass, target);
      for (const {node, contribution} of sourcesOf(pass, cut))
        if (node.kind === "head")
          expect(total(sourcesOf(pass, headCut(pass, cut, node)))).toBeCloseTo(contribution, 4);
    }
  });

  it("goes through later features where it is asked to", () => {
    const cut = cutOf(pass, targets()[2]);
    const direct = pullBack(pass, cut).sources;
    const whole = pullBack(pass, cut, "features").sources;
    const later = direct.flatMap(({node, weight}) =>
      node.kind === "feature" && node.layer === 2
        ? [{weight, sources: pullBack(pass, featureCut(pass, node)).sources}]
        : []
    );
    expect(later.length).toBeGreaterThan(0);
    const added = (sources: readonly Source[], node: CircuitNode) =>
      total(sources.filter((source) => isDeepStrictEqual(source.node, node)));
    let largest = 0;
    for (const {node} of whole) {
      if (node.kind !== "feature" || node.layer !== 0) continue;
      const passedOn = later.reduce(
        (sum, {weight, sources}) => sum + weight * added(sources, node),
        0
      );
      expect(added(whole, node)).toBeCloseTo(added(direct, node) + passedOn, 5);
      largest = Math.max(largest, Math.abs(passedOn));
    }
    expect(largest).toBeGreaterThan(0.01);
  });

  it("foretells what dropping a node does while the rest is held", async () => {
    for (const target of targets()) {
      const {sources, heads} = pullBack(pass, cutOf(pass, target));
      const changed = [...sources.filter(({node}) => node.kind !== "bias"), ...heads];
      for (const factor of [0, 2.5])
        for (const {predicted, actual} of await changeNodes(pass, target, changed, {
          ...{factor, held: true}
        }))
          expect(actual).toBeCloseTo(predicted, 4);
    }
  });
});
