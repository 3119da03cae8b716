import {type Cut, cutOf, featureCut, type Target, valueOf} from "./cut.js";
import type {FrozenPass} from "./frozen-pass.js";
import {headCut} from "./heads.js";
import {type CircuitNode, type Source, sourcesOf} from "./sources.js";

/** A node at the end of a path to the target, with what it is made of. */
export interface PathNode {
  /** Null is the target. */
  readonly node: CircuitNode | null;
  readonly activation: number;
  /** What comes to the target along this path, in its own unit. */
  readonly value: number;
  /** The divisor of the norm that it reads through; null where nothing was looked for. */
  readonly scale: number | null;
  /** Those that were kept; with `bias` and `pruned` they add up to `value`. */
  readonly parts: readonly PathNode[];
  /** What is there whatever the prompt is. */
  readonly bias: number;
  /** What was not kept. */
  readonly pruned: number;
}

export interface PathOptions {
  /** How many nodes are kept in each step, over all paths together. */
  readonly keep?: number;
  /** How many steps are taken back from the target. */
  readonly depth?: number;
}

interface End {
  readonly source: Omit<PathNode, "parts" | "bias" | "pruned" | "scale">;
  /** Undefined where a path ends. */
  readonly cut: Cut | undefined;
  readonly parts: End[];
  bias: number;
  pruned: number;
}

/**
 * The largest paths to a target, found greedily: in each step the parts of all ends are compared and the
 * largest kept, a head's look and a feature are gone through, and what is left out is kept as one number
 * (Dunefsky, Chlenski and Nanda, "Transcoders Find Interpretable LLM Feature Circuits", 2024).
 */
export function greedyPaths(
  pass: FrozenPass,
  target: Target,
  {keep = 12, depth = 4}: PathOptions = {}
): PathNode {
  const root = endOf(
    {node: null, activation: 1, value: valueOf(pass, target)},
    cutOf(pass, target)
  );
  let ends = [root];
  for (let step = 0; step < depth && ends.length > 0; step++) {
    const found = ends.flatMap((end) => expand(pass, end).map((source) => ({end, source})));
    found.sort((a, b) => Math.abs(b.source.contribution) - Math.abs(a.source.contribution));
    ends = [];
    for (const [rank, {end, source}] of found.entries()) {
      const {node, activation, contribution} = source;
      if (rank >= keep) end.pruned += contribution;
      else {
        const part = endOf({node, activation, value: contribution}, onward(pass, end.cut!, source));
        end.parts.push(part);
        if (part.cut) ends.push(part);
      }
    }
  }
  return finished(root);
}

const endOf = (source: End["source"], cut: Cut | undefined): End => ({
  ...{source, cut, parts: [], bias: 0, pruned: 0}
});

/** What an end is made of, its biases put aside. */
function expand(pass: FrozenPass, end: End): Source[] {
  const sources = sourcesOf(pass, end.cut!);
  for (const {node, contribution} of sources) if (node.kind === "bias") end.bias += contribution;
  return sources.filter(({node}) => node.kind !== "bias");
}

/** Where a source is read from in its turn, as far as the target counts it. */
function onward(pass: FrozenPass, cut: Cut, {node, weight}: Source): Cut | undefined {
  if (node.kind === "head") return headCut(pass, cut, node);
  if (node.kind !== "feature") return undefined;
  const own = featureCut(pass, node);
  const by = weight / cut.scale;
  return {...own, direction: own.direction.map((v) => by * v), constant: by * own.constant};
}

const finished = ({source, cut, parts, bias, pruned}: End): PathNode => ({
  ...source,
  scale: cut && (parts.length > 0 || bias !== 0 || pruned !== 0) ? cut.scale : null,
  parts: parts.map(finished),
  ...{bias, pruned}
});

/** A node's influence: the share of all that flows, counted without sign, of it and those above it. */
export function influences(root: PathNode): ReadonlyMap<string, number> {
  const flow = new Map<string, number>();
  const visit = ({node, value, parts}: PathNode): void => {
    if (node) flow.set(nodeKey(node), (flow.get(nodeKey(node)) ?? 0) + Math.abs(value));
    parts.forEach(visit);
  };
  visit(root);
  const all = [...flow.values()].reduce((sum, v) => sum + v, 0);
  let above = 0;
  return new Map(
    [...flow]
      .sort(([, a], [, b]) => b - a)
      .map(([key, value]) => [key, Math.min(1, (above += value) / all)])
  );
}

/** Leaves out what is beyond a share of all influence, 0 to 1; it counts as pruned. */
export function prunePaths(root: PathNode, most: number): PathNode {
  const influence = influences(root);
  const isKept = ({node}: PathNode) => (influence.get(nodeKey(node!)) ?? 0) <= most;
  const prune = (path: PathNode): PathNode => {
    const dropped = path.parts.filter((part) => !isKept(part));
    return {
      ...path,
      parts: path.parts.filter(isKept).map(prune),
      pruned: path.pruned + dropped.reduce((sum, {value}) => sum + value, 0)
    };
  };
  return prune(root);
}

/** A node in a text of its own. */
export const nodeKey = (node: CircuitNode): string => Object.values(node).join(" ");
