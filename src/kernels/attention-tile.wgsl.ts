import {packOf, value} from "./value.wgsl.js";

/** Queries, and keys, of a tile. */
export const TILE = 32;
const LANES = 128;
const QUADS_PER_STEP = 8;

/** One line for each of `count` registers: WGSL compilers do not all unroll. */
export const lines = (count: number, line: (i: number) => string): string =>
  Array.from({length: count}, (_, i) => line(i)).join("\n");

/**
 * `Value`, and for each tensor of `reads` `<name>_quad(row, quad)`, four numbers of a head, zeros
 * past its width; for each of `writes` `<name>_put(row, quad, numbers)`.
 */
export function quads(
  headWidth: number,
  reads: readonly string[],
  writes: readonly string[]
): string {
  const at = "let i = row * WIDTH + 4 * quad;";
  const inside = (i: number) => `4 * quad + ${i} < WIDTH`;
  const whole = packOf(headWidth) === 4;
  return /* wgsl */ `
${value(packOf(headWidth))}
const WIDTH = ${headWidth}u;
const QUADS = ${Math.ceil(headWidth / 4)}u;
${reads
  .map(
    (name) => /* wgsl */ `
fn ${name}_quad(row: u32, quad: u32) -> vec4f {
  ${
    whole
      ? `return ${name}[row * QUADS + quad];`
      : `${at}
  var numbers = vec4f(${name}[i], 0, 0, 0);
  ${lines(3, (c) => `if (${inside(c + 1)}) { numbers[${c + 1}] = ${name}[i + ${c + 1}]; }`)}
  return numbers;`
  }
}`
  )
  .join("\n")}
${writes
  .map(
    (name) => /* wgsl */ `
fn ${name}_put(row: u32, quad: u32, numbers: vec4f) {
  ${
    whole
      ? `${name}[row * QUADS + quad] = numbers;`
      : `${at}
  ${lines(4, (c) => `if (${inside(c)}) { ${name}[i + ${c}] = numbers[${c}]; }`)}`
  }
}`
  )
  .join("\n")}`;
}

/** How the lanes of a workgroup share the quads of a row: `columns` lanes, each `spans` quads. */
export function columnsOf(headWidth: number): {columns: number; spans: number} {
  const count = Math.ceil(headWidth / 4);
  const columns = Math.min(16, Math.max(4, 2 ** Math.ceil(Math.log2(count))));
  return {columns, spans: Math.ceil(count / columns)};
}

/** The memory that `tileScores` and `tileMix` stage their operands in; weights by query and key. */
export const tileMemory = /* wgsl */ `
const LANES = ${LANES}u;
const TILE = ${TILE}u;
const STAGE_STRIDE = ${TILE + 1}u; // odd, so that neighbouring quads lie in different banks
const WEIGHT_STRIDE = ${TILE + 4}u;
var<workgroup> stage: array<vec4f, ${2 * QUADS_PER_STEP * (TILE + 1)}>;
var<workgroup> weights: array<f32, ${TILE * (TILE + 4)}>;`;

/**
 * `tile_scores(lane, query, queries, key, keys)`: q·k/√width of a tile, where `query` and `key` are
 * the first rows of q and k, and `queries` and `keys` say how many there are. A lane gets those of
 * queries `4 · (lane / 16) + 0 … 3`, for keys `lane % 16` and `lane % 16 + 16`.
 */
export const tileScores = (headWidth: number): string => /* wgsl */ `
struct Scores { near: vec4f, far: vec4f }
fn tile_scores(lane: u32, query: u32, queries: u32, key: u32, keys: u32) -> Scores {
  let K = ${QUADS_PER_STEP}u * STAGE_STRIDE;
  var near = vec4f();
  var far = vec4f();
  for (var first = 0u; first < QUADS; first += ${QUADS_PER_STEP}) {
    workgroupBarrier();
    for (var i = lane; i < TILE * ${QUADS_PER_STEP}; i += LANES) {
      let row = i / ${QUADS_PER_STEP};
      let quad = i % ${QUADS_PER_STEP};
      var a = vec4f();
      var b = vec4f();
      if (first + quad < QUADS && row < queries) { a = q_quad(query + row * params.heads, first + quad); }
      if (first + quad < QUADS && row < keys) { b = k_quad(key + row * params.kvHeads, first + quad); }
      stage[quad * STAGE_STRIDE + row] = a;
      stage[K + quad * STAGE_STRIDE + row] = b;
    }
    workgroupBarrier();
    for (var quad = 0u; quad < ${Math.min(QUADS_PER_STEP, Math.ceil(headWidth / 4))}; quad++) {
      let a = quad * STAGE_STRIDE + lane / 16 * 4;
      let b = K + quad * STAGE_STRIDE + lane % 16;
      let k0 = stage[b];
      let k1 = stage[b + 16];
${lines(
  4,
  (i) => `      let q${i} = stage[a + ${i}];
      near[${i}] += dot(q${i}, k0);
      far[${i}] += dot(q${i}, k1);`
)}
    }
  }
  return Scores(near * ${headWidth ** -0.5}, far * ${headWidth ** -0.5});
}`;

/**
 * `tile_mix(lane, key, keys)`: adds weights · v of a tile to `mixed`, where `key` is the first row
 * of v and `keys` says how many there are. A lane holds queries `lane / COLUMNS * ROWS + 0 …`, of
 * each the quads `lane % COLUMNS + 0, COLUMNS, …`; `put_mixed(lane, query, queries)` stores them.
 */
export function tileMix(headWidth: number): string {
  const {columns, spans} = columnsOf(headWidth);
  const rows = (TILE * columns) / LANES;
  const staged = Math.min(TILE, 2 ** Math.floor(Math.log2(512 / Math.ceil(headWidth / 4))));
  const registers = rows * spans;
  return /* wgsl */ `
const COLUMNS = ${columns}u;
const ROWS = ${rows}u;
var<private> mixed: array<vec4f, ${registers}>;

fn tile_mix(lane: u32, key: u32, keys: u32) {
  let column = lane % COLUMNS;
  let row = lane / COLUMNS * ROWS;
  for (var first = 0u; first < TILE; first += ${staged}) {
    workgroupBarrier();
    for (var i = lane; i < ${staged} * QUADS; i += LANES) {
      let at = first + i / QUADS;
      var v = vec4f();
      if (at < keys) { v = v_quad(key + at * params.kvHeads, i % QUADS); }
      stage[i] = v;
    }
    workgroupBarrier();
    for (var i = 0u; i < ${staged}; i++) {
      let w = row * WEIGHT_STRIDE + first + i;
      let v = i * QUADS + column;
${lines(spans, (s) => `      let v${s} = stage[v + ${s} * COLUMNS];`)}
${lines(
  registers,
  (r) =>
    `      mixed[${r}] += weights[w + ${Math.floor(r / spans)} * WEIGHT_STRIDE] * v${r % spans};`
)}
    }
  }
}

fn put_mixed(lane: u32, query: u32, queries: u32) {
  let column = lane % COLUMNS;
  let row = lane / COLUMNS * ROWS;
${lines(
  registers,
  (
    r
  ) => `  if (row + ${Math.floor(r / spans)} < queries && column + ${r % spans} * COLUMNS < QUADS) {
    z_put(query + (row + ${Math.floor(r / spans)}) * params.heads, column + ${r % spans} * COLUMNS, mixed[${r}]);
  }`
)}
}
`;
}

/** `scale_mixed(lane)`: multiplies what a lane holds of each query by that query's `factors`. */
export function tileScale(headWidth: number): string {
  const {columns, spans} = columnsOf(headWidth);
  const registers = ((TILE * columns) / LANES) * spans;
  return /* wgsl */ `
var<workgroup> factors: array<f32, TILE>;
fn scale_mixed(lane: u32) {
  let row = lane / COLUMNS * ROWS;
${lines(registers, (r) => `  mixed[${r}] *= factors[row + ${Math.floor(r / spans)}];`)}
}`;
}
