import {openGpu} from "../../src/gpu/device.js";
import {suites} from "../kernels/suites.js";
import {cases as passes} from "../model/forward.cases.js";
import {failures, type KernelSuite} from "./kernel-case.js";

/** What became of one case in another program than this. */
export interface Verdict {
  readonly op: string;
  readonly name: string;
  /** Sentences; none when the kernel agrees with its twin. */
  readonly failures: readonly string[];
}

/** The name of a verdict on two numbers that the device holds, and that are not what is expected. */
export const CONTROL = "a wrong expectation";

/** Every op's cases, and those of the whole forward pass. */
export const caseGroups: readonly Pick<KernelSuite, "op" | "cases">[] = [
  ...suites,
  {op: "forward pass", cases: passes}
];

/** Runs the cases of every op and of the forward pass, on a device at the W3C default limits, and tells each verdict. */
export async function runCases(tell: (verdict: Verdict) => void): Promise<void> {
  const {gpu} = await openGpu("default");
  const control = {
    name: CONTROL,
    run: async () => {
      const [actual] = await gpu.read(gpu.upload([2], Float32Array.of(1, 2)));
      return [{output: "x", actual, expected: [1, 3], rowLength: 2}];
    }
  };
  for (const {op, cases} of [...caseGroups, {op: "control", cases: [control]}])
    for (const kernelCase of cases) {
      const found = await failures(gpu, kernelCase).catch((error: Error) => [error.message]);
      tell({op, name: kernelCase.name, failures: found});
    }
  gpu.device.destroy();
}
