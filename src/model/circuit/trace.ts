import type {AttributionGraph} from "../attribution-graph.js";
import {type FeatureName, parseFeatureName} from "../feature-name.js";
import {PromptError} from "../request.js";
import type {Token} from "../run.js";
import {SiteError, siteLayer} from "../sites.js";
import {type Answers, answerIds} from "../sweeps/contrast.js";
import type {Tokenizer} from "../tokenizer.js";
import type {Convention} from "../convention.js";
import {circuitGraph} from "./circuit-graph.js";
import {cutOf, type Target, valueOf} from "./cut.js";
import type {FrozenPass} from "./frozen-pass.js";
import {greedyPaths, type PathOptions, prunePaths} from "./paths.js";
import {pullBack} from "./pull-back.js";
import {type Source, sourcesOf} from "./sources.js";
import {type Overlap, overlaps, type VirtualWeight, virtualWeights} from "./virtual-weights.js";

export interface TraceOptions extends PathOptions {
  /** A feature at a token, such as `mlp4tc[12]@-1`, or two answers: their logits' difference at the last token. */
  readonly of: FeatureName | Answers;
  /** The share of all influence that the graph keeps, 0 to 1; all when left out. */
  readonly influence?: number;
}

/** What a feature's pre-activation, or a logit difference, is made of. */
export interface Traced {
  readonly prompt: string;
  readonly tokens: readonly Token[];
  readonly target: Target;
  readonly value: number;
  /** The divisor of the norm that it is read through. */
  readonly scale: number;
  /** What is written to its token; with the biases it adds up to the value. The largest first. */
  readonly written: readonly Source[];
  /** What each node of any token does in all, later features that fire gone through. The largest first. */
  readonly effects: readonly Source[];
  /** The earlier features that count most whatever the prompt. */
  readonly anywhere: readonly VirtualWeight[];
  /** How far they are those that count most here. */
  readonly overlap: readonly Overlap[];
  /** In circuit-tracer's JSON. */
  readonly graph: AttributionGraph;
}

const SHOWN = 20;
const KS = [1, 3, 5, 10, 20];

/** @throws {PromptError} if the token or an answer cannot be. */
export function targetOf(pass: FrozenPass, of: TraceOptions["of"], tokenizer: Tokenizer): Target {
  const last = pass.tokens.length - 1;
  if (typeof of !== "string") {
    const [yes, no] = answerIds("trace", tokenizer, of);
    return {
      ...{kind: "logits", pos: last},
      weights: [
        [yes, 1],
        [no, -1]
      ]
    };
  }
  const {dictionary, feature, pos} = parseFeatureName(of);
  const found = [...pass.model.transcoders.values()].find(({name}) => name === dictionary);
  if (!found)
    throw new SiteError(
      `trace: ${of} must be of a transcoder of this model, ${[...pass.model.transcoders.values()].map(({name}) => name).join(", ") || "it has none"}`
    );
  const features = found.encoder.bias.shape[0];
  if (feature >= features)
    throw new SiteError(`trace: feature must be in 0 … ${features - 1}, got ${feature}`);
  const at = pos === null ? last : pos < 0 ? pos + last + 1 : pos;
  if (at < 0 || at > last)
    throw new PromptError(
      `trace: token must be in 0 … ${last} (or negative from the end), got ${pos}`
    );
  return {kind: "feature", layer: siteLayer(found.outputs[0].site)!, feature, pos: at};
}

/** Traces a target of a pass. */
export function trace(
  pass: FrozenPass,
  target: Target,
  {
    prompt,
    model,
    convention,
    tokenizer
  }: {
    readonly prompt: string;
    readonly model: string;
    readonly convention: Convention;
    readonly tokenizer: Tokenizer;
  },
  {influence = 1, ...paths}: Omit<TraceOptions, "of">
): Traced {
  const text = (id: number) => tokenizer.token(id);
  const largestFirst = (sources: readonly Source[]) =>
    [...sources].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const cut = cutOf(pass, target);
  const {sources, heads} = pullBack(pass, cut, "features");
  const root = prunePaths(greedyPaths(pass, target, paths), influence);
  return {
    ...{prompt, target, scale: cut.scale, value: valueOf(pass, target)},
    tokens: pass.tokens.map((id) => ({id, text: text(id)})),
    written: largestFirst(sourcesOf(pass, cut)),
    effects: largestFirst([...sources.filter(({node}) => node.kind !== "bias"), ...heads]).slice(
      0,
      10 * SHOWN
    ),
    anywhere: virtualWeights(pass, target, SHOWN),
    overlap: overlaps(pass, target, KS),
    graph: circuitGraph(pass, target, root, {
      slug: `${model}-circuit`,
      scan: model,
      convention,
      text
    })
  };
}
