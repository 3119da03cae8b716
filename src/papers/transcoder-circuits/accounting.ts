import {changeNodes} from "../../model/circuit/change-nodes.js";
import {type Cut, featureCut, type Target, valueOf} from "../../model/circuit/cut.js";
import {freeze, type FrozenPass} from "../../model/circuit/frozen-pass.js";
import {pullBack} from "../../model/circuit/pull-back.js";
import {type Source, sourcesOf, total} from "../../model/circuit/sources.js";
import {seeded} from "../../corpus/random.js";
import {isFound, mustHold, type Row} from "../claim.js";
import {type House, slug, someWindows} from "./house.js";
import {setting} from "./in-place.js";
import {spearman} from "./spearman.js";

export interface Amounts {
  /** Passes over the first tokens of held-out windows. */
  readonly passes: number;
  /** (feature, token) pairs whose pre-activation is split. */
  readonly pairs: number;
  /** Of those, how many are split through attention too. */
  readonly through: number;
  /** Targets whose upstream features are dropped. */
  readonly targets: number;
  /** How many features are dropped for each, the largest contributions. */
  readonly dropped: number;
}

type FeatureTarget = Extract<Target, {kind: "feature"}>;

const TOKENS = 21;
/** Whose upstream features are dropped: two thirds up the model. */
const LATE = 4;

/** That contributions add up, and foretell what dropping a feature does. */
export async function* accounting(
  house: House,
  seed: number,
  {passes: count, pairs, through, targets, dropped}: Amounts
): AsyncGenerator<Row> {
  const random = seeded(1000 * seed + 1);
  const passes: FrozenPass[] = [];
  for (const window of someWindows(house, count, seed))
    passes.push(await freeze(house.circuits, window.slice(0, TOKENS)));
  const spliced = await freeze(house.circuits, passes[0].tokens, {spliced: true});

  /** Features that fire, of layers `layers`, at tokens with some text before them. */
  const draw = (pass: FrozenPass, layers: readonly number[]): FeatureTarget => {
    const layer = random.pick(layers);
    const pos = random.between(4, TOKENS - 1);
    const {name} = house.circuits.transcoders.get(layer)!;
    const {starts, indices} = pass.features.get(name)!;
    const feature = random.pick([...indices.subarray(starts[pos], starts[pos + 1])]);
    return {kind: "feature", layer, feature, pos};
  };
  const later = Array.from({length: house.config.layers - 1}, (_, i) => i + 1);
  const drawn = Array.from({length: pairs}, (_, i) => {
    const pass = passes[i % passes.length];
    return {pass, target: draw(pass, later)};
  });
  const missed = (split: typeof sumOf, change: (cut: Cut) => Cut, of = drawn) => {
    let worst = 0;
    for (const {pass, target} of of) {
      const value = valueOf(pass, target);
      const sum = split(pass, change(featureCut(pass, target)));
      worst = Math.max(worst, Math.abs(sum - value) / Math.abs(value));
    }
    return Promise.resolve(worst);
  };
  const same = (cut: Cut) => cut;
  const otherScale = (cut: Cut) => ({...cut, scale: 1.1 * cut.scale});

  yield await mustHold(slug, seed, {
    claim: "what features, heads, the embedding, errors and biases add is all of a pre-activation",
    setting,
    metric: `largest relative difference of the sum, of ${pairs} (feature, token) pairs`,
    reported: "exact (its method)",
    op: "<=",
    threshold: 1e-3,
    value: () => missed(sumOf, same),
    control: {name: "a norm's divisor a tenth too large", value: () => missed(sumOf, otherScale)}
  });
  const few = drawn.slice(0, through);
  yield await mustHold(slug, seed, {
    claim: "so it is when heads are followed back to every earlier token",
    setting,
    metric: `largest relative difference of the sum, of ${through} (feature, token) pairs`,
    op: "<=",
    threshold: 1e-3,
    value: () => missed(sumThrough, same, few),
    control: {
      name: "a norm's divisor a tenth too large",
      value: () => missed(sumThrough, otherScale, few)
    }
  });

  const held = draw(spliced, [LATE]);
  const largest = (sources: readonly Source[], most: number): Source[] =>
    sources
      .filter(({node}) => node.kind === "feature")
      .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
      .slice(0, most);
  const heldError = async (factor: number) => {
    const sources = largest(pullBack(spliced, featureCut(spliced, held)).sources, 2 * dropped);
    const rows = await changeNodes(spliced, held, sources, {held: true});
    const errors = rows
      .map(({predicted, actual}) => Math.abs(factor * predicted - actual) / Math.abs(actual))
      .sort((a, b) => a - b);
    return errors[Math.floor(errors.length / 2)];
  };
  yield await mustHold(slug, seed, {
    claim: "with all else held, dropping a feature does what its contribution foretells",
    setting,
    metric: `median relative error of the change, ${2 * dropped} features, all layers spliced`,
    op: "<=",
    threshold: 1e-3,
    value: () => heldError(1),
    control: {name: "a contribution a tenth too large", value: () => heldError(1.1)}
  });

  const foretold: number[] = [];
  const had: number[] = [];
  for (let i = 0; i < targets; i++) {
    const pass = passes[i % passes.length];
    const target = draw(pass, [LATE]);
    const sources = largest(pullBack(pass, featureCut(pass, target), "features").sources, dropped);
    for (const {predicted, actual} of await changeNodes(pass, target, sources)) {
      foretold.push(predicted);
      had.push(actual);
    }
  }
  yield await isFound(
    slug,
    seed,
    {
      claim: "in the model itself, nothing held, the effects of dropping features keep their order",
      setting,
      metric: `Spearman correlation of effects foretold and had, ${targets} features of layer ${LATE}, ${dropped} dropped for each`,
      op: ">=",
      threshold: 0.8,
      partly: 0.5,
      value: () => Promise.resolve(spearman(foretold, had)),
      control: {
        name: "the effects of the next feature",
        value: () => Promise.resolve(spearman(foretold, [...had.slice(1), had[0]]))
      }
    },
    "partly"
  );
}

const sumOf = (pass: FrozenPass, cut: Cut): number => total(sourcesOf(pass, cut));
const sumThrough = (pass: FrozenPass, cut: Cut): number => total(pullBack(pass, cut).sources);
