import {rowCount} from "../gpu/shape.js";
import type {ModelConfig} from "./config.js";
import {type Edit, layOut, type RowEdit} from "./edits.js";
import {matchSites, type Site, siteAxes, SiteError, siteShape} from "./sites.js";

/** How many of its tokens a pass of a continuation has at a site: only the last from the final norm on. */
export const tokensAt = (site: Site, tokens: number): number =>
  site.startsWith("ln_final") ? 1 : tokens;

type Edits = ReadonlyMap<Site, readonly RowEdit[]>;

/**
 * The edits of each pass of a continuation, which reads `tokens` tokens at positions `start …` and
 * finds the earlier ones in its cache. A value with a number for each key has one for each token of
 * the context.
 *
 * @throws {SiteError} if a site is not the model's, or an edit does not fit the context.
 */
export function editWindows(
  edits: readonly Edit[],
  config: ModelConfig,
  prompts: readonly (readonly number[])[]
): (start: number, tokens: number) => Edits {
  const prompt = prompts[0]?.length ?? 0;
  for (const {site} of edits) matchSites([site], config);
  const counted = edits.map((edit) => ({...edit, ...(edit.pos && {pos: fromStart(edit, prompt)})}));
  const whole = layOut(counted, config, prompts.length, config.context);
  return (start, tokens) => {
    const windows = new Map<Site, RowEdit[]>();
    for (const [site, rowEdits] of whole) {
      const full = siteShape(site, config, prompts.length, config.context);
      const kept = tokensAt(site, tokens);
      const first = start + tokens - kept;
      const inner = siteShape(site, config, prompts.length, kept, start + tokens);
      const axis = siteAxes(site).findIndex((name) => name === "pos" || name === "query");
      const rows = Array.from({length: rowCount(inner)}, (_, row) => {
        let rest = row;
        let at = 0;
        let stride = 1;
        for (let i = inner.length - 2; i >= 0; i--) {
          at += ((rest % inner[i]) + (i === axis ? first : 0)) * stride;
          rest = Math.floor(rest / inner[i]);
          stride *= full[i];
        }
        return at;
      });
      const cut = rowEdits
        .map((edit) => cutOut(edit, rows, full.at(-1)!, inner.at(-1)!))
        .filter(({rowOf}) => rowOf.some((n) => n > 0));
      if (cut.length > 0) windows.set(site, cut);
    }
    return windows;
  };
}

function fromStart({site, pos}: Edit, prompt: number): number[] {
  return pos!.map((index) => {
    if (index >= -prompt) return index < 0 ? index + prompt : index;
    throw new SiteError(
      `edit of ${site}: pos must be at least −${prompt} to be counted from the end of the prompt, got ${index}`
    );
  });
}

/** Those of an edit's rows that a pass has, their values cut to `kept` of `channels` numbers. */
function cutOut(
  {op, rowOf, values}: RowEdit,
  rows: readonly number[],
  channels: number,
  kept: number
): RowEdit {
  const numbers = new Map<number, number>();
  const cut = Uint32Array.from(rows, (row) => {
    const n = rowOf[row];
    if (n > 0 && !numbers.has(n)) numbers.set(n, numbers.size + 1);
    return n > 0 ? numbers.get(n)! : 0;
  });
  const packed = new Float32Array(numbers.size * kept);
  for (const [from, to] of numbers) {
    const start = (from - 1) * channels;
    packed.set(values.subarray(start, start + kept), (to - 1) * kept);
  }
  return {op, rowOf: cut, values: packed};
}
