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

/** The tensors of attention that tiles are of, and the axis of heads that parts their rows. */
const HEADS = {
  q: "heads",
  z: "heads",
  dq: "heads",
  dz: "heads",
  k: "kvHeads",
  v: "kvHeads",
  dk: "kvHeads",
  dv: "kvHeads"
} as const;

type Rows = keyof typeof HEADS;

/** The memory that `tileProducts` and `tileMix` stage their operands in, and the weights of a mix. */
export const tileMemory = /* wgsl */ `
const LANES = ${LANES}u;
const TILE = ${TILE}u;
const STAGE_STRIDE = ${TILE + 1}u; // odd, so that neighbouring quads lie in different banks
const WEIGHT_STRIDE = ${TILE + 4}u;
var<workgroup> stage: array<vec4f, ${2 * QUADS_PER_STEP * (TILE + 1)}>;
var<workgroup> weights: array<f32, ${TILE * (TILE + 4)}>;
struct Products { near: vec4f, far: vec4f }`;

/**
 * `<name>(lane, row, rows, column, columns)`: a tile of the products `a · b · factor`, where `row` and
 * `column` are the first rows of `a` and `b`, and `rows` and `columns` say how many there are. A lane
 * gets those of rows `4 · (lane / 16) + 0 … 3`, for columns `lane % 16` and `lane % 16 + 16`.
 */
export const tileProducts = (
  headWidth: number,
  {
    name,
    a,
    b,
    factor
  }: {readonly name: string; readonly a: Rows; readonly b: Rows; readonly factor: number}
): string => /* wgsl */ `
fn ${name}(lane: u32, row: u32, rows: u32, column: u32, columns: u32) -> Products {
  let B = ${QUADS_PER_STEP}u * STAGE_STRIDE;
  var near = vec4f();
  var far = vec4f();
  for (var first = 0u; first < QUADS; first += ${QUADS_PER_STEP}) {
    workgroupBarrier();
    for (var i = lane; i < TILE * ${QUADS_PER_STEP}; i += LANES) {
      let at = i / ${QUADS_PER_STEP};
      let quad = i % ${QUADS_PER_STEP};
      var a = vec4f();
      var b = vec4f();
      if (first + quad < QUADS && at < rows) { a = ${a}_quad(row + at * params.${HEADS[a]}, first + quad); }
      if (first + quad < QUADS && at < columns) { b = ${b}_quad(column + at * params.${HEADS[b]}, first + quad); }
      stage[quad * STAGE_STRIDE + at] = a;
      stage[B + quad * STAGE_STRIDE + at] = b;
    }
    workgroupBarrier();
    for (var quad = 0u; quad < ${Math.min(QUADS_PER_STEP, Math.ceil(headWidth / 4))}; quad++) {
      let a = quad * STAGE_STRIDE + lane / 16 * 4;
      let b = B + quad * STAGE_STRIDE + lane % 16;
      let b0 = stage[b];
      let b1 = stage[b + 16];
${lines(
  4,
  (i) => `      let a${i} = stage[a + ${i}];
      near[${i}] += dot(a${i}, b0);
      far[${i}] += dot(a${i}, b1);`
)}
    }
  }
  return Products(near * ${factor}, far * ${factor});
}`;

/**
 * `mix_<to>(lane, row, rows)` for each `[of, to]` of `mixes`: adds weights · `of` of a tile to what is
 * held of `to`, where `row` is the first row of `of` and `rows` says how many there are. A lane holds
 * rows `lane / COLUMNS * ROWS + 0 …` of `to`, of each the quads `lane % COLUMNS + 0, COLUMNS, …`;
 * `put_mixed_<to>(lane, row, rows)` stores them.
 */
export function tileMix(
  headWidth: number,
  mixes: readonly (readonly [of: Rows, to: Rows])[]
): string {
  const {columns, spans} = columnsOf(headWidth);
  const rows = (TILE * columns) / LANES;
  const staged = Math.min(TILE, 2 ** Math.floor(Math.log2(512 / Math.ceil(headWidth / 4))));
  const registers = rows * spans;
  return /* wgsl */ `
const COLUMNS = ${columns}u;
const ROWS = ${rows}u;
${mixes
  .map(
    ([of, to]) => /* wgsl */ `
var<private> mixed_${to}: array<vec4f, ${registers}>;

fn mix_${to}(lane: u32, row: u32, rows: u32) {
  let column = lane % COLUMNS;
  let held = lane / COLUMNS * ROWS;
  for (var first = 0u; first < TILE; first += ${staged}) {
    workgroupBarrier();
    for (var i = lane; i < ${staged} * QUADS; i += LANES) {
      let at = first + i / QUADS;
      var x = vec4f();
      if (at < rows) { x = ${of}_quad(row + at * params.${HEADS[of]}, i % QUADS); }
      stage[i] = x;
    }
    workgroupBarrier();
    for (var i = 0u; i < ${staged}; i++) {
      let w = held * WEIGHT_STRIDE + first + i;
      let x = i * QUADS + column;
${lines(spans, (s) => `      let x${s} = stage[x + ${s} * COLUMNS];`)}
${lines(
  registers,
  (r) =>
    `      mixed_${to}[${r}] += weights[w + ${Math.floor(r / spans)} * WEIGHT_STRIDE] * x${r % spans};`
)}
    }
  }
}

fn put_mixed_${to}(lane: u32, row: u32, rows: u32) {
  let column = lane % COLUMNS;
  let held = lane / COLUMNS * ROWS;
${lines(
  registers,
  (r) => `  if (held + ${Math.floor(r / spans)} < rows && column + ${r % spans} * COLUMNS < QUADS) {
    ${to}_put(row + (held + ${Math.floor(r / spans)}) * params.${HEADS[to]}, column + ${r % spans} * COLUMNS, mixed_${to}[${r}]);
  }`
)}
}`
  )
  .join("\n")}
`;
}

/** `scale_mixed(lane)`: multiplies what a lane holds of each row of `to` by that row's `factors`. */
export function tileScale(headWidth: number, to: Rows): string {
  const {columns, spans} = columnsOf(headWidth);
  const registers = ((TILE * columns) / LANES) * spans;
  return /* wgsl */ `
var<workgroup> factors: array<f32, TILE>;
fn scale_mixed(lane: u32) {
  let held = lane / COLUMNS * ROWS;
${lines(registers, (r) => `  mixed_${to}[${r}] *= factors[held + ${Math.floor(r / spans)}];`)}
}`;
}
