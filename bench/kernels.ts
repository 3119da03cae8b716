import {join} from "node:path";
import {packageFolder, packageVersion, projectFolder} from "../src/site/packages.js";
import type {KernelJob, MatmulShape, Measured, Measurement} from "./kernels.page.js";
import {runInPage} from "./page.js";
import {digits, type Report} from "./report.js";

const SHAPES: Readonly<Record<string, MatmulShape>> = {
  "256": {rows: 256, columns: 256, outs: 256},
  "512": {rows: 512, columns: 512, outs: 512},
  "1024": {rows: 1024, columns: 1024, outs: 1024},
  "768x3072": {rows: 256, columns: 768, outs: 3072}
};
const OURS = "workings";
const WASM = "ort-wasm-simd-threaded.asyncify.wasm";
/** Outputs are equal to this, over the largest value. */
const EQUAL = 1e-3;
/** What ours must reach of the best peer's speed, on a real GPU. */
const OF_BEST = 0.8;

/**
 * Matmul in f32, ours beside jax-js and ONNX Runtime, on WebGPU in one headless Chromium.
 *
 * @param names Of the shapes to measure; all if none.
 * @throws {RangeError} for a shape that is not one of the suite's.
 */
export async function benchKernels(names: readonly string[]): Promise<Report> {
  for (const name of names)
    if (!(name in SHAPES))
      throw new RangeError(
        `bench: shape must be one of ${Object.keys(SHAPES).join(", ")}, got ${name}`
      );
  const shapes = (names.length > 0 ? names : Object.keys(SHAPES)).map((name) => SHAPES[name]);
  const {adapter, measurements} = await runInPage<KernelJob, Measured>(
    {
      entry: join(projectFolder, "bench/kernels.page.ts"),
      assets: [join(packageFolder("onnxruntime-web"), "dist", WASM)]
    },
    {shapes, wasm: WASM}
  );
  const compared = shapes.map((shape) => compare(shape, measurements));
  const ratios = compared.flatMap(({label, ratio}) =>
    ratio < OF_BEST && !adapter.software
      ? [`matmul ${label}: ours must be ${OF_BEST} of the best peer's speed, got ${digits(ratio)}`]
      : []
  );
  return {
    suite: "kernels",
    date: new Date().toISOString(),
    adapter,
    peers: {
      "jax-js": packageVersion("@jax-js/jax"),
      "onnxruntime-web": packageVersion("onnxruntime-web")
    },
    table: {
      columns: ["matmul", "", "ms", "samples", "GFLOP/s", "of best peer", "difference"],
      rows: compared.flatMap(({rows}) => rows)
    },
    measurements,
    failures: [...measurements.flatMap(broken), ...ratios]
  };
}

function compare(shape: MatmulShape, all: readonly Measurement[]) {
  const {rows, columns, outs} = shape;
  const label = `[${rows}, ${columns}]·[${outs}, ${columns}]ᵀ`;
  const measured = all.filter((m) => m.rows === rows && m.columns === columns && m.outs === outs);
  const best = Math.min(
    ...measured.map(({peer, ms}) => (peer === OURS ? Infinity : (ms ?? Infinity)))
  );
  const ours = measured.find(({peer}) => peer === OURS)?.ms ?? Infinity;
  const ratio = best / ours;
  return {
    label,
    ratio,
    rows: measured.map(({peer, ms, samples, difference}, i) => [
      i === 0 ? label : "",
      peer,
      ms === undefined ? "failed" : digits(ms),
      `${samples ?? ""}`,
      ms === undefined ? "" : digits((2 * rows * columns * outs) / ms / 1e6),
      peer === OURS && Number.isFinite(ratio) ? digits(ratio) : "",
      difference === undefined ? "" : difference.toExponential(1)
    ])
  };
}

function broken({peer, rows, columns, outs, difference, error}: Measurement): string[] {
  const where = `${peer} at ${rows}×${columns}×${outs}`;
  if (error !== undefined) return [`${where}: ${error}`];
  return difference! <= EQUAL
    ? []
    : [`${where}: the output must equal float64 to ${EQUAL}, got ${difference}`];
}
