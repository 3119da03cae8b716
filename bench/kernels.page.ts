import type {AdapterDescription} from "../src/gpu/adapter.js";
import {openGpu} from "../src/gpu/device.js";
import {loadJax} from "../src/model/jax.js";
import {jaxJs} from "./matmul-jax.js";
import {onnxRuntime} from "./matmul-onnxruntime.js";
import type {Matmul, MatmulPeer} from "./matmul-peer.js";
import {workings} from "./matmul-workings.js";
import {time, type Timing} from "./timing.js";

export interface MatmulShape {
  readonly rows: number;
  readonly columns: number;
  readonly outs: number;
}

export interface KernelJob {
  readonly shapes: readonly MatmulShape[];
  /** Base name of ONNX Runtime's wasm file. */
  readonly wasm: string;
}

export interface Measurement extends MatmulShape, Partial<Timing> {
  readonly peer: string;
  /** Largest difference from float64, over the largest value. */
  readonly difference?: number;
  /** Why there is no number. */
  readonly error?: string;
}

export interface Measured {
  readonly adapter: AdapterDescription;
  readonly measurements: readonly Measurement[];
}

/** Measures every peer at every shape, one after the other, on one adapter. */
export async function run({shapes, wasm}: KernelJob): Promise<Measured> {
  const {gpu, adapter} = await openGpu();
  const peers: Readonly<Record<string, () => Promise<MatmulPeer>>> = {
    workings: () => Promise.resolve(workings(gpu)),
    "jax-js": async () => jaxJs(await loadJax("webgpu")),
    "onnxruntime-web": () => Promise.resolve(onnxRuntime(new URL(wasm, import.meta.url).href))
  };
  const measurements: Measurement[] = [];
  for (const shape of shapes)
    for (const [peer, open] of Object.entries(peers))
      measurements.push({peer, ...shape, ...(await measure(open, matmulOf(shape)))});
  return {adapter, measurements};
}

async function measure(open: () => Promise<MatmulPeer>, matmul: Matmul) {
  try {
    const prepared = await (await open())(matmul);
    try {
      const difference = largestDifference(matmul, await prepared.output());
      return {...(await time(prepared)), difference};
    } finally {
      await prepared.close();
    }
  } catch (error) {
    return {error: error instanceof Error ? error.message : String(error)};
  }
}

function matmulOf({rows, columns, outs}: MatmulShape): Matmul {
  let state = rows + columns + outs;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 31 - 1;
  const x = Float32Array.from({length: rows * columns}, random);
  const w = Float32Array.from({length: columns * outs}, random);
  const transposed = w.map((_, i) => w[(i % columns) * outs + Math.floor(i / columns)]);
  return {rows, columns, outs, x, w, transposed};
}

const CHECKED_ROWS = 16;

/** Over rows spread evenly, since float64 in JavaScript is slow. */
function largestDifference({rows, columns, outs, x, transposed}: Matmul, y: Float32Array): number {
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < CHECKED_ROWS; i++) {
    const row = Math.floor((i * (rows - 1)) / (CHECKED_ROWS - 1));
    for (let out = 0; out < outs; out++) {
      let sum = 0;
      for (let c = 0; c < columns; c++) sum += x[row * columns + c] * transposed[out * columns + c];
      difference = Math.max(difference, Math.abs(y[row * outs + out] - sum));
      largest = Math.max(largest, Math.abs(sum));
    }
  }
  return difference / largest;
}
