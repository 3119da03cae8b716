import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import type {Tensor} from "../gpu/tensor.js";
import {attentionShape, checkStart} from "./attention-shape.js";
import {lines, quads, TILE, tileMemory, tileScores} from "./attention-tile.wgsl.js";
import {MASKED} from "./masked.js";
import {variants} from "./variants.js";

export interface Inputs {
  /** `[batch, tokens, heads, headWidth]` */
  readonly q: Tensor;
  /** `[batch, keys, kvHeads, headWidth]`; keys past the last query's position are not looked at. */
  readonly k: Tensor;
}

const kernel = variants((headWidth: number) =>
  defineKernel(/* wgsl */ `
struct Params { batch: u32, tokens: u32, heads: u32, keys: u32, kvHeads: u32, start: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> q: array<Value>;
@group(0) @binding(2) var<storage, read> k: array<Value>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
${quads(headWidth, ["q", "k"], [])}
${tileMemory}
${tileScores(headWidth)}

@compute @workgroup_size(LANES)
fn attention_scores(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  let visible = params.start + params.tokens;
  let keyTiles = (visible + TILE - 1) / TILE;
  let queryTiles = (params.tokens + TILE - 1) / TILE;
  let item = id.x + id.y * n.x;
  let first = item % keyTiles * TILE;
  let tile = item / keyTiles % queryTiles * TILE;
  let row = item / keyTiles / queryTiles; // of [batch, heads]
  if (row >= params.batch * params.heads) { return; }
  let batch = row / params.heads;
  let head = row % params.heads;
  let queries = min(TILE, params.tokens - tile);
  let query = (batch * params.tokens + tile) * params.heads + head;
  let group = head / (params.heads / params.kvHeads);
  let key = (batch * params.keys + first) * params.kvHeads + group;
  var scores = Scores();
  if (first < params.start + tile + queries) {
    scores = tile_scores(lane, query, queries, key, min(TILE, visible - first));
  }
  let near = first + lane % 16;
  let far = near + 16;
${lines(
  4,
  (i) => `  {
    let at = lane / 16 * 4 + ${i};
    let last = params.start + tile + at; // position of the query
    let y0 = (row * params.tokens + tile + at) * visible;
    if (at < queries && near < visible) { y[y0 + near] = select(${MASKED}, scores.near[${i}], near <= last); }
    if (at < queries && far < visible) { y[y0 + far] = select(${MASKED}, scores.far[${i}], far <= last); }
  }`
)}
}`)
);

/**
 * Attention scores, `q·k / √headWidth`, and exactly −1e30 where a key lies ahead of its query. The
 * query i is at position `start + i`.
 *
 * @returns `[batch, heads, tokens, start + tokens]`
 * @throws {ShapeError} if the shapes do not fit each other, or a query has no key.
 */
export function forward(gpu: Gpu, {q, k}: Inputs, {start}: {readonly start: number}): Tensor {
  const shape = attentionShape("attention-scores", "k", q.shape, k.shape);
  checkStart("attention-scores", shape, start);
  const {batch, tokens, heads, keys, kvHeads, headWidth} = shape;
  const visible = start + tokens;
  const y = gpu.tensor([batch, heads, tokens, visible]);
  gpu.run(kernel(headWidth), {
    params: {batch, tokens, heads, keys, kvHeads, start},
    tensors: {q, k, y},
    grid: fold(Math.ceil(visible / TILE) * Math.ceil(tokens / TILE) * batch * heads)
  });
  return y;
}
