import {batchSize} from "../batch-size.js";
import type {Backend} from "../backend.js";
import type {ModelConfig} from "../config.js";
import type {Edit} from "../edits.js";
import {counter, type JobOptions} from "../job.js";
import type {Contrast} from "./contrast.js";

/**
 * The contrast of one prompt under each edit by itself, many edits a pass: each changes one sequence
 * of the batch.
 *
 * @param edits Of a batch of one.
 */
export async function contrastUnderEach(
  {config, backend}: {readonly config: ModelConfig; readonly backend: Backend},
  tokens: readonly number[],
  edits: readonly Edit[],
  contrast: Contrast,
  options: JobOptions
): Promise<number[]> {
  const edited = [...new Set(edits.map(({site}) => site))];
  const most = batchSize(config, backend.slow, {
    tokens: tokens.length,
    sites: [],
    edited,
    logitRows: 1
  });
  const passes = Math.ceil(edits.length / most);
  // every pass has as many sequences, and edits of every layer, so that one program serves them all
  const sequences = Array<readonly number[]>(Math.ceil(edits.length / passes)).fill(tokens);
  const did = counter(edits.length, options);
  const contrasts = new Array<number>(edits.length);
  for (let pass = 0; pass < passes; pass++) {
    const dealt = edits.flatMap((edit, i) => (i % passes === pass ? [{edit, i}] : []));
    const result = await backend.forward({
      tokens: sequences,
      sites: [],
      edits: dealt.map(({edit}, n) => ({...edit, batch: [n]})),
      logits: "last",
      top: 0,
      lens: 0
    });
    contrast(result).forEach((value, n) => {
      if (n < dealt.length) contrasts[dealt[n].i] = value;
    });
    await did(dealt.length);
  }
  return contrasts;
}
