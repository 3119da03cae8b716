import {LanguageModel} from "../model/language-model.js";
import type {ModelSource} from "../model/own-model.js";
import {openTwin} from "../model/twin-backend.js";
import {openSource} from "./open-source.js";

/**
 * The largest difference of a prompt's log-probabilities from the float64 twin's, over the ten
 * likeliest tokens at each position.
 */
export async function twinDifference(
  model: LanguageModel,
  source: ModelSource,
  prompt: string
): Promise<number> {
  const {config, weights, tokenizer} = await openSource(source);
  const twin = new LanguageModel(config, tokenizer, await openTwin(config, weights));
  const [ours, exact] = await Promise.all([
    model.run(prompt, {top: 10}),
    twin.run(prompt, {top: config.vocab})
  ]);
  const worst = ours.predictions.map((row, pos) => {
    const reference = new Map(exact.predictions[pos].map((token) => [token.id, token.p]));
    return Math.max(...row.map((token) => Math.abs(Math.log(token.p / reference.get(token.id)!))));
  });
  return Math.max(...worst);
}
