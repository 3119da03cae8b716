import {probe} from "../worker/probe.js";

/** Something that the site uses, whether this browser has it, and what happens without it. */
export interface Capability {
  readonly feature: string;
  readonly here: string;
  readonly without: string;
}

/** What this browser offers of what the site uses; asks the browser only, and starts nothing. */
export async function capabilities(): Promise<Capability[]> {
  const device = await probe();
  const adapter = await globalThis.navigator.gpu?.requestAdapter().catch(() => null);
  const has = (name: GPUFeatureName) => (adapter?.features.has(name) ? "yes" : "no");
  const quota = await storage();
  return [
    {
      feature: "Models run on",
      here: device.backend === "wgsl" ? `your GPU (${device.name})` : `your CPU: ${device.why}`,
      without: "without WebGPU, WebAssembly on one CPU core, several times slower"
    },
    {
      feature: "Secure address",
      here: globalThis.isSecureContext ? "yes" : "no",
      without: "browsers offer WebGPU and stored weights on https and localhost only"
    },
    {
      feature: "Largest buffer binding",
      here: adapter ? megabytes(adapter.limits.maxStorageBufferBindingSize) : "no GPU",
      without: "a weight matrix larger than this is split"
    },
    {feature: "subgroups", here: has("subgroups"), without: "kernels reduce in shared memory"},
    {
      feature: "shader-f16",
      here: has("shader-f16"),
      without: "16-bit weights are unpacked to 32 bits in the shader"
    },
    {
      feature: "Room to keep weights",
      here: quota,
      without: "weights are fetched again on each visit"
    }
  ];
}

async function storage(): Promise<string> {
  if (globalThis.caches === undefined) return "none";
  const {quota} = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
  return quota === undefined ? "yes" : megabytes(quota);
}

const megabytes = (bytes: number): string =>
  bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`;

/** The same as plain text, to send with a report. */
export function report(list: readonly Capability[], userAgent: string, url: string): string {
  const lines = list.map(({feature, here}) => `${feature}: ${here}`);
  return [`Page: ${url}`, `Browser: ${userAgent}`, ...lines, ""].join("\n");
}
