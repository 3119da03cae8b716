import type {AttributionGraph, GraphLink, GraphNode} from "../attribution-graph.js";
import type {Convention} from "../convention.js";
import {errorNode, featureNode, logitNode, tokenNode} from "../graph-nodes.js";
import type {Target} from "./cut.js";
import type {FrozenPass} from "./frozen-pass.js";
import {influences, nodeKey, type PathNode} from "./paths.js";
import type {CircuitNode} from "./sources.js";

/** What a graph is called, and how its tokens read. */
export interface GraphNames {
  readonly slug: string;
  /** The model. */
  readonly scan: string;
  /** How its weights are written. */
  readonly convention: Convention;
  readonly text: (token: number) => string;
}

const plain = {token_prob: 0, is_target_logit: false, run_idx: 0, reverse_ctx_idx: 0};

/**
 * Paths as one graph in circuit-tracer's JSON. A link's weight is what of the target flows along it. Kinds
 * that circuit-tracer has not: "attention head", "position", "bias" and "pruning error".
 */
export function circuitGraph(
  pass: FrozenPass,
  target: Target,
  root: PathNode,
  {slug, scan, convention, text}: GraphNames
): AttributionGraph {
  const {tokens, model} = pass;
  const influence = influences(root);
  const nodes = new Map<string, GraphNode>();
  const links = new Map<string, GraphLink>();
  const put = (node: GraphNode): string => {
    if (!nodes.has(node.node_id)) nodes.set(node.node_id, node);
    return node.node_id;
  };
  const link = (source: string, to: string, weight: number): void => {
    const key = `${source} ${to}`;
    links.set(key, {source, target: to, weight: (links.get(key)?.weight ?? 0) + weight});
  };
  const visit = (path: PathNode, id: string, pos: number): void => {
    for (const part of path.parts) {
      const node = part.node!;
      const own = put(
        graphNode(pass, node, {
          activation: part.activation,
          scale: part.scale,
          influence: influence.get(nodeKey(node))!,
          text
        })
      );
      link(own, id, part.value);
      visit(part, own, node.kind === "head" ? node.from : node.pos);
    }
    for (const [value, kind] of [
      [path.bias, "bias"],
      [path.pruned, "pruning error"]
    ] as const)
      if (value !== 0) link(put(leftNode(kind, pos, id)), id, value);
  };
  const top = put(targetNode(pass, target, root, text));
  visit(root, top, target.pos);
  return {
    metadata: {
      ...{slug, scan, prompt: tokens.map(text).join(""), prompt_tokens: tokens.map(text)},
      ...{schema_version: 1, convention, layers: model.config.layers}
    },
    qParams: {pinnedIds: [], supernodes: [], linkType: "both", clickedId: top, sg_pos: ""},
    nodes: [...nodes.values()],
    links: [...links.values()]
  };
}

function targetNode(
  pass: FrozenPass,
  target: Target,
  {value, scale}: PathNode,
  text: GraphNames["text"]
): GraphNode {
  const more = {activation: value, ln_scale: scale, is_target_logit: true};
  if (target.kind === "feature") return {...featureNode(target), ...more};
  const {layers} = pass.model.config;
  const [[token]] = target.weights;
  const said = target.weights
    .map(([id, weight]) => `${weight < 0 ? "−" : "+"} "${text(id)}"`)
    .join(" ");
  return {
    ...logitNode({token, text: text(token), p: 0, pos: target.pos, layers, target: true}),
    ...{...more, clerp: `logit ${said.replace(/^\+ /, "")}`}
  };
}

interface Shown {
  readonly activation: number;
  readonly influence: number;
  readonly scale: number | null;
  readonly text: GraphNames["text"];
}

function graphNode(
  {tokens}: FrozenPass,
  node: CircuitNode,
  {activation, influence, scale, text}: Shown
): GraphNode {
  const {pos} = node;
  const more = {influence, ln_scale: scale};
  switch (node.kind) {
    case "feature":
      return {...featureNode({...node, activation}), ...more};
    case "error":
      return {...errorNode(node), ...more};
    case "embedding":
      return {...tokenNode({token: tokens[pos], pos}), ...more, clerp: text(tokens[pos])};
    case "head": {
      const {layer, head, from} = node;
      return {
        ...{...plain, ...more, activation, layer: `${layer}`, ctx_idx: pos, feature: head},
        ...{node_id: `H_${layer}_${head}_${pos}_${from}`, jsNodeId: `H_${layer}_${head}-${pos}`},
        ...{
          feature_type: "attention head",
          clerp: `head ${layer}.${head} at "${text(tokens[from])}"`
        }
      };
    }
    case "position":
      return {
        ...{...plain, ...more, activation, layer: "E", ctx_idx: pos, feature: pos},
        ...{node_id: `P_${pos}`, jsNodeId: `P_${pos}-0`, feature_type: "position"},
        clerp: `position ${pos}`
      };
    case "bias":
      return leftNode("bias", pos, nodeKey(node));
  }
}

/** What of a node is left: its biases, or what was pruned. */
const leftNode = (kind: "bias" | "pruning error", pos: number, of: string): GraphNode => ({
  ...{...plain, layer: "E", ctx_idx: pos, feature: null, influence: null, activation: null},
  ...{node_id: `${kind} of ${of}`, jsNodeId: `${kind} of ${of}`, feature_type: kind, clerp: kind}
});

/** The node of a pass that a graph's node is of; null of those that are none, as a target of logits is. */
export function circuitNodeOf({node_id: id, feature_type: kind}: GraphNode): CircuitNode | null {
  const numbers = id.split("_").map(Number);
  if (kind === "cross layer transcoder") {
    const [layer, feature, pos] = numbers;
    return {kind: "feature", layer, feature, pos};
  }
  if (kind === "mlp reconstruction error") {
    const [layer, , pos] = numbers;
    return {kind: "error", layer, pos};
  }
  if (kind === "embedding") return {kind, pos: numbers[2]};
  if (kind === "position") return {kind, pos: numbers[1]};
  if (kind !== "attention head") return null;
  const [, layer, head, pos, from] = numbers;
  return {kind: "head", layer, head, pos, from};
}
