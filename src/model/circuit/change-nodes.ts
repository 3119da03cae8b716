import {batchSize} from "../batch-size.js";
import type {Edit} from "../edits.js";
import {counter, type JobOptions} from "../job.js";
import type {Site} from "../sites.js";
import {preActivation, type Target, valueOf, weighed} from "./cut.js";
import {type FrozenPass, heldEdits} from "./frozen-pass.js";
import {nodeEdit} from "./node-edits.js";
import type {CircuitNode, Source} from "./sources.js";

/** What became of a target when a node was changed. */
export interface NodeChange {
  readonly node: CircuitNode;
  /** By how much the target was to change, by what the node adds to it. */
  readonly predicted: number;
  /** By how much it did. */
  readonly actual: number;
}

export interface ChangeOptions extends JobOptions {
  /** What each node is multiplied by; 0 drops it, and is taken when left out. */
  readonly factor?: number;
  /** Whether patterns, the norms' divisors and what MLPs write are held as they were. */
  readonly held?: boolean;
}

/**
 * Multiplies each node by a factor, runs the model, and compares the target with what the node's
 * contribution foretold: each node by itself, many a pass.
 *
 * @throws {SiteError} if a node is a bias.
 */
export async function changeNodes(
  pass: FrozenPass,
  target: Target,
  sources: readonly Source[],
  {factor = 0, held = false, ...job}: ChangeOptions = {}
): Promise<NodeChange[]> {
  const {tokens, model} = pass;
  const edits = sources.map(({node}) => nodeEdit(pass, node, factor));
  const did = counter(sources.length, job);
  const edited = [...new Set(edits.map(({site}) => site))];
  const most = batchSize(model.config, model.backend.slow, {
    ...{tokens: tokens.length, sites: sitesRead(target), edited, logitRows: tokens.length}
  });
  const passes = Math.ceil(edits.length / most);
  const batch = Math.ceil(edits.length / passes);
  const hold = held && passes > 0 ? heldEdits(pass, batch) : [];
  const before = valueOf(pass, target);
  const rows = new Array<NodeChange>(sources.length);
  for (let n = 0; n < passes; n++) {
    // dealt out, so that every pass edits every layer and one program serves them all
    const dealt = edits.flatMap((edit, i) => (i % passes === n ? [{edit, i}] : []));
    const own = dealt.map(({edit}, at): Edit => ({...edit, batch: [at]}));
    const values = await targetUnder(pass, target, [...hold, ...own], {batch, held});
    for (const [at, {i}] of dealt.entries()) {
      const {node, contribution} = sources[i];
      rows[i] = {node, predicted: (factor - 1) * contribution, actual: values[at] - before};
    }
    await did(dealt.length);
  }
  return rows;
}

const sitesRead = (target: Target): Site[] =>
  target.kind === "feature" ? [`blocks.${target.layer}.ln2.hook_normalized`] : [];

/** The target's value in each of `batch` passes over the prompt that are run with edits. */
async function targetUnder(
  {model: {backend, transcoders, config, read: dictionaries}, tokens, spliced}: FrozenPass,
  target: Target,
  edits: readonly Edit[],
  {batch, held}: {readonly batch: number; readonly held: boolean}
): Promise<number[]> {
  const sites = sitesRead(target);
  const {activations, logits} = await backend.forward({
    ...{tokens: Array.from({length: batch}, () => tokens), sites, edits, top: 0, lens: 0},
    logits: target.kind === "feature" ? "none" : "all",
    // what MLPs write is held too, so that nobody reads what stands in for them
    ...(spliced &&
      !held && {
        dictionaries: {
          dictionaries,
          splice: new Map(dictionaries.map(({name}) => [name, {error: false}])),
          edits: []
        }
      })
  });
  return Array.from({length: batch}, (_, sequence) => {
    const row = (values: Float32Array, width: number) => {
      const at = (sequence * tokens.length + target.pos) * width;
      return values.subarray(at, at + width);
    };
    if (target.kind === "logits") return weighed(row(logits!.data, config.vocab), target);
    const normalized = row(activations.get(sites[0])!.data, config.width);
    return preActivation(transcoders.get(target.layer)!, target.feature, normalized);
  });
}
