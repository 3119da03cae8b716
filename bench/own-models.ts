import {execFile} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {loadavg, tmpdir} from "node:os";
import {join} from "node:path";
import {promisify} from "node:util";
import {WEIGHT_DTYPES} from "../src/kernels/weight.js";
import {packageVersion, projectFolder} from "../src/site/packages.js";
import {writeGpt2} from "./gpt2-shape.js";
import type {LoadCost} from "./own-models-child.js";
import {digits, type Report} from "./report.js";

const CASES = ["webgpu", "wasm"].flatMap((backend) =>
  WEIGHT_DTYPES.map((precision) => ({backend, precision, name: `${backend}-${precision}`}))
);
const TOKENS = 5;
/** The most that a process may grow by, over the bytes of the weights' file. */
const MOST = 1.2;

/** A model of GPT-2 small's shape with random weights: what it takes to load it and to decode with it. */
export async function benchOwnModels(only: readonly string[]): Promise<Report> {
  const unknown = only.find((name) => !CASES.some((one) => one.name === name));
  if (unknown !== undefined)
    throw new RangeError(
      `bench: case must be one of ${CASES.map(({name}) => name).join(", ")}, got ${unknown}`
    );
  const folder = mkdtempSync(join(tmpdir(), "workings-gpt2-"));
  try {
    const bytes = writeGpt2(folder);
    const chosen = CASES.filter(({name}) => only.length === 0 || only.includes(name));
    const found = [];
    for (const one of chosen) found.push({...one, bytes, ...(await measure(folder, one))});
    return report(found);
  } finally {
    rmSync(folder, {recursive: true});
  }
}

type Found = LoadCost & (typeof CASES)[number] & {readonly bytes: number};

async function measure(folder: string, {backend, precision}: (typeof CASES)[number]) {
  const child = join(projectFolder, "bench/own-models-child.ts");
  const args = ["--import", "tsx", child, folder, backend, precision, `${TOKENS}`];
  const {stdout} = await promisify(execFile)(process.execPath, args, {cwd: projectFolder});
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as LoadCost;
}

const growth = ({beforeBytes, peakBytes, bytes}: Found): number =>
  (peakBytes - beforeBytes) / bytes;

function report(found: readonly Found[]): Report {
  const gpu = found.find(({backend}) => backend === "webgpu") ?? found[0];
  return {
    suite: "own-models",
    date: new Date().toISOString(),
    adapter: {name: gpu.device, software: gpu.software},
    peers: {"jax-js": packageVersion("@jax-js/jax")},
    table: {
      columns: [
        `GPT-2 small's shape, ${digits(found[0].bytes / 1e6)} MB (load average ${loadavg()[0].toFixed(1)})`,
        "load, s",
        "growth, MB",
        "of the weights",
        "tokens/s"
      ],
      rows: found.map((one) => [
        one.name,
        digits(one.loadMs / 1000),
        digits((one.peakBytes - one.beforeBytes) / 1e6),
        growth(one).toFixed(2),
        digits(one.tokensPerSecond)
      ])
    },
    measurements: found,
    failures: found
      .filter((one) => !(growth(one) <= MOST))
      .map(
        (one) =>
          `${one.name}: the process must grow by at most ${MOST} of the weights while it loads, got ${growth(one).toFixed(2)}`
      )
  };
}
