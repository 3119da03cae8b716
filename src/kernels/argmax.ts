import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel, type Kernel} from "../gpu/kernel.js";
import {rowCount} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {bindings} from "./bindings.wgsl.js";

export interface Inputs {
  /** `[…, columns]`. */
  readonly x: Tensor;
}

const CHUNK = 4096;

// One workgroup finds the largest of a chunk of a row; a second pass, the largest of the chunks'.
const pass = (named: boolean): Kernel =>
  defineKernel(/* wgsl */ `
struct Params { chunks: u32, columns: u32, workgroups: u32 }
${bindings(
  ["x: array<f32>", ...(named ? ["names: array<u32>"] : [])],
  ["values: array<f32>", "indices: array<u32>"]
)}
const LANES = 256u;
const CHUNK = ${CHUNK}u;
var<workgroup> bestValue: array<f32, LANES>;
var<workgroup> bestIndex: array<u32, LANES>;

@compute @workgroup_size(LANES)
fn argmax(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  let chunk = id.x + id.y * n.x;
  if (chunk >= params.workgroups) { return; }
  let first = chunk % params.chunks * CHUNK;
  let last = min(first + CHUNK, params.columns);
  let start = chunk / params.chunks * params.columns;
  var value = -3.4028234e38;
  var index = 0xffffffffu;
  for (var column = first + lane; column < last; column += LANES) {
    let v = x[start + column];
    if (v > value || index == 0xffffffffu) {
      value = v;
      index = ${named ? "names[start + column]" : "column"};
    }
  }
  bestValue[lane] = value;
  bestIndex[lane] = index;
  workgroupBarrier();
  for (var half = LANES / 2; half > 0; half /= 2) {
    if (lane < half) {
      let other = lane + half;
      let larger = bestValue[other] > bestValue[lane];
      let tied = bestValue[other] == bestValue[lane];
      if (larger || (tied && bestIndex[other] < bestIndex[lane])) {
        bestValue[lane] = bestValue[other];
        bestIndex[lane] = bestIndex[other];
      }
    }
    workgroupBarrier();
  }
  if (lane == 0) {
    values[chunk] = bestValue[0];
    indices[chunk] = bestIndex[0];
  }
}`);
const [ofValues, ofChunks] = [pass(false), pass(true)];

/**
 * The place of the largest value of each row, the first of equals: u32, `x`'s shape without its last
 * axis.
 *
 * @throws {RangeError} if the rows are empty.
 */
export function forward(gpu: Gpu, {x}: Inputs): Tensor {
  const columns = x.shape.at(-1)!;
  if (columns === 0) throw new RangeError("argmax: x must have a value in each row, got rows of 0");
  return gpu.tidy((keep) => {
    let best = reduce(gpu, x);
    while (best.values.shape[1] > 1) best = reduce(gpu, best.values, best.indices);
    return keep(gpu.reshape(best.indices, x.shape.slice(0, -1)));
  });
}

function reduce(gpu: Gpu, x: Tensor, names?: Tensor): {values: Tensor; indices: Tensor} {
  const rows = rowCount(x.shape);
  const columns = x.shape.at(-1)!;
  const chunks = Math.ceil(columns / CHUNK);
  const workgroups = rows * chunks;
  const values = gpu.tensor([rows, chunks]);
  const indices = gpu.tensor([rows, chunks], "u32");
  gpu.run(names ? ofChunks : ofValues, {
    params: {chunks, columns, workgroups},
    tensors: {x, values, indices, ...(names && {names})},
    grid: fold(workgroups)
  });
  return {values, indices};
}
