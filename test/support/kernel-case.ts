import type {Gpu} from "../../src/gpu/gpu.js";
import {disagreement, type Tolerance} from "./numbers.js";

/** One output of a kernel beside its float64 twin's. */
export interface Comparison {
  readonly output: string;
  readonly actual: ArrayLike<number>;
  readonly expected: ArrayLike<number>;
  /** Elements of the last axis. */
  readonly rowLength: number;
  /** That of f32 kernels, unless the weights are of another type. */
  readonly tolerance?: Tolerance;
}

/** A kernel run on given inputs: in Node through Dawn, in deno through Naga, in Chromium. */
export interface KernelCase {
  readonly name: string;
  readonly run: (gpu: Gpu) => Promise<readonly Comparison[]>;
}

/** A way to break a kernel's WGSL that must make at least one of its cases fail. */
export interface Mutant {
  /** Text that stands in the WGSL. */
  readonly find: string;
  readonly replace: string;
}

/** What an op's `<op>.cases.ts` exports as `suite`. */
export interface KernelSuite {
  readonly op: string;
  readonly cases: readonly KernelCase[];
  readonly mutants: readonly Mutant[];
}

/** The disagreements of one case, as sentences; none when it passes. */
export async function failures(gpu: Gpu, {run}: KernelCase): Promise<string[]> {
  const comparisons = await run(gpu);
  await gpu.check();
  return comparisons.flatMap(({output, actual, expected, rowLength, tolerance}) => {
    const sentence = disagreement(actual, expected, Math.max(1, rowLength), tolerance);
    return sentence === null ? [] : [`${output}: ${sentence}`];
  });
}
