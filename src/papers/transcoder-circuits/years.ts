import {seeded} from "../../corpus/random.js";
import {isFound, type Row} from "../claim.js";
import {type House, slug} from "./house.js";
import {setting} from "./in-place.js";
import {best, type Parts, partScores, writtenBy} from "./parts.js";
import {LAYER, readYears} from "./year-prompts.js";

const KEPT = 10;

/** That few features of one MLP know which years are later. */
export async function* years(house: House, seed: number): AsyncGenerator<Row> {
  const prompts = await readYears(house, seed);
  const {features, neurons, gradients, difference, count} = prompts;
  const chosen = (parts: Parts) => best(partScores(parts, gradients), KEPT);
  const random = seeded(1000 * seed + 2);
  const fired = Array.from({length: features.values.shape[1]}, (_, f) => f).filter((f) =>
    features.values.data.some((v, i) => i % features.values.shape[1] === f && v !== 0)
  );
  const drawn = random.sample(fired, KEPT);
  const all = (parts: Parts) => Array.from({length: parts.values.shape[1]}, (_, i) => i);
  const own = await difference();
  const none = await difference(writtenBy(neurons, []));
  const spliced = await difference(writtenBy(features, all(features)));
  const byFeatures = await difference(writtenBy(features, chosen(features)));
  const byNeurons = await difference(writtenBy(neurons, chosen(neurons)));
  const byDrawn = await difference(writtenBy(features, drawn));
  const years = {
    ...setting,
    ours: `house-3m, the MLP of layer ${LAYER} at the last of ${count} prompts such as "The war lasted from 1703 to 17"`
  };
  const beside = [
    {name: "the model as it is", value: own},
    {name: "no part of this MLP kept", value: none},
    {name: "all features", value: spliced},
    {name: `${KEPT} features`, value: byFeatures},
    {name: `${KEPT} neurons`, value: byNeurons}
  ];
  yield await isFound(
    slug,
    seed,
    {
      claim: "ten features of one MLP know the year better than ten of its neurons",
      setting: years,
      metric: "later years' probability less that of the others: ten features' less ten neurons'",
      reported: "features beat neurons at every number kept (its figure)",
      op: ">=",
      threshold: 0.1,
      beside,
      value: () => Promise.resolve(byFeatures - byNeurons),
      control: {
        name: "ten features that fire, drawn at random",
        value: () => Promise.resolve(byDrawn - byNeurons)
      }
    },
    "not-here"
  );
  const share = (of: number) => (of - none) / (spliced - none);
  yield await isFound(
    slug,
    seed,
    {
      claim: "and bring back most of what all its features do",
      setting: years,
      metric: "share of the difference that all features make to none, ten kept",
      op: ">=",
      threshold: 0.7,
      partly: 0.4,
      beside: [{name: `${KEPT} neurons`, value: share(byNeurons)}],
      value: () => Promise.resolve(share(byFeatures)),
      control: {
        name: "ten features that fire, drawn at random",
        value: () => Promise.resolve(share(byDrawn))
      }
    },
    "partly"
  );
}
