import {readFileSync, writeFileSync} from "node:fs";
import {openDawn} from "../src/cli/dawn.js";
import {folderFiles} from "../src/cli/folder-source.js";
import type {WeightDtype} from "../src/kernels/weight.js";
import type {Backend} from "../src/model/backend.js";
import {type Checkpoint, openCheckpoint} from "../src/model/checkpoint.js";
import {loadJax} from "../src/model/jax.js";
import {atPrecision} from "../src/model/stored-precision.js";
import {openWasm} from "../src/model/wasm-backend.js";
import {openWgsl} from "../src/model/wgsl-backend.js";

/** What a process of its own found of one backend and precision. */
export interface LoadCost {
  readonly device: string;
  readonly software: boolean;
  readonly loadMs: number;
  /** Of the process before it loaded, its device open. */
  readonly beforeBytes: number;
  /** The most that it held at once until the model could run, all in all. */
  readonly peakBytes: number;
  readonly tokensPerSecond: number;
}

const [folder, backend, precision, tokens] = process.argv.slice(2);

/** A line of Linux's account of this process, in bytes. */
const status = (name: "VmRSS" | "VmHWM"): number =>
  1024 *
  Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync("/proc/self/status", "utf8"))![1]);

type Open = (checkpoint: Checkpoint) => Promise<Backend>;

async function prepare(): Promise<{open: Open; software: boolean}> {
  const dtype = precision as WeightDtype;
  if (backend === "wasm") {
    await loadJax("wasm");
    return {
      software: true,
      open: ({config, weights}) => openWasm(config, atPrecision(weights, dtype))
    };
  }
  const {gpu, adapter} = await openDawn("default");
  await gpu.read(gpu.upload([4], new Float32Array(4)));
  return {
    software: adapter.software,
    open: ({config, weights}) => openWgsl(gpu, adapter, config, weights, dtype)
  };
}

const {open, software} = await prepare();
const beforeBytes = status("VmRSS");
// Linux forgets the peak so far (proc(5), clear_refs).
writeFileSync("/proc/self/clear_refs", "5");
const started = performance.now();
const model = await open(await openCheckpoint(folderFiles(folder)));
const loadMs = performance.now() - started;
const peakBytes = status("VmHWM");

const times: number[] = [];
const sampling = {count: Number(tokens), temperature: 0, topK: 0, seed: 0};
for await (const id of model.decode([1, 2, 3, 4], sampling))
  times.push(id >= 0 ? performance.now() : 0);
// The first token is the prompt's, the second may compile.
const steps = times.slice(1);
const cost: LoadCost = {
  device: model.device,
  software,
  loadMs,
  beforeBytes,
  peakBytes,
  tokensPerSecond: (1000 * (steps.length - 1)) / (steps.at(-1)! - steps[0])
};
console.log(JSON.stringify(cost));
process.exit(0);
