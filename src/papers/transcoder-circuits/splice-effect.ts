import type {Run} from "../../model/run.js";
import type {RunOptions} from "../../model/run-options.js";

interface Runner {
  run(prompt: string, options?: RunOptions): Promise<Run>;
  readonly config: {readonly vocab: number};
}

/** What transcoders in place of MLPs do to a prompt. */
export interface SpliceEffect {
  /** Nats per token, of the model as it is and as it then is. */
  readonly before: number;
  readonly after: number;
  /** Mean KL from the model as it is, in nats. */
  readonly divergence: number;
  readonly run: Run;
}

/**
 * Runs a prompt with dictionaries in the place of MLPs, and with features changed.
 *
 * @param names Of the dictionaries.
 */
export async function spliceEffect(
  lm: Runner,
  prompt: string,
  {names, features = {}}: {readonly names: readonly string[]} & Pick<RunOptions, "features">
): Promise<SpliceEffect> {
  const top = lm.config.vocab;
  const splice: Record<string, {error: boolean}> = {};
  for (const name of Object.keys(features)) splice[name.replace(/\[.*/, "")] = {error: true};
  for (const name of names) splice[name] = {error: false};
  const plain = await lm.run(prompt, {top});
  const run =
    Object.keys(splice).length > 0 ? await lm.run(prompt, {top, splice, features}) : plain;
  const [exact, other] = [plain, run].map(({predictions}) =>
    predictions.map((row) => new Map(row.map(({id, p}) => [id, Math.log(p)])))
  );
  const loss = (rows: typeof exact) => {
    const nats = plain.tokens.slice(1).map(({id}, pos) => -rows[pos].get(id)!);
    return nats.reduce((sum, v) => sum + v, 0) / nats.length;
  };
  const divergences = exact.map((row, pos) =>
    [...row].reduce((sum, [id, log]) => sum + Math.exp(log) * (log - other[pos].get(id)!), 0)
  );
  return {
    ...{before: loss(exact), after: loss(other), run},
    divergence: divergences.reduce((sum, v) => sum + v, 0) / divergences.length
  };
}
