import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {formatShape, ShapeError} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {attentionShape} from "./attention-shape.js";
import {quads, TILE, tileMemory, tileMix} from "./attention-tile.wgsl.js";
import {variants} from "./variants.js";

export interface Inputs {
  /** `[batch, heads, tokens, positions]`: how much of each value a query takes. */
  readonly pattern: Tensor;
  /** `[batch, keys, kvHeads, headWidth]`; keys past `positions` are not looked at. */
  readonly v: Tensor;
}

const kernel = variants((headWidth: number) =>
  defineKernel(/* wgsl */ `
struct Params { batch: u32, tokens: u32, heads: u32, keys: u32, kvHeads: u32, positions: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> pattern: array<f32>;
@group(0) @binding(2) var<storage, read> v: array<Value>;
@group(0) @binding(3) var<storage, read_write> z: array<Value>;
${quads(headWidth, ["v"], ["z"])}
${tileMemory}
${tileMix(headWidth)}

@compute @workgroup_size(LANES)
fn attention_mix(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  let tiles = (params.tokens + TILE - 1) / TILE;
  let item = id.x + id.y * n.x;
  let tile = item % tiles * TILE;
  let row = item / tiles; // of [batch, heads]
  if (row >= params.batch * params.heads) { return; }
  let batch = row / params.heads;
  let head = row % params.heads;
  let queries = min(TILE, params.tokens - tile);
  let kv = batch * params.keys * params.kvHeads + head / (params.heads / params.kvHeads);
  for (var first = 0u; first < params.positions; first += TILE) {
    workgroupBarrier();
    for (var i = lane; i < TILE * TILE; i += LANES) {
      let query = i / TILE;
      let key = i % TILE;
      var weight = 0.0;
      if (query < queries && first + key < params.positions) {
        weight = pattern[(row * params.tokens + tile + query) * params.positions + first + key];
      }
      weights[query * WEIGHT_STRIDE + key] = weight;
    }
    tile_mix(lane, kv + first * params.kvHeads, min(TILE, params.positions - first));
  }
  put_mixed(lane, (batch * params.tokens + tile) * params.heads + head, queries);
}`)
);

/**
 * The values mixed by a pattern, `z[query] = Σ pattern[query, key] · v[key]`, whatever the pattern:
 * it need not be causal, nor sum to 1.
 *
 * @returns `z` `[batch, tokens, heads, headWidth]`
 * @throws {ShapeError} if the shapes do not fit each other.
 */
export function forward(gpu: Gpu, {pattern, v}: Inputs): Tensor {
  const [batch, heads, tokens, positions] = pattern.shape;
  const shape = [batch, tokens, heads, v.shape[3]];
  const {keys, kvHeads, headWidth} = attentionShape("attention-mix", "v", shape, v.shape);
  if (!(positions <= keys))
    throw new ShapeError(
      `attention-mix: pattern must be [batch, heads, tokens, at most ${keys}] to have a value for each position, got ${formatShape(pattern.shape)}`
    );
  const z = gpu.tensor(shape);
  gpu.run(kernel(headWidth), {
    params: {batch, tokens, heads, keys, kvHeads, positions},
    tensors: {pattern, v, z},
    grid: fold(Math.ceil(tokens / TILE) * heads * batch)
  });
  return z;
}
