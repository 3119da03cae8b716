import {counter, type JobOptions} from "../job.js";
import {answerIds, contrastOf} from "./contrast.js";
import {
  cellsOf,
  pairOf,
  type PatchedCell,
  type PatchEachOptions,
  rowOf,
  type SweepModel,
  valuesAt
} from "./patch-each.js";

/**
 * Attribution patching: what `patchEach` gives, estimated for all cells at once from one gradient of
 * the corrupt prompt, as the difference of the clean activation times that gradient (Nanda,
 * "Attribution Patching: Activation Patching At Industrial Scale", 2023; Syed et al., "Attribution
 * Patching Outperforms Automated Circuit Discovery", 2023). It is exact where the model is linear.
 *
 * @throws {PromptError} if the prompts differ in their token counts, or not in their answers.
 * @throws {SiteError} if the site has no row for each token.
 */
export async function attributePatches(
  model: SweepModel,
  {clean, corrupt, site, answer, wrong, ...job}: PatchEachOptions & JobOptions
): Promise<PatchedCell[]> {
  const where = "attributePatches";
  const {backend, tokenizer} = model;
  const contrast = contrastOf(where, tokenizer, {answer, wrong});
  const [yes, no] = answerIds(where, tokenizer, {answer, wrong});
  const {sites, from, to} = pairOf(where, model, {clean, corrupt, site});
  const did = counter(2, job);
  const [cleanIds, corruptIds] = [from, to].map((tokens) => tokens.map(({id}) => id));
  const plain = await backend.forward({
    ...{tokens: [cleanIds], sites, edits: []},
    ...{logits: "last", top: 0, lens: 0}
  });
  await did(1);
  const pos = to.length - 1;
  const {values, activations, gradients} = await backend.gradient({
    ...{tokens: [corruptIds], sites, edits: [], oneHot: false},
    of: {
      ...{kind: "logits", pos},
      weights: [
        [yes, 1],
        [no, -1]
      ]
    }
  });
  const [[top], [bottom]] = [contrast(plain), values];
  const row = rowOf(where, {from, to, top, bottom});
  const cells = sites.flatMap((one) => {
    const [wanted, had, slope] = [plain.activations, activations, gradients].map((tensors) =>
      tensors.get(one)!
    );
    return cellsOf(one, had.shape).map((cell) => {
      const [ours, theirs, by] = [wanted, had, slope].map((tensor) => valuesAt(tensor, cell));
      return row(cell, bottom + by.reduce((sum, g, i) => sum + g * (ours[i] - theirs[i]), 0));
    });
  });
  await did(1);
  return cells;
}
