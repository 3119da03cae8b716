import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {Gpu} from "../../src/gpu/gpu.js";
import {openDawn} from "../support/dawn.js";
import {failures} from "../support/kernel-case.js";
import {suites} from "./suites.js";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openDawn();
});
afterAll(() => gpu.device.destroy());

/** The device, with every shader's text changed. */
const broken = (device: GPUDevice, find: string, replace: string): GPUDevice =>
  new Proxy(device, {
    get(target, name) {
      if (name === "createShaderModule")
        return (descriptor: GPUShaderModuleDescriptor) =>
          target.createShaderModule({
            ...descriptor,
            code: descriptor.code.replaceAll(find, replace)
          });
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    }
  });

describe.each(suites)("$op", ({cases, mutants}) => {
  it.each(cases)("agrees with its twin: $name", async (kernelCase) =>
    expect(await failures(gpu, kernelCase)).toEqual([])
  );

  it("has at least three mutants", () => expect(mutants.length).toBeGreaterThanOrEqual(3));

  it.each(mutants)("dies when `$find` becomes `$replace`", async ({find, replace}) => {
    const mutant = new Gpu(broken(gpu.device, find, replace));
    let deaths: string[] = [];
    for (const kernelCase of cases) {
      deaths = await failures(mutant, kernelCase).catch((error: Error) => [error.message]);
      if (deaths.length > 0) break;
    }
    mutant.trim();
    expect(deaths).not.toEqual([]);
  });
});
